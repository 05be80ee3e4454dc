import { CheckFailedError } from '../errors.js'
import type { CheckResult } from './run-check.js'

/** Blocking checks that failed: what they guard stays as it was. Exit code 4. */
export class FailedChecksError extends CheckFailedError {
  /** Of all checks that were carried out with them. */
  readonly results: readonly CheckResult[]

  /** Whether the results stand in `meta` already, since nothing was rolled back. */
  readonly isNoted: boolean

  /** @param kept says what stays as it was */
  constructor(results: readonly CheckResult[], kept: string, isNoted = false) {
    const blocking = results.filter(isBlocking)
    super('checks_failed', `${blocking.map(failureSentence).join(' ')} ${kept}`, {
      advice: blocking
        .map(
          ({ check, advice }) =>
            `${advice} The rows: hubdwh sql "select record from meta.check_failures where check_name = '${check}'". ` +
            `To take them as they are: hubdwh transform --accept ${check}.`,
        )
        .join(' '),
    })
    this.results = results
    this.isNoted = isNoted
  }
}

/** Whether the result keeps what it guards from going further. */
export function isBlocking({ severity, status }: Pick<CheckResult, 'severity' | 'status'>): boolean {
  return severity === 'block' && status === 'failed'
}

/** `silver.amocrm_leads: 2 rows break leads_closed_before_created (…).` */
export function failureSentence({ table, failingRows, check, description }: CheckResult): string {
  const rows = failingRows === 1 ? '1 row breaks' : `${failingRows} rows break`
  return `${table}: ${rows} ${check} (${description.replace(/\.$/, '')}).`
}
