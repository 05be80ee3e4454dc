/**
 * An SQL file of this project: its leading comment holds a description, an empty line, and a declaration in YAML.
 * Models and checks are such files (docs/models.md, docs/checks.md).
 */
import { parse } from 'yaml'

export interface SqlFile {
  readonly description: string
  /** What the YAML says; the reader of the file checks it. */
  readonly declaration: unknown
  readonly sql: string
}

/**
 * @param name how the file is called in the error
 * @throws Error where the leading comment is missing or its declaration is no YAML
 */
export function parseSqlFile(name: string, text: string): SqlFile {
  const parts = /^\s*\/\*\s*\n([\s\S]*?)\n[ \t]*\n([\s\S]*?)\*\/\s*\n([\s\S]*)$/.exec(
    text.replaceAll('\r\n', '\n'),
  )
  if (!parts)
    throw new Error(`${name}: no leading comment with a description, an empty line and a declaration`)
  const [, description = '', declaration = '', sql = ''] = parts
  return {
    description: description.replaceAll('\n', ' ').trim(),
    declaration: parse(declaration),
    sql: sql.trim(),
  }
}
