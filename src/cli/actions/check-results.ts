/** How results of checks are shown. */
import type { JsonObject } from '../../json.js'
import { isBlocking } from '../../quality/failed-checks.js'
import type { CheckResult } from '../../quality/run-check.js'
import type { Context } from '../context.js'

/** A table of the checks that did not pass; nothing where all did. */
export function showFailedChecks(
  { results }: Pick<Context, 'results'>,
  checks: readonly CheckResult[],
): void {
  const failed = checks.filter(({ status }) => status !== 'passed')
  if (failed.length === 0) return
  results.print('\n')
  results.table(
    ['check', 'table', 'outcome', 'rows', 'rule'].map(name => ({ name })),
    failed.map(result => [
      result.check,
      result.table,
      outcomeOf(result),
      result.failingRows,
      result.description,
    ]),
  )
}

/** passed, warning, accepted, or FAILED where it blocks. */
export function outcomeOf(result: CheckResult): string {
  if (result.status !== 'failed') return result.status
  return isBlocking(result) ? 'FAILED' : 'warning'
}

export function checkJson(result: CheckResult): JsonObject {
  const { check, table, severity, status, failingRows, extent } = result
  return { check, table, severity, status, failing_rows: failingRows, extent }
}
