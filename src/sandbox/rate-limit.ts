/** What the limit says about one request. */
export type Verdict = 'pass' | 'too_many' | 'blocked'

export interface RateLimitOptions {
  /** Requests that pass in one second of the clock; `null` lifts the limit. */
  readonly requestsPerSecond: number | null
  /** So many refusals within `blockWindowMs` bring the block. */
  readonly blockAfter: number
  readonly blockWindowMs: number
  /** How long the block lasts after the last request that came while it stood. */
  readonly blockMs: number
}

export interface RateLimit {
  /** Counts a request that arrives at an instant, Unix milliseconds. */
  admit(now: number): Verdict
}

/**
 * amoCRM's limit (reference: "Limits"): so many requests in each second of the clock, then 429; refusals that
 * keep coming turn into a block, and every request made during the block prolongs it.
 */
export function rateLimit(options: RateLimitOptions): RateLimit {
  let second = Number.NaN
  let admitted = 0
  let refusals: number[] = []
  let blockedUntil = Number.NEGATIVE_INFINITY

  return {
    admit: now => {
      if (options.requestsPerSecond === null) return 'pass'
      if (now < blockedUntil) {
        blockedUntil = now + options.blockMs
        return 'blocked'
      }
      if (Math.floor(now / 1000) !== second) {
        second = Math.floor(now / 1000)
        admitted = 0
      }
      admitted += 1
      if (admitted <= options.requestsPerSecond) return 'pass'
      refusals = [...refusals.filter(at => now - at < options.blockWindowMs), now]
      if (refusals.length < options.blockAfter) return 'too_many'
      refusals = []
      blockedUntil = now + options.blockMs
      return 'blocked'
    },
  }
}
