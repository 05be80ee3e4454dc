/** Carrying out a check: which rows of a table break its rule. */
import { CheckFailedError, messageOf, UsageError } from '../errors.js'
import { type Engine, numberOf, rowsOf } from '../warehouse/engine.js'
import { literal } from '../warehouse/sql-text.js'
import type { Check } from './check.js'
import { maskedRow, maskedText } from './masked-row.js'

/** What a check came to on one table. */
export interface CheckResult {
  readonly check: string
  readonly table: string
  readonly severity: Check['severity']
  /** accepted: it failed, and a person has taken the data as they are. */
  readonly status: 'passed' | 'failed' | 'accepted'
  readonly failingRows: number
  /** The first of them, masked JSON. */
  readonly examples: readonly string[]
  /** What changed, or the whole table. */
  readonly extent: 'part' | 'all'
  readonly description: string
  readonly advice: string
}

export interface CheckRun {
  readonly engine: Engine
  /** Names of checks whose failure a person takes as it is. */
  readonly accepted: ReadonlySet<string>
  /** How long a check of the user's may take on a table, milliseconds; default ten minutes. */
  readonly patience?: number
}

export interface CheckSettings {
  /** Unix milliseconds. */
  readonly now: number
  readonly maxRejectShare: number
  readonly maxAgeHours: number
  /** First day of Alaqan's history, YYYY-MM-DD; undefined where it is not configured. */
  readonly startDate: string | undefined
}

/** A check that never ends must not hold up the night. */
const tenMinutes = 600_000

/** So many failing rows are kept. */
const mostExamples = 100

/** Functions of the session that checks call, beside those of the models, on which they rest. */
export function checkFunctions({ now, maxRejectShare, maxAgeHours, startDate }: CheckSettings): string {
  const functions = {
    check_now: `instant(${now / 1000})`,
    setting_max_reject_share: `cast(${maxRejectShare} as double)`,
    setting_max_age_hours: `cast(${maxAgeHours} as double)`,
    setting_start_date: `cast(${literal(startDate ?? null)} as date)`,
  }
  return Object.entries(functions)
    .map(([name, body]) => `create or replace temp macro ${name}() as ${body};`)
    .join('\n')
}

/** A check on one of the tables that it guards. What it reads must be there: `candidate` and `scope` of a table that is built. */
export interface TableCheck {
  readonly check: Check
  /** Qualified name. */
  readonly table: string
  /** For a table that is not built: a query of the lines of the ledger that it looks at, its `new_loads`. */
  readonly newLoads?: string
}

/**
 * Carries out checks, in their order. Most pass, and each statement is a round trip: the built-in ones are first counted
 * in one, and only those that fail are looked at by themselves.
 * @throws CheckFailedError as {@link runCheck} does
 */
export async function runChecks(
  checks: readonly TableCheck[],
  extent: CheckResult['extent'],
  run: CheckRun,
): Promise<readonly CheckResult[]> {
  const failing = await withFailingRows(
    run.engine,
    checks.filter(({ check }) => !check.isOwn),
  )
  const results: CheckResult[] = []
  for (const each of checks) {
    const isLookedAt = each.check.isOwn || failing.has(each)
    results.push(isLookedAt ? await runCheck(each, extent, run) : passed(each, extent))
  }
  return results
}

async function withFailingRows(
  engine: Engine,
  checks: readonly TableCheck[],
): Promise<ReadonlySet<TableCheck>> {
  if (checks.length < 2) return new Set(checks)
  const counts = checks.map(
    (each, index) =>
      `select ${index} as place, count(*) as failing_rows from (${selfContained(each)}) as failing`,
  )
  const rows = await rowsOf(
    engine,
    `select place from (${counts.join(' union all ')}) as counts where failing_rows > 0`,
  )
  return new Set(rows.flatMap(({ place }) => checks[Number(place)] ?? []))
}

/** The query of a check with what is otherwise made for each check before it. */
function selfContained({ check, table, newLoads }: TableCheck): string {
  const sql = check.sql.replaceAll(/\bchecked_table\(\)/g, literal(table))
  return newLoads === undefined
    ? `\n${sql}\n`
    : `with new_loads as (${newLoads}) select * from (\n${sql}\n) as rows_of_check`
}

