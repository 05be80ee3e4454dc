import { UsageError } from '../errors.js'

/** Where something stands in the file; both count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** One thing that is wrong in a configuration. No field ever holds a secret's value. */
export interface Mistake {
  /** Absent where the mistake is in no line, as a file that is empty. */
  readonly position: Position | undefined
  /** The key with its sections, `amocrm.auth.token`; empty for the file as a whole. */
  readonly path: string
  readonly found: string
  readonly expected: string
}

/** A configuration cannot be used. Holds every mistake at once, in the file's order. */
export class ConfigError extends UsageError {
  readonly mistakes: readonly Mistake[]

  /** @param file the configuration as the person named it */
  constructor(file: string, mistakes: readonly Mistake[]) {
    const ordered = mistakes.toSorted(byPosition)
    const count = ordered.length === 1 ? 'a mistake' : `${ordered.length} mistakes`
    super(
      'config_invalid',
      [`${file} has ${count}:`, ...ordered.map(mistake => `  ${mistakeLine(mistake)}`)].join('\n'),
      { advice: `Correct ${file} (and the .env beside it), then run "hubdwh check".` },
    )
    this.mistakes = ordered
  }
}

function mistakeLine({ position, path, found, expected }: Mistake): string {
  const where = position ? `line ${position.line}, column ${position.column}: ` : ''
  return `${where}${path === '' ? '' : `${path}: `}found ${found}; expected ${expected}`
}

function byPosition(a: Mistake, b: Mistake): number {
  const line = (a.position?.line ?? 0) - (b.position?.line ?? 0)
  return line !== 0 ? line : (a.position?.column ?? 0) - (b.position?.column ?? 0)
}

const longestShown = 60

/**
 * What stands where something else was expected, for a person: `"abc"`, `the number 5`, `a list`, `nothing`.
 * Long texts are cut. Not for the values of secrets or of variables.
 */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  switch (typeof value) {
    case 'string':
      if (value === '') return 'an empty text'
      return JSON.stringify(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value)
    case 'number':
      return `the number ${value}`
    case 'boolean':
      return `${value}`
    default:
      return 'a section'
  }
}
