/** docs/catalogue.html is what the program makes of itself now, and a page that needs nothing else. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { catalogueEntries } from '../../src/catalogue/entries.js'
import { erdEntities, erdRelations } from '../../src/catalogue/erd.js'
import { lineageOf } from '../../src/catalogue/lineage.js'
import { anchorOf } from '../../src/catalogue/markup.js'
import { cataloguePage } from '../../src/catalogue/page.js'
import { checksInRussian, modelsInRussian } from '../../src/catalogue/russian.js'
import { readModels } from '../../src/models/definition.js'
import { builtInChecks, readChecks } from '../../src/quality/check.js'
import { allTables } from '../../src/tables/catalogue.js'
import { qualifiedName } from '../../src/tables/table.js'

const docs = new URL('../../docs/', import.meta.url)
const written = readFileSync(new URL('catalogue.html', docs), 'utf8')
const page = await cataloguePage()
const entries = await catalogueEntries()
const models = await readModels()
const checks = await readChecks({ own: { path: builtInChecks, isNamed: false }, severity: {} })

const cyrillic = /[а-яё]/i

/** The part of the page about a table. */
function sectionOf(name: string): string {
  const start = page.indexOf(`<section class="table ${name.split('.')[0]}" id="${anchorOf(name)}"`)
  expect(start).toBeGreaterThan(0)
  return page.slice(start, page.indexOf('</section>', start))
}

const entryOf = (name: string) => entries.find(entry => entry.name === name)

it('the page that is kept is the one that the program makes: npm run docs', () => {
  const [kept, made] = [written.split('\n'), page.split('\n')]
  const line = made.findIndex((text, index) => text !== kept[index])
  expect({ line, kept: kept[line], made: made[line] }).toEqual({ line: -1, kept: undefined, made: undefined })
  expect(kept.length).toBe(made.length)
})

describe('a table', () => {
  it.each(allTables.map(qualifiedName))('%s has every column, and the meaning in both languages', name => {
    const section = sectionOf(name)
    for (const { name: column, type } of entryOf(name)?.columns ?? []) {
      expect(section).toContain(
        `<th scope="row"><code>${column}</code></th><td><code>${type.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</code>`,
      )
    }
    const { comment } = entryOf(name)?.table ?? {}
    expect(comment?.ru).toMatch(cyrillic)
    expect(comment?.en).toMatch(/[a-z]/)
  })

  it('of Silver or Gold tells for each column what it is computed from, where its model names it', () => {
    const silent = entries
      .filter(({ model }) => model !== undefined)
      .flatMap(({ name, columns }) =>
        columns.filter(({ origin }) => !origin).map(column => `${name}.${column.name}`),
      )
    // These are taken as they are from what ARM's report has become.
    expect(silent).toEqual(
      ['period', 'status', 'company_name'].map(name => `silver.arm_service_report.${name}`),
    )
    const expression = (table: string, column: string) =>
      entryOf(table)?.columns.find(({ name }) => name === column)?.origin
    expect(expression('silver.amocrm_leads', 'is_won')).toEqual({
      kind: 'expression',
      sql: 'coalesce(leads.status_id = 142, false)',
    })
    expect(expression('gold.alaqan_monthly_summary', 'iin_display')).toEqual({
      kind: 'expression',
      sql: 'min(iin_display)',
    })
  })

  it('of Bronze tells for each column the field of the API', () => {
    const originOf = (table: string, column: string) =>
      entryOf(table)?.columns.find(({ name }) => name === column)?.origin
    expect(originOf('bronze.amocrm_leads', 'tags_json')).toEqual({ kind: 'field', path: '_embedded.tags' })
    expect(originOf('bronze.amocrm_users', 'is_admin')).toEqual({ kind: 'field', path: 'rights.is_admin' })
    expect(originOf('bronze.amocrm_custom_fields', 'entity_type')).toEqual({ kind: 'path' })
    expect(originOf('bronze.amocrm_leads', 'load_id')).toEqual({ kind: 'load' })
    expect(originOf('bronze.alaqan_visits', 'event_time')).toEqual({ kind: 'field', path: 'time' })
  })

  it('is shown with every check that guards it', () => {
    for (const { name, tables } of checks) {
      for (const table of tables) expect(sectionOf(table)).toContain(`<code>${name}</code>`)
    }
  })

  it('names the endpoints and tables that it is made of, and its readers', () => {
    expect(entryOf('bronze.amocrm_leads')?.origins).toEqual([{ name: 'GET /api/v4/leads', kind: 'amocrm' }])
    expect(entryOf('bronze.amocrm_catalog_elements')?.origins.map(({ name }) => name)).toEqual([
      'GET /api/v4/catalogs/{id}/elements',
    ])
    expect(entryOf('gold.alaqan_daily_attendance')).toMatchObject({
      reads: ['silver.alaqan_visits'],
      readBy: ['gold.alaqan_company_attendance', 'gold.alaqan_monthly_summary'],
    })
    expect(entryOf('silver.arm_directory')?.origins).toEqual([{ name: 'arm.directory', kind: 'arm' }])
  })
})

