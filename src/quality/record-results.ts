/** What checks came to, in `meta`: each run of each, the rows that failed, and which loads a check has seen. */
import { type Engine, rowsOf } from '../warehouse/engine.js'
import { instantLiteral, literal } from '../warehouse/sql-text.js'
import { isOfBuild } from './check.js'
import { type CheckResult, markOf } from './run-check.js'

/**
 * Notes results in one commit, or in the one that is under way. Failing rows of an earlier run of the same check on
 * the same table give way where the whole table was looked at.
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
    const lines = results.map(
      ({ check, table, severity, status, failingRows, extent }) =>
        `(${[check, table, severity, status].map(literal).join(', ')}, ${failingRows}, ${literal(extent)}, ${at})`,
    )
    await engine.run(
      `insert into meta.checks (check_name, table_name, severity, status, failing_rows, extent, checked_at) values ${lines.join(', ')}`,
    )
    for (const result of results) await recordRows(engine, result, at)
  })
}

async function recordRows(engine: Engine, result: CheckResult, at: string): Promise<void> {
  const { check, table, extent, examples, severity, status } = result
  const isBlocking = severity === 'block' && status === 'failed'
  if (extent === 'all' || examples.length > 0) {
    await engine.run(
      `delete from meta.check_failures where check_name = ${literal(check)} and table_name = ${literal(table)}`,
    )
  }
  if (examples.length > 0) {
    const rows = examples.map(example => `(${[check, table, example].map(literal).join(', ')}, ${at})`)
    await engine.run(
      `insert into meta.check_failures (check_name, table_name, record, checked_at) values ${rows.join(', ')}`,
    )
  }
  if (!isOfBuild(table) && !isBlocking) await markLoads(engine, check, at)
}

async function markLoads(engine: Engine, check: string, at: string): Promise<void> {
  const mark = literal(markOf(check))
  await engine.run(
    `insert into meta.model_loads
     select ${mark}, load_id, ${at} from meta.loads
     where load_id not in (select load_id from meta.model_loads where model = ${mark})`,
  )
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

/** How each check went last, by table. */
export async function lastResults(engine: Engine): Promise<readonly LastResult[]> {
  const rows = await rowsOf(
    engine,
    `select check_name, table_name, severity, status, failing_rows, checked_at from meta.checks
     qualify row_number() over (partition by check_name, table_name order by checked_at desc) = 1
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
