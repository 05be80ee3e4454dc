import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.js'
import { type Hub, openHub } from '../hub.js'
import { type Edit, edit, editor, gateDays, modelEntities, smallWorld } from './account-edits.js'
import { iins } from './invented-account.js'
import { dumpOf, unaccounted } from './table-dump.js'

/** How many histories are tried; `FC_RUNS=200` looks harder. */
const numRuns = Number(process.env.FC_RUNS ?? 2)

/** Two companies, and a sole proprietor. */
const bins = ['111140000008', '010140000004', '850101300005'] as const

/** What ARM's files hold. */
interface Files {
  readonly report: readonly string[]
  readonly directory: readonly string[]
}

type Step =
  | { readonly of: 'account'; readonly edit: Edit }
  | { readonly of: 'arm'; readonly files: Partial<Files> }

const bin = fc.constantFrom(...bins)
const reportLine = fc
  .tuple(
    bin,
    fc.constantFrom('2024-12', '2025-01', '2025-02'),
    fc.constantFrom('Резидент', 'Исключён'),
    fc.nat(3),
  )
  .map(line => line.join(','))
const directoryLine = fc
  .tuple(
    fc.constantFrom(...iins),
    bin,
    fc.constantFrom('', ...gateDays.slice(0, 3)),
    fc.constantFrom('', ...gateDays.slice(2)),
  )
  .map(line => line.join(','))

/** Gives somebody a БИН, or takes it. */
const numbered: fc.Arbitrary<Edit> = fc
  .record({
    of: fc.constantFrom('companies' as const, 'leads' as const),
    pick: fc.nat(11),
    number: fc.option(bin),
  })
  .map(({ of, pick, number }) => ({
    kind: 'change',
    of,
    pick,
    patch: { custom_fields_values: fieldsOf(number) },
  }))

function fieldsOf(number: string | null): readonly JsonObject[] | null {
  if (number === null) return null
  return [{ field_id: 1, field_name: 'БИН', field_type: 'text', values: [{ value: number }] }]
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: edit.map(each => ({ of: 'account' as const, edit: each })) },
  { weight: 4, arbitrary: numbered.map(each => ({ of: 'account' as const, edit: each })) },
  {
    weight: 2,
    arbitrary: fc
      .array(reportLine, { maxLength: 6 })
      .map(report => ({ of: 'arm' as const, files: { report } })),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(directoryLine, { maxLength: 6 })
      .map(directory => ({ of: 'arm' as const, files: { directory } })),
  },
)

const history = fc.array(fc.array(step, { minLength: 3, maxLength: 8 }), { minLength: 2, maxLength: 3 })

describe('rebuilding what a change of ARM touches', () => {
  it(
    'gives the same rows as rebuilding everything',
    async () => {
      await fc.assert(fc.asyncProperty(history, sameAsRebuilt), {
        numRuns,
        endOnFailure: true,
        verbose: fc.VerbosityLevel.Verbose,
      })
    },
    numRuns * 120_000,
  )
})

/** Edits, loads and rebuilds in turn, then rebuilds everything and compares. */
async function sameAsRebuilt(stretches: readonly (readonly Step[])[]): Promise<void> {
  const world = smallWorld()
  const hub = await openHub({ world, now: '2025-03-01T05:00:00Z', startDate: gateDays[0] })
  try {
    const apply = editor(world, hub.clock)
    await hub.configure(text => text + arm)
    await writeArm(hub, { report: [`${bins[0]},2025-01,Резидент,5`], directory: [`${iins[0]},${bins[0]},,`] })
    await loadAndBuild(hub)
    for (const steps of stretches) {
      for (const each of steps) {
        if (each.of === 'account') apply(each.edit)
        else await writeArm(hub, each.files)
      }
      hub.clock.advance(60_000)
      await loadAndBuild(hub)
    }
    const asIncrements = await dumpOf(hub, 'silver', 'gold')
    const rebuilt = await hub.hubdwh('transform', '--full')
    expect(rebuilt.exitCode, rebuilt.err).toBe(0)
    expect(asIncrements).toEqual(await dumpOf(hub, 'silver', 'gold'))
    expect(await unaccounted(hub)).toEqual([])
    // Whoever was there is in exactly one company, or in none.
    expect(await hub.rows(sums)).toEqual([{ agrees: true }])
  } finally {
    await hub.close()
  }
}

const arm = `arm:
  service_report: {table: report.csv, tin: bin, period: month, status: status, measures: {amount: sum}}
  directory: {table: people.csv, from: since, to: until}
`

const sums = `
  select
    (select coalesce(sum(visits), 0) from gold.alaqan_company_attendance) = (select count(*) from gold.alaqan_daily_attendance)
    and (select coalesce(sum(hours), 0) from gold.alaqan_company_attendance)
      = (select coalesce(sum(hours_on_site), 0) from gold.alaqan_daily_attendance)
    and (select coalesce(sum(leads_count), 0) from gold.amocrm_sales_funnel_residents)
      = (select coalesce(sum(leads_count), 0) from gold.amocrm_sales_funnel)
    and (select coalesce(sum(total_leads), 0) from gold.crm_arm_residents) = (select count(*) from silver.amocrm_lead_bins)
    as agrees`

async function writeArm({ folder }: Hub, { report, directory }: Partial<Files>): Promise<void> {
  const write = (name: string, lines: readonly string[]) =>
    writeFile(join(folder, name), `${lines.join('\n')}\n`)
  if (report) await write('report.csv', ['bin,month,status,amount', ...report])
  if (directory) await write('people.csv', ['iin,bin,since,until', ...directory])
}

async function loadAndBuild(hub: Hub): Promise<void> {
  for (const argv of [['load', 'alaqan'], ['load', 'amocrm', ...modelEntities], ['transform']]) {
    const { exitCode, err } = await hub.hubdwh(...argv)
    expect(exitCode, err).toBe(0)
  }
}
