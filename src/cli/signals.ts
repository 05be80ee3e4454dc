import { InterruptedError } from '../errors.js'
import type { Io } from './io.js'

/** A shell's codes for a process that a signal ended. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const

export interface StopWatch {
  /** Aborted, with an InterruptedError as its reason, at the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
  dispose(): void
}

/**
 * Lets a person or a scheduler stop the program: the first signal asks for a checkpoint, the second ends at once.
 * @param tell told at the first signal
 */
export function watchForStop(io: Pick<Io, 'onStop' | 'quit'>, tell: (message: string) => void): StopWatch {
  const controller = new AbortController()
  const dispose = io.onStop(name => {
    if (controller.signal.aborted) return io.quit(exitCodes[name])
    controller.abort(new InterruptedError())
    tell('Stopping at the next checkpoint; Ctrl-C again stops at once.')
  })
  return { signal: controller.signal, dispose }
}
