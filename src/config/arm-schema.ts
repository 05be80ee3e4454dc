/** The section `arm` of the configuration. Columns of ARM's tables are named, never guessed. */
import { z } from 'zod'
import type { Aggregate, Measure } from './config.js'
import { listOf, type Refuse, reader, text } from './values.js'

const aggregates = ['sum', 'last', 'max', 'min', 'avg'] as const satisfies readonly Aggregate[]

/** The columns of the tables that measures join: a measure by such a name would be two columns of one name. */
export const columnsTaken: readonly string[] = [
  ...['bin', 'period', 'status', 'company_name', 'company_ids', 'is_resident', 'residency_status'],
  ...['newest_period', 'total_leads', 'won_leads', 'total_revenue', 'year', 'month', 'leads_created'],
]

/** What the relation that those tables are made from has besides. */
const namesTaken: readonly string[] = [
  ...columnsTaken,
  ...[
    'tin',
    'tin_iin',
    'tin_text',
    'period_text',
    'report_rows',
    'row_no',
    'line_count',
    'broken_rule',
    'rule',
  ],
  ...[
    'detail',
    'record',
    'origin',
    'load_id',
    'newest_of_grain',
    'measured_bin',
    'measured_year',
    'measured_month',
  ],
]

const aTable = 'a table (silver.service_report_v2) or a file that ends in .csv or .parquet'

/** A table of the catalog or a file, as it is written. */
const table = reader((raw, refuse) => {
  const value = typeof raw === 'string' ? raw.trim() : ''
  if (/\.(csv|parquet)$/i.test(value)) return value
  return /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*){0,2}$/u.test(value) ? value : refuse(aTable)
})

const column = (what: string) => text(`the column of ${what}`)

const measuresWanted = `columns, as [revenue] or {revenue: sum}, with ${aggregates.slice(0, -1).join(', ')} or avg for each`

const measureList = reader((raw, refuse): readonly Measure[] => {
  const listed = readMeasures(raw, refuse)
  const seen = new Set<string>()
  for (const { column: name } of listed) {
    const key = name.toLowerCase()
    if (namesTaken.includes(key))
      return refuse(`${measuresWanted}; ${key} is a name that the tables use themselves`)
    if (seen.has(key)) return refuse(`${measuresWanted}, each column once`)
    seen.add(key)
  }
  return listed
})

function readMeasures(raw: unknown, refuse: Refuse): readonly Measure[] {
  if (raw === undefined || raw === null) return []
  const named = (value: unknown): string =>
    typeof value === 'string' && /^[^\p{C}"]{1,60}$/u.test(value.trim())
      ? value.trim()
      : refuse(measuresWanted)
  if (typeof raw === 'string') return [{ column: named(raw), aggregate: 'last' }]
  if (Array.isArray(raw)) return raw.map(value => ({ column: named(value), aggregate: 'last' }))
  if (typeof raw !== 'object') return refuse(measuresWanted)
  return Object.entries(raw).map(([name, value]) => ({
    column: named(name),
    aggregate: aggregates.find(known => known === value) ?? refuse(measuresWanted),
  }))
}

const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: issue => (issue.code === 'invalid_type' ? 'a section (key: value)' : undefined),
  })

const serviceReport = section({
  table: table.prefault('silver.service_report_v2'),
  tin: column('the БИН').prefault('company_tin'),
  period: column('the period: a date, YYYY-MM or YYYY-MM-DD'),
  status: column('the status').optional(),
  resident: listOf(text('a value of the status that means a resident')).default([]),
  name: column("the company's name").optional(),
  measures: measureList.prefault([]),
})

const validity = {
  from: column('the first day of validity').optional(),
  to: column('the last day of validity').optional(),
}

const list = section({
  table,
  iin: column('the ИИН').prefault('iin'),
  bin: column('the БИН').prefault('bin'),
  ...validity,
})

const users = section({
  table: table.prefault('account_user'),
  id: column('the id of the user').prefault('id'),
  iin: column('the ИИН').prefault('iin'),
})

const companies = section({
  table: table.prefault('account_usercompany'),
  user_id: column('the id of the user').prefault('user_id'),
  bin: column('the БИН').prefault('bin'),
  ...validity,
})

const pair = section({ users: users.prefault({}), companies: companies.prefault({}) })

export const armSchema = section({
  service_report: serviceReport.optional(),
  directory: z.union([list, pair]).optional(),
})

/** The keys of the sections under `arm`, by path. */
export const armKeys: Readonly<Record<string, readonly string[]>> = {
  arm: Object.keys(armSchema.shape),
  'arm.service_report': Object.keys(serviceReport.shape),
  'arm.directory': [...Object.keys(list.shape), ...Object.keys(pair.shape)],
  'arm.directory.users': Object.keys(users.shape),
  'arm.directory.companies': Object.keys(companies.shape),
}
