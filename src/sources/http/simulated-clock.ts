/** For tests: time that many wait in at once, as in the real one, and that passes only when all of them wait. */
import type { Clock } from '../../effects.js'

export interface SimulatedClock extends Clock {
  /** Lets time pass until nobody waits any more. */
  run(): Promise<void>
}

/** @param start where it stands first, Unix milliseconds */
export function simulatedClock(start = Date.parse('2025-01-31T00:00:00Z')): SimulatedClock {
  let now = start
  let sleepers: { readonly at: number; readonly wake: () => void }[] = []
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((wake, reject) => {
        sleepers.push({ at: now + Math.max(0, milliseconds), wake })
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      }),
    run: async () => {
      for (;;) {
        // Everything that can go on without time passing does.
        await new Promise(resolve => setImmediate(resolve))
        const next = sleepers.toSorted((a, b) => a.at - b.at)[0]
        if (!next) return
        sleepers = sleepers.filter(sleeper => sleeper !== next)
        now = Math.max(now, next.at)
        next.wake()
      }
    },
  }
}
