/** What checks came to, in `meta`: each run of each, and the rows that failed. */
import { type Engine, numberOf, rowsOf } from '../warehouse/engine.js'
import { instantLiteral, literal } from '../warehouse/sql-text.js'
import type { CheckResult } from './run-check.js'

/** So long results are kept; the last one of each check and table for ever. */
const keptFor = 90 * 24 * 3600 * 1000

/**
 * Notes results in one commit, or in the one that is under way.
 * @param now Unix milliseconds
 */
export async function recordResults(
  engine: Engine,
  results: readonly CheckResult[],
  now: number,
): Promise<void> {
  if (results.length === 0) return
  const at = instantLiteral(now)
  await engine.atomically(async () => {
    const kept = await rowsOf(engine, 'select distinct check_name, table_name from meta.check_failures')
    for (const result of results) {
      const hasRows = kept.some(row => row.check_name === result.check && row.table_name === result.table)
      await recordRows(engine, result, at, hasRows)
    }
    const lines = results.map(
      ({ check, table, severity, status, failingRows, extent }) =>
        `(${[check, table, severity, status].map(literal).join(', ')}, ${failingRows}, ${literal(extent)}, ${at})`,
    )
    await engine.run(
      `insert into meta.checks (check_name, table_name, severity, status, failing_rows, extent, checked_at) values ${lines.join(', ')}`,
    )
  })
}

/** Takes away what is too old to be kept. @param now Unix milliseconds */
export async function forgetOldResults(engine: Engine, now: number): Promise<void> {
  const old = `meta.checks where checked_at < ${instantLiteral(now - keptFor)} and exists (
    select 1 from meta.checks as later
    where later.check_name = checks.check_name and later.table_name = checks.table_name
      and later.checked_at > checks.checked_at)`
  if ((await numberOf(engine, `select count(*) from ${old}`)) > 0) await engine.run(`delete from ${old}`)
}

/**
 * Keeps the rows that failed last. Rows of an earlier run go where these are newer, where the whole table was looked
 * at, or where they were kept out of the table: what passes now holds the interval that was kept out then.
 * @param hasRows whether there are any of an earlier run
 */
async function recordRows(engine: Engine, result: CheckResult, at: string, hasRows: boolean): Promise<void> {
  const { check, table, extent, examples, severity } = result
  const rowsOfCheck = `check_name = ${literal(check)} and table_name = ${literal(table)}`
  if (hasRows && (extent === 'all' || examples.length > 0)) {
    await engine.run(`delete from meta.check_failures where ${rowsOfCheck}`)
  } else if (hasRows && severity === 'block') {
    await engine.run(
      `delete from meta.check_failures where ${rowsOfCheck} and checked_at in (
         select checked_at from meta.checks where ${rowsOfCheck} and severity = 'block' and status = 'failed')`,
    )
  }
  if (examples.length > 0) {
    const rows = examples.map(example => `(${[check, table, example].map(literal).join(', ')}, ${at})`)
    await engine.run(
      `insert into meta.check_failures (check_name, table_name, record, checked_at) values ${rows.join(', ')}`,
    )
  }
}

/** A check as it went last on a table. */
export interface LastResult {
  readonly check: string
  readonly table: string
  readonly severity: CheckResult['severity']
  readonly status: CheckResult['status']
  readonly failingRows: number
  /** ISO 8601. */
  readonly checkedAt: string
}

/** The results of which there is none later; of two of one instant the one that a person must know of. */
const newest = `(
  select *, row_number() over (partition by check_name, table_name order by checked_at desc, status) as place
  from meta.checks
) as ranked
where place = 1`

/** How each check went last, by table. */
export async function lastResults(engine: Engine): Promise<readonly LastResult[]> {
  const rows = await rowsOf(
    engine,
    `select check_name, table_name, severity, status, failing_rows, checked_at from ${newest}
     order by table_name, check_name`,
  )
  return rows.map(row => ({
    check: String(row.check_name),
    table: String(row.table_name),
    severity: row.severity === 'block' ? 'block' : 'warn',
    status: row.status === 'passed' || row.status === 'accepted' ? row.status : 'failed',
    failingRows: Number(row.failing_rows),
    checkedAt: String(row.checked_at),
  }))
}

/** The checks that passed when they were last carried out, with their tables. */
export async function lastPassed(engine: Engine): Promise<readonly Pick<LastResult, 'check' | 'table'>[]> {
  const rows = await rowsOf(engine, `select check_name, table_name from ${newest} and status = 'passed'`)
  return rows.map(row => ({ check: String(row.check_name), table: String(row.table_name) }))
}
