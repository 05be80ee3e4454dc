/** What `quality` does: every check on the tables as they stand. */
import { checkEverything } from '../../pipeline/audit.js'
import { FailedChecksError, isBlocking } from '../../quality/failed-checks.js'
import type { CheckResult } from '../../quality/run-check.js'
import type { ShowQuality } from '../commands/quality.js'
import { describeFailure } from '../failure.js'
import { checkJson, outcomeOf } from './check-results.js'

/** `hubdwh quality` */
export const quality: ShowQuality = async (context, options) => {
  const checks = await checkEverything(context, options)
  const { results, redact } = context
  results.table(
    ['outcome', 'check', 'table', 'rows', 'rule'].map(name => ({ name })),
    checks.map(result => [
      outcomeOf(result),
      result.check,
      result.table,
      result.failingRows,
      result.description,
    ]),
  )
  for (const { table, check, advice } of checks.filter(isWarning)) {
    results.print(`\n${table}, ${check}: ${advice}\n`)
  }
  const json = { checks: checks.map(checkJson) }
  if (!checks.some(isBlocking)) return { json }
  const error = new FailedChecksError(checks, 'That is how the tables stand now.')
  const failure = describeFailure(error, { verbose: false, redact })
  context.io.stderr.write(`${failure.text}\n`)
  return { json: { ...json, ...failure.json }, exitCode: failure.exitCode }
}

function isWarning(result: CheckResult): boolean {
  return result.status === 'failed' && !isBlocking(result)
}
