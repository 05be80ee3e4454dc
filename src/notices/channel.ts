import type { Chance, Clock } from '../effects.js'
import { UnavailableError } from '../errors.js'
import type { Transport } from '../sources/http/transport.js'
import type { Notice } from './notice.js'

/** A place where people are told. */
export interface Channel {
  /** For messages: `telegram`, `email`, `webhook`. */
  readonly name: string
  /** The same while it leads to the same people; says nothing about them. */
  readonly id: string
  /**
   * Sends one message. Tries once more where that can help at once.
   * @returns what a person should know though it was taken, in a sentence without secrets
   * @throws UnavailableError, AuthorizationError, UsageError: it was not taken; their texts hold no secret
   */
  send(notice: Notice, signal: AbortSignal): Promise<string | undefined>
  /**
   * Whether messages would be taken, without sending one.
   * @returns what was found, in a sentence without secrets
   * @throws as send does
   */
  probe(signal: AbortSignal): Promise<string>
}

export interface ChannelEffects {
  readonly clock: Clock
  readonly chance: Chance
  readonly transport: Transport
  /** For one try, milliseconds. */
  readonly timeoutMs: number
}

/** Not taken now; another try can help. */
export class BusyChannelError extends UnavailableError {
  /** How long the channel asks to be left alone, milliseconds. */
  readonly retryAfterMs: number

  constructor(
    message: string,
    { retryAfterMs = usualPauseMs, cause }: { retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super('notice_not_sent', message, {
      advice: 'It is tried again at the next run.',
      ...(cause === undefined ? {} : { cause }),
    })
    this.retryAfterMs = retryAfterMs
  }
}

const usualPauseMs = 1_000
/** A run is not held up longer than this by a channel that is busy. */
const longestPauseMs = 10_000

/** Does the work, and once more after a pause where the channel was only busy and does not ask for too much patience. */
export async function withSecondTry<T>(
  clock: Clock,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof BusyChannelError) || error.retryAfterMs > longestPauseMs) throw error
    await clock.sleep(error.retryAfterMs, signal)
    return work()
  }
}
