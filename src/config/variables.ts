/**
 * `${NAME}` in the configuration comes from the environment or from `.env` beside it. `node:util`'s parseEnv is
 * not used: it cuts an unquoted value at any `#`, so that a key with one would be silently wrong, and it joins a
 * line that it does not understand to the next name.
 */

export interface DotEnv {
  readonly values: ReadonlyMap<string, string>
  /** Lines, from 1, that are neither `NAME=value`, a comment nor empty. */
  readonly strangeLines: readonly number[]
}

const assignment = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/
const quoted = /^(?:'([^']*)'|"([^"]*)")(?:\s+#.*)?$/

/**
 * Reads the text of a `.env` file: `NAME=value` a line, `export` allowed, values bare or in quotes, taken as they
 * stand (no escapes, no substitution). A comment starts at `#` at a line's start or after a space. The last of two
 * lines for one name wins.
 */
export function parseDotEnv(text: string): DotEnv {
  const values = new Map<string, string>()
  const strangeLines: number[] = []
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const [, name, value] = assignment.exec(line) ?? []
    if (name === undefined || value === undefined) strangeLines.push(index + 1)
    else values.set(name, unquoted(value))
  }
  return { values, strangeLines }
}

function unquoted(value: string): string {
  const match = quoted.exec(value)
  if (match) return match[1] ?? match[2] ?? ''
  return value.replace(/(^|\s+)#.*$/, '')
}

/** Finds a variable's value; undefined where it is set nowhere, or only to an empty text. */
export type Lookup = (name: string) => string | undefined

/** The environment first, then `.env`. An empty variable counts as not set, as templates leave them so. */
export function lookupIn(environment: Readonly<Record<string, string | undefined>>, dotEnv: DotEnv): Lookup {
  return name => {
    const value = Object.hasOwn(environment, name) ? environment[name]?.trim() : undefined
    return value || dotEnv.values.get(name)?.trim() || undefined
  }
}
