import type { Clock, Reporter } from '../effects.js'
import type { Transport } from '../sources/http/transport.js'

/** A table of Silver or Gold whose rows are other ones than a place knows. */
export interface ChangedTable {
  /** `gold.amocrm_sales_funnel`. */
  readonly name: string
  /** When its rows last changed, Unix milliseconds. */
  readonly changedAt: number
}

/** A place that is brought up to date after gold: a BI tool, a receiver, a file. */
export interface Publisher {
  readonly kind: string
  /** What a person knows it by, without secrets: `Superset at https://bi.example.kz`. */
  readonly place: string
  /** The same while it leads to the same place; says nothing about it. */
  readonly id: string
  /** `always`: it shows more than tables, as how fresh they are, and is made at every run. */
  readonly refreshes: 'changes' | 'always'
  /** Whether what was published there is gone, or open to others than it should be: everything is published anew. */
  isLost?(): Promise<boolean>
  /**
   * Brings it up to date. Can be done again from any point at which it was broken off.
   * @param changed at least one, unless it always refreshes
   * @returns what was done, in a sentence without secrets
   * @throws UnavailableError, AuthorizationError, UsageError: it is not up to date; their texts hold no secret
   */
  publish(changed: readonly ChangedTable[], signal: AbortSignal): Promise<string>
  /**
   * Whether it could be brought up to date, changing nothing.
   * @returns what was found, in a sentence without secrets
   * @throws as publish does
   */
  probe(signal: AbortSignal): Promise<string>
}

export interface PublishEffects {
  readonly clock: Clock
  readonly reporter: Reporter
  readonly transport: Transport
  /** Names secrets that come up, as tokens that were handed out, so that they are removed from what is said. */
  readonly keepSecret: (secrets: Iterable<string>) => void
}
