import { describe, expect, it } from 'vitest'
import { downstreamOf, parseModelFile, readModels } from './definition.js'

describe("a model's file", () => {
  it('tells its description, what it is rebuilt by, and its SELECT', () => {
    const file = parseModelFile(
      'gold.thing',
      '/*\nA row a day,\nor none.\n\nscope: [visit_date]\nrebuild:\n  silver.alaqan_visits: select visit_date from changes\n*/\nselect 1\n',
    )
    expect(file).toMatchObject({
      description: 'A row a day, or none.',
      header: {
        scope: ['visit_date'],
        rebuild: { 'silver.alaqan_visits': 'select visit_date from changes' },
      },
      sql: 'select 1',
    })
  })

  it('is named where its declaration is missing or has a key that means nothing', () => {
    expect(() => parseModelFile('gold.thing', 'select 1')).toThrow(/^gold\.thing: no leading comment/)
    expect(() => parseModelFile('gold.thing', '/*\nA.\n\nscopes: [a]\n*/\nselect 1')).toThrow(
      /^gold\.thing: .*scopes/s,
    )
  })
})

describe('the models', async () => {
  const models = await readModels()

  it('come upstream before downstream', () => {
    const seen = new Set<string>()
    for (const model of models) {
      const later = [...model.rebuild.keys()].filter(
        upstream => models.some(({ name }) => name === upstream) && !seen.has(upstream),
      )
      expect(later, model.name).toEqual([])
      seen.add(model.name)
    }
  })

  it('rebuild what reads a table when it changes', () => {
    const [leads] = models.filter(({ name }) => name === 'silver.amocrm_leads')
    const readers = leads && downstreamOf(models, leads.table).map(({ name }) => name)
    expect(readers?.toSorted()).toEqual([
      'gold.amocrm_client_analytics',
      'gold.amocrm_manager_activity',
      'gold.amocrm_sales_funnel',
      'gold.amocrm_sales_funnel_residents',
      'gold.amocrm_stage_conversion',
      'gold.crm_arm_residents',
      'gold.crm_arm_residents_monthly',
      'silver.amocrm_lead_bins',
    ])
  })

  it.each(models.map(model => [model.name, model] as const))(
    '%s names every table that it reads',
    (_, model) => {
      const sql = `${model.sql}\n${model.staging?.sql ?? ''}`.replace(/--.*$/gm, '')
      const read = [...sql.matchAll(/\b(?:from|join)\s+((?:bronze|silver|gold|meta)\.[a-z_]+)/g)].map(
        ([, name]) => name,
      )
      const declared = [...model.rebuild.keys()]
      // What is told by other means: Bronze rows of the gate by their answers, and all of Bronze by its loads.
      const told = ['bronze.alaqan_visits', 'meta.loads']
      expect(read.filter(name => name !== undefined && ![...declared, ...told].includes(name))).toEqual([])
    },
  )
})
