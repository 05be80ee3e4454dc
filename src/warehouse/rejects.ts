/** What was set aside: by rule, with examples, and which records each load and model has set aside. */
import { allTables } from '../tables/catalogue.js'
import { qualifiedName } from '../tables/table.js'
import { type Engine, rowsOf } from './engine.js'
import { literal } from './sql-text.js'

export interface RejectFilter {
  /** Qualified name; absent: every table. */
  readonly table: string | undefined
  /** alaqan or amocrm; absent: both. */
  readonly source: string | undefined
  /** Absent: every rule. */
  readonly rule: string | undefined
}

/** A record that was set aside, masked. */
export interface RejectExample {
  readonly loadId: string
  readonly detail: string
  readonly record: string
  /** Where the original is: in the archive of the load, or in Bronze. */
  readonly origin: string | null
  /** ISO 8601. */
  readonly rejectedAt: string
}

export interface RejectGroup {
  readonly table: string
  readonly rule: string
  readonly count: number
  /** ISO 8601. */
  readonly firstAt: string
  readonly lastAt: string
  /** The newest ones. */
  readonly examples: readonly RejectExample[]
}

/**
 * What was set aside, by table and rule.
 * @param most examples a rule
 */
export async function rejectGroups(
  engine: Engine,
  filter: RejectFilter,
  most: number,
): Promise<readonly RejectGroup[]> {
  const groups = await rowsOf(
    engine,
    `select table_name, rule, count(*) as n, min(rejected_at) as first_at, max(rejected_at) as last_at
     from meta.rejects where ${matching(filter)} group by table_name, rule order by table_name, rule`,
  )
  const examples = await rowsOf(
    engine,
    `select table_name, rule, load_id, detail, record, origin, rejected_at
     from (
       select table_name, rule, load_id, detail, record, origin, rejected_at, row_number() over (
         partition by table_name, rule order by rejected_at desc, load_id desc, origin nulls last, record
       ) as place
       from meta.rejects where ${matching(filter)}
     ) as ranked
     where place <= ${most}
     order by rejected_at desc, load_id desc, origin nulls last, record`,
  )
  return groups.map(group => ({
    table: String(group.table_name),
    rule: String(group.rule),
    count: Number(group.n),
    firstAt: String(group.first_at),
    lastAt: String(group.last_at),
    examples: examples
      .filter(example => example.table_name === group.table_name && example.rule === group.rule)
      .map(example => ({
        loadId: String(example.load_id),
        detail: String(example.detail),
        record: String(example.record),
        origin: example.origin === null ? null : String(example.origin),
        rejectedAt: String(example.rejected_at),
      })),
  }))
}

/** One reject, as it can be found again. */
export interface KnownReject {
  readonly table: string
  readonly rule: string
  readonly loadId: string
  /** Of a silver model: the interval that it belongs to. */
  readonly scope: string | null
  readonly origin: string | null
}

/** Every reject, in no order. */
export async function knownRejects(engine: Engine, filter: RejectFilter): Promise<readonly KnownReject[]> {
  const rows = await rowsOf(
    engine,
    `select table_name, rule, load_id, scope, origin from meta.rejects where ${matching(filter)}`,
  )
  return rows.map(row => ({
    table: String(row.table_name),
    rule: String(row.rule),
    loadId: String(row.load_id),
    scope: row.scope === null || row.scope === undefined ? null : String(row.scope),
    origin: row.origin === null || row.origin === undefined ? null : String(row.origin),
  }))
}

function matching({ table, source, rule }: RejectFilter): string {
  const ofSource = allTables.filter(({ name }) => source === undefined || name.startsWith(`${source}_`))
  const conditions = [
    ...(source === undefined
      ? []
      : [`table_name in (${ofSource.map(each => literal(qualifiedName(each))).join(', ')})`]),
    ...(table === undefined ? [] : [`table_name = ${literal(table)}`]),
    ...(rule === undefined ? [] : [`rule = ${literal(rule)}`]),
  ]
  return conditions.length === 0 ? 'true' : conditions.join(' and ')
}