describe('in Russian', () => {
  it('every model has its sentence, and no model that is not there', () => {
    expect(Object.keys(modelsInRussian).sort()).toEqual(models.map(({ name }) => name).sort())
  })

  it('every check has its sentence, and no check that is not there', () => {
    expect(Object.keys(checksInRussian).sort()).toEqual(checks.map(({ name }) => name).sort())
  })
})

describe('the lineage', () => {
  const { nodes, edges, columns } = lineageOf(entries)

  it('has an edge for everything that a model declares that it is rebuilt after', () => {
    const declared = models.flatMap(({ name, rebuild }) =>
      [...rebuild.keys()].filter(from => from !== name).map(from => `${from} → ${name}`),
    )
    expect(edges.map(({ from, to }) => `${from} → ${to}`)).toEqual(expect.arrayContaining(declared))
  })

  it('goes from left to right', () => {
    const columnOf = new Map(nodes.map(({ id, column }) => [id, column]))
    const backwards = edges.filter(({ from, to }) => (columnOf.get(from) ?? 99) >= (columnOf.get(to) ?? -1))
    expect(backwards).toEqual([])
    expect([...new Set(columns)]).toEqual(['source', 'bronze', 'silver', 'gold'])
  })

  it('gives each box a place of its own', () => {
    const places = nodes.map(({ column, row }) => `${column}/${row}`)
    expect(new Set(places).size).toBe(nodes.length)
  })
})

it('the ERD has the six entities of the specification and the relations between them', () => {
  expect(erdEntities.map(({ name }) => name)).toEqual([
    ...['Pipelines', 'Leads', 'Contacts', 'Users', 'Tasks', 'Companies'],
  ])
  const pairs = erdRelations.map(({ from, to }) => `${from} → ${to}`)
  for (const pair of ['Leads → Pipelines', 'Leads → Users', 'Leads → Contacts', 'Leads → Companies']) {
    expect(pairs).toContain(pair)
  }
  for (const to of ['Leads', 'Contacts', 'Companies']) expect(pairs).toContain(`Tasks → ${to}`)
  for (const { table } of erdEntities) expect(entryOf(table)).toBeDefined()
})

describe('the page', () => {
  it('needs nothing from elsewhere', () => {
    expect(page).not.toMatch(/\b(?:src|srcset)=|@import|url\((?!#)|<link\b/)
    expect(page).not.toMatch(/https?:/)
  })

  it('leads only to what is there', () => {
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    const links = [...page.matchAll(/ href="([^"]+)"/g)].map(([, href = '']) => href)
    expect(links.length).toBeGreaterThan(300)
    const broken = links.filter(href => {
      const [file = '', id = ''] = href.split('#')
      if (file === '') return !ids.has(id)
      const target = new URL(file, docs)
      return !existsSync(target) || (id !== '' && !readFileSync(target, 'utf8').includes(`id="${id}"`))
    })
    expect(broken).toEqual([])
  })

  it('has no id twice', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(ids).toEqual([...new Set(ids)])
  })

  it('says every sentence in both languages', () => {
    const count = (language: string) => page.split(`class="${language}" lang="${language}"`).length
    expect(count('ru')).toBe(count('en'))
    const untranslated = [...page.matchAll(/<span class="en" lang="en">([^<]*)<\/span>/g)]
      .map(([, text = '']) => text)
      // Names that stay Russian in English: ИИН, БИН, Резидент.
      .filter(text => cyrillic.test(text.replaceAll(/ИИН|БИН/g, '')))
    expect(untranslated).toEqual([])
  })
})
