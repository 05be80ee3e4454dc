/**
 * What the contract's configuration has and this version cannot do yet. It is refused, not ignored: a key that
 * does nothing looks like one that works. When a part is built, its line goes.
 */
export interface NotYet {
  readonly path: readonly string[]
  /** Whether a value there asks for what cannot be done. */
  readonly isAsked: (value: unknown) => boolean
  readonly expected: string
}

export const notYet: readonly NotYet[] = [
  { path: ['publish'], isAsked: isFilled, expected: 'publish: [], as this version does not publish yet' },
]

function isFilled(value: unknown): boolean {
  if (value === undefined || value === null) return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}
