/** Another process has the warehouse open. */
import { messageOf, UnavailableError } from '../../errors.js'

/** Whether DuckDB could not have the file because another process has it. */
export function isLockConflict(error: unknown): boolean {
  return /could not set lock|conflicting lock/i.test(messageOf(error))
}

export function lockedError(error: unknown, path: string): UnavailableError {
  const holder = /\(PID (\d+)\)/.exec(messageOf(error))?.[1]
  return new UnavailableError(
    'warehouse_locked',
    `The warehouse ${path} is in use by another process${holder ? ` (PID ${holder})` : ''}.`,
    {
      advice: 'Wait until it is done, or close the program that has the file open, and run this again.',
      cause: error,
    },
  )
}