function passed({ check, table }: TableCheck, extent: CheckResult['extent']): CheckResult {
  const { name, severity, description, advice } = check
  return {
    ...{ check: name, table, severity, status: 'passed', failingRows: 0, examples: [] },
    ...{ extent, description, advice },
  }
}

/**
 * Carries out a check on a table.
 * @throws CheckFailedError `check_broken` where the query of a user's check cannot be carried out on these rows: what
 *   it guards goes no further then
 */
export async function runCheck(
  { check, table, newLoads }: TableCheck,
  extent: CheckResult['extent'],
  { engine, accepted, patience = tenMinutes }: CheckRun,
): Promise<CheckResult> {
  const { name, severity, description, advice } = check
  try {
    if (newLoads !== undefined) await engine.run(newLoadsView(newLoads))
    await engine.run(checkedTable(table))
    const limit = check.isOwn ? AbortSignal.timeout(patience) : undefined
    const rows = await rowsOf(engine, `${failing(check, '*')} limit ${mostExamples + 1}`, limit)
    const failingRows =
      rows.length > mostExamples ? await numberOf(engine, failing(check, 'count(*)'), limit) : rows.length
    const status = failingRows === 0 ? 'passed' : accepted.has(name) ? 'accepted' : 'failed'
    const examples = rows.slice(0, mostExamples).map(row => maskedRow(row, check))
    return { check: name, table, severity, status, failingRows, examples, extent, description, advice }
  } catch (error) {
    if (!check.isOwn || !isOfQuery(error)) throw error
    // The engine quotes the value that it stumbled over, and that may be a person's: it goes nowhere, nor does the cause.
    const said = isTimeout(error)
      ? `it takes longer than ${patience / 60_000} minutes.`
      : firstLine(error).replace(/'[^']*'|"[^"]*"/g, '…')
    throw new CheckFailedError('check_broken', `${table}: ${brokenSentence(check, maskedText(said))}`, {
      advice: brokenAdvice(check),
    })
  }
}

function failing({ sql }: Check, what: string): string {
  return `select ${what} from (\n${sql}\n) as failing`
}

function checkedTable(table: string): string {
  return `create or replace temp macro checked_table() as ${literal(table)}`
}

/**
 * Makes sure that the user's checks can be carried out, before anything is built: inside a build a broken query
 * would take the build down with it.
 * @param prepare makes what checks of a table read
 * @throws UsageError `check_broken`
 */
export async function refuseBrokenChecks(
  checks: readonly Check[],
  { engine }: Pick<CheckRun, 'engine'>,
  prepare: (check: Check, table: string) => Promise<void>,
): Promise<void> {
  for (const check of checks.filter(({ isOwn }) => isOwn)) {
    for (const table of check.tables) {
      await prepare(check, table)
      await engine.run(checkedTable(table))
      try {
        await engine.query(`describe ${failing(check, '*')}`)
      } catch (error) {
        if (!isOfQuery(error)) throw error
        throw new UsageError('check_broken', brokenSentence(check, firstLine(error)), {
          advice: brokenAdvice(check),
          cause: error,
        })
      }
    }
  }
}

/** Makes `new_loads`: lines of the ledger. */
export function newLoadsView(query: string): string {
  return `create or replace temporary view new_loads as ${query}`
}

/** Makes `candidate`: the rows that a check looks at. */
export function candidateView(relation: string): string {
  return `create or replace temporary view candidate as select * from ${relation}`
}

/** Whether the engine refuses the query itself, and not the warehouse or the person who stops the run. */
function isOfQuery(error: unknown): boolean {
  return error instanceof Error && !('exitCode' in error)
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0] ?? ''
}

function brokenSentence({ name }: Check, said: string): string {
  return `The check ${name} cannot be carried out: ${said}`
}

function brokenAdvice({ file, name }: Check): string {
  return `Mend ${file}, or turn it off: quality: {severity: {${name}: off}}.`
}
