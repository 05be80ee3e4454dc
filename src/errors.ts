/**
 * Errors that a person is expected to meet. Each has an exit code (contract: "Exit codes"), a stable
 * `code` for machines, a sentence that says what happened and `advice` that says what to do about it.
 * Anything that is not a {@link HubdwhError} is a bug and ends with exit code 1.
 */

export const ExitCode = {
  done: 0,
  bug: 1,
  usage: 2,
  unavailable: 3,
  checkFailed: 4,
  authorization: 5,
  nothingToDo: 99,
} as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

export interface HubdwhErrorOptions {
  /** What the person should do now, as one sentence. */
  readonly advice?: string
  readonly cause?: unknown
}

/** The base of all expected errors; thrown through one of the families below. */
export abstract class HubdwhError extends Error {
  abstract readonly exitCode: ExitCode
  /** Stable, machine-readable name of the situation, e.g. `config_invalid`. */
  readonly code: string
  readonly advice: string | undefined

  constructor(code: string, message: string, options: HubdwhErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.advice = options.advice
  }
}

/** A person must change the command line or the configuration. Exit code 2. */
export class UsageError extends HubdwhError {
  readonly exitCode = ExitCode.usage
}

/** A source or the warehouse cannot be used now; trying again later can help. Exit code 3. */
export class UnavailableError extends HubdwhError {
  readonly exitCode = ExitCode.unavailable
}

/** The data did not pass a blocking check. Exit code 4. */
export class CheckFailedError extends HubdwhError {
  readonly exitCode = ExitCode.checkFailed
}

/** A credential is missing, wrong or expired, and only a person can mend that. Exit code 5. */
export class AuthorizationError extends HubdwhError {
  readonly exitCode = ExitCode.authorization
}

/**
 * The run was stopped from outside (Ctrl-C, SIGTERM) at a checkpoint; the same command goes on from there.
 * Exit code 3: trying again later is exactly what helps.
 */
export class InterruptedError extends HubdwhError {
  readonly exitCode = ExitCode.unavailable

  constructor(message = 'Stopped at a checkpoint.') {
    super('interrupted', message, { advice: 'Run the same command again: it goes on from the checkpoint.' })
  }
}

/** The message of anything that was thrown, whatever its type. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
