import type { Clock } from '../effects.js'

/** A clock that stands still until it is moved. Instants are Unix milliseconds, UTC. */
export interface MovableClock extends Clock {
  /** Puts the clock to an instant, which may lie in the past. */
  set(instant: number): void
  /** Moves the clock forward by so many milliseconds. */
  advance(milliseconds: number): void
}

/**
 * A clock for tests and for trying out "what happens tomorrow": `sleep` returns at once, having moved the clock
 * by what was slept, so that rate limits, blocks and expiries pass without anybody waiting.
 * @param start where it stands first: Unix milliseconds, or an ISO 8601 instant such as `2025-02-01T03:00:00Z`
 */
export function movableClock(start: number | string): MovableClock {
  let instant = typeof start === 'number' ? start : Date.parse(start)
  return {
    now: () => instant,
    set: to => {
      instant = to
    },
    advance: milliseconds => {
      instant += milliseconds
    },
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted()
      instant += Math.max(0, milliseconds)
    },
  }
}

/**
 * The real clock, moved: it runs on from an instant, and can be moved again while it runs.
 * @param start where it stands first, Unix milliseconds
 * @param base the clock that it runs with
 */
export function shiftedClock(start: number, base: Clock): MovableClock {
  let shift = start - base.now()
  return {
    now: () => base.now() + shift,
    set: instant => {
      shift = instant - base.now()
    },
    advance: milliseconds => {
      shift += milliseconds
    },
    sleep: (milliseconds, signal) => base.sleep(milliseconds, signal),
  }
}
