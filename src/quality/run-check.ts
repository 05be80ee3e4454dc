/** Carrying out a check: which rows of a table break its rule. */
import { messageOf, UsageError } from '../errors.js'
import { type Engine, numberOf, rowsOf } from '../warehouse/engine.js'
import { instantLiteral, literal } from '../warehouse/sql-text.js'
import { type Check, isOfBuild } from './check.js'
import { maskedRow } from './masked-row.js'

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
  /** What checks may ask for: see {@link checkFunctions}. */
  readonly settings: CheckSettings
}

export interface CheckSettings {
  /** Unix milliseconds. */
  readonly now: number
  readonly maxRejectShare: number
  readonly maxAgeHours: number
  /** First day of Alaqan's history, YYYY-MM-DD; undefined where it is not configured. */
  readonly startDate: string | undefined
}

/** So many failing rows are kept. */
const mostExamples = 100

/** Functions of the session that checks call, beside those of the models. */
export function checkFunctions({ now, maxRejectShare, maxAgeHours, startDate }: CheckSettings): string {
  const functions = {
    check_now: instantLiteral(now),
    setting_max_reject_share: `cast(${maxRejectShare} as double)`,
    setting_max_age_hours: `cast(${maxAgeHours} as double)`,
    setting_start_date: `cast(${literal(startDate ?? null)} as date)`,
  }
  return Object.entries(functions)
    .map(([name, body]) => `create or replace temp macro ${name}() as ${body};`)
    .join('\n')
}

/**
 * Carries out a check on a table. The relation `candidate` must be there for tables that are built; for the others
 * `new_loads` is made here: the loads that the check has not yet passed.
 * @throws UsageError `check_broken` where the query of a user's check cannot be carried out
 */
export async function runCheck(
  check: Check,
  table: string,
  extent: CheckResult['extent'],
  { engine, accepted }: CheckRun,
): Promise<CheckResult> {
  const { name, severity, description, advice } = check
  try {
    await engine.run(`create or replace temp macro checked_table() as ${literal(table)}`)
    if (!isOfBuild(table)) await engine.run(newLoadsView(check))
    const rows = await rowsOf(engine, `${failing(check, '*')} limit ${mostExamples + 1}`)
    const failingRows =
      rows.length > mostExamples ? await numberOf(engine, failing(check, 'count(*)')) : rows.length
    const status = failingRows === 0 ? 'passed' : accepted.has(name) ? 'accepted' : 'failed'
    const examples = rows.slice(0, mostExamples).map(maskedRow)
    return { check: name, table, severity, status, failingRows, examples, extent, description, advice }
  } catch (error) {
    if (!check.isOwn || !isOfQuery(error)) throw error
    throw brokenCheck(check, error)
  }
}

function failing({ sql }: Check, what: string): string {
  return `select ${what} from (\n${sql}\n) as failing`
}

/** Loads are looked at until the check passes or warns of them once. */
function newLoadsView(check: Check): string {
  return `create or replace temporary view new_loads as
    select * from meta.loads
    where load_id not in (select load_id from meta.model_loads where model = ${literal(markOf(check.name))})`
}

/** Under which name `meta.model_loads` keeps which loads a check has seen. */
export function markOf(check: string): string {
  return `check ${check}`
}

/**
 * Makes sure that the user's checks can be carried out, before anything is built: inside a build a broken query
 * would take the build down with it.
 * @throws UsageError `check_broken`
 */
export async function refuseBrokenChecks(checks: readonly Check[], run: CheckRun): Promise<void> {
  const { engine } = run
  for (const check of checks.filter(({ isOwn }) => isOwn)) {
    for (const table of check.tables) {
      await engine.run(candidateView(table))
      await engine.run(`create or replace temp macro checked_table() as ${literal(table)}`)
      await engine.run(newLoadsView(check))
      try {
        await engine.query(`explain ${failing(check, '*')}`)
      } catch (error) {
        if (isOfQuery(error)) throw brokenCheck(check, error)
        throw error
      }
    }
  }
}

/** Makes `candidate`: the rows that a check looks at. */
export function candidateView(relation: string): string {
  return `create or replace temporary view candidate as select * from ${relation}`
}

/** Whether the engine refuses the query itself, and not the warehouse or the person who stops the run. */
function isOfQuery(error: unknown): boolean {
  return error instanceof Error && !('exitCode' in error)
}

function brokenCheck({ file, name }: Check, cause: unknown): UsageError {
  return new UsageError('check_broken', `The check ${name} cannot be carried out: ${messageOf(cause)}`, {
    advice: `Mend ${file}, or turn it off: quality: {severity: {${name}: off}}.`,
    cause,
  })
}
