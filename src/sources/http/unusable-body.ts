/** A body that is not what was agreed: not JSON, or JSON of another shape. The message says what it is instead. */
export class UnusableBodyError extends Error {
  override readonly name = 'UnusableBodyError'
}

/** Cut off, or no JSON from the beginning. */
export function notWholeJson(): UnusableBodyError {
  return new UnusableBodyError('no whole JSON')
}
