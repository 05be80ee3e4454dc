/** A statement as this program writes it, in Spark's spelling: texts and names in quotes are written otherwise there. */
import { type SqlToken, textOf, tokensOf } from './sql-tokens.js'

/**
 * `'it''s \d'` becomes `'it\'s \\d'`, since Spark reads a backslash in a text as an escape; `"a name"` becomes
 * `` `a name` ``.
 */
export function inSparkSpelling(sql: string): string {
  return textOf(tokensOf(sql).map(token => ({ ...token, text: spelled(token) })))
}

function spelled({ kind, text }: SqlToken): string {
  if (kind === 'text') {
    const content = text.slice(1, -1).replaceAll("''", "'")
    return `'${content.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  }
  if (kind === 'quoted name' && text.startsWith('"')) {
    return sparkName(text.slice(1, -1).replaceAll('""', '"'))
  }
  return text
}

/** A name in backticks, whatever characters it has. */
export function sparkName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}
