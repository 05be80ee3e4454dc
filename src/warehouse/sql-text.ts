/** Names and values as SQL text. Everything that comes from outside enters a statement through these. */

/** A name in double quotes, whatever characters it has. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text in single quotes; NULL for null. */
export function literal(text: string | null): string {
  return text === null ? 'null' : `'${text.replaceAll("'", "''")}'`
}

/** A list of texts: `['a', 'b']`. */
export function literalList(texts: readonly string[]): string {
  return texts.length === 0 ? 'cast([] as varchar[])' : `[${texts.map(literal).join(', ')}]`
}

/** An instant, from Unix milliseconds. */
export function instantLiteral(milliseconds: number): string {
  return `cast(${literal(new Date(milliseconds).toISOString())} as timestamptz)`
}

/** Names in double quotes, separated by commas. */
export function columnList(names: readonly string[], prefix = ''): string {
  return names.map(name => `${prefix}${identifier(name)}`).join(', ')
}
