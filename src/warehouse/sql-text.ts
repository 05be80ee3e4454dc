/** Names and values as SQL text. Everything that comes from outside enters a statement through these. */
import type { Engine } from './engine.js'

/** A name in double quotes, whatever characters it has. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text in single quotes; NULL for null. */
export function literal(text: string | null): string {
  return text === null ? 'null' : `'${text.replaceAll("'", "''")}'`
}

/** A list of texts, which engines write in their own ways: `['a', 'b']`, `array('a', 'b')`. */
export function literalList(texts: readonly string[], engine: Engine['name']): string {
  const items = texts.map(literal).join(', ')
  if (engine === 'duckdb') return items === '' ? 'cast([] as varchar[])' : `[${items}]`
  return items === '' ? 'cast(array() as array<string>)' : `array(${items})`
}

/** An instant, from Unix milliseconds. It calls a function of the session. */
export function instantLiteral(milliseconds: number): string {
  return `instant_at(${Math.trunc(milliseconds)})`
}

/** Names in double quotes, separated by commas. */
export function columnList(names: readonly string[], prefix = ''): string {
  return names.map(name => `${prefix}${identifier(name)}`).join(', ')
}
