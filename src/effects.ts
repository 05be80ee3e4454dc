/**
 * Effects are passed in, so that the core can be tested without a clock, a network or chance.
 * Each interface has one real implementation here; tests bring their own.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

/** Time as the program sees it. Instants are Unix milliseconds, UTC. */
export interface Clock {
  /** The present instant, Unix milliseconds. */
  now(): number
  /** Waits so many milliseconds; rejects with the signal's reason when it is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    try {
      await delay(Math.max(0, milliseconds), undefined, signal ? { signal } : {})
    } catch (error) {
      throw signal?.aborted ? signal.reason : error
    }
  },
}

/** Chance as the program sees it: jitter, and the random part of a load's id. */
export interface Chance {
  /** A number in [0, 1). */
  fraction(): number
  /** So many random bytes as lower-case hex. */
  hex(bytes: number): string
}

export const systemChance: Chance = {
  fraction: () => Math.random(),
  hex: bytes => randomBytes(bytes).toString('hex'),
}

/** How far a long step has come. `total` is absent where the source does not tell it. */
export interface Progress {
  /** What is being done, e.g. `alaqan visits`. One line on a terminal per label. */
  readonly label: string
  readonly done: number
  readonly total?: number
  /** What is counted: `days`, `records`, … */
  readonly unit: string
}

/**
 * Where a run tells what it does. Everything goes to stderr; nothing that is passed here may hold
 * personal data, and the command line's implementation removes every known secret from it.
 */
export interface Reporter {
  /** A step that a person following the run wants to see. */
  info(message: string): void
  /** Something that needs a person's attention but does not stop the run. */
  warn(message: string): void
  /** Detail for `--verbose`. */
  debug(message: string): void
  progress(progress: Progress): void
}

export const silentReporter: Reporter = {
  info: () => {},
  warn: () => {},
  debug: () => {},
  progress: () => {},
}
