import { type Clock, systemClock } from '../../effects.js'

/**
 * How many requests may go out. Clients that share a limit share one budget. Processes can share one too:
 * another implementation of this interface, kept where they all see it.
 */
export interface RateBudget {
  /** Waits for the caller's turn; rejects with the signal's reason when it is aborted. */
  take(signal?: AbortSignal): Promise<void>
  /** Lets nobody through for so many milliseconds: the source said that it was too much. */
  pause(milliseconds: number): void
}

/**
 * A budget that spaces requests evenly, so that no second ever holds more than the rate, also not the first.
 * @param requestsPerSecond any number above 0, fractions too
 */
export function createRateBudget(requestsPerSecond: number, clock: Clock = systemClock): RateBudget {
  const spacing = 1000 / requestsPerSecond
  let nextTurn = 0
  let pausedUntil = 0
  return {
    take: async signal => {
      // Whoever was held back by a pause lines up again: they must not all go the moment it ends.
      do {
        const now = clock.now()
        const turn = Math.max(now, nextTurn)
        nextTurn = turn + spacing
        if (turn > now) await clock.sleep(turn - now, signal)
      } while (clock.now() < pausedUntil)
      signal?.throwIfAborted()
    },
    pause: milliseconds => {
      pausedUntil = Math.max(pausedUntil, clock.now() + milliseconds)
      nextTurn = Math.max(nextTurn, pausedUntil)
    },
  }
}
