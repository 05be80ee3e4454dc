/**
 * A check is an SQL file that returns the rows which break a rule. Its leading comment says what the rule is and what
 * to do when it is broken. The format is told in docs/checks.md.
 */
import type { Dirent } from 'node:fs'
import { readdir, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { closest } from '../closest.js'
import { messageOf, UsageError } from '../errors.js'
import { parseSqlFile } from '../sql-file.js'
import { allTables } from '../tables/catalogue.js'
import { qualifiedName } from '../tables/table.js'

/** block: what breaks it goes no further; warn: it is told. */
export type Severity = 'block' | 'warn'

export type CheckSource = 'alaqan' | 'amocrm'

export interface Check {
  readonly name: string
  /** The rule in a sentence. */
  readonly description: string
  /** The tables that it guards, qualified: it is carried out for each. */
  readonly tables: readonly string[]
  readonly severity: Severity
  /** What a person should do when it fails. */
  readonly advice: string
  /** The source that its header names, for tables of meta that hold data of both. */
  readonly source: CheckSource | undefined
  readonly sql: string
  /** Absolute path. */
  readonly file: string
  /** Whether the user has written it. */
  readonly isOwn: boolean
}

const sources = ['alaqan', 'amocrm'] as const
const tableNames = allTables.map(qualifiedName)

const headerSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/, 'Latin lower-case letters, digits and underscores'),
  table: z.union([z.string(), z.array(z.string()).min(1)]).transform(table => [table].flat()),
  severity: z.enum(['block', 'warn']),
  advice: z.string().min(1),
  source: z.enum(sources).optional(),
})

/** The folder of checks that belongs to this program. */
export const builtInChecks = fileURLToPath(new URL('../../checks/', import.meta.url))

export interface ChecksOptions {
  /** The folder of the user's own checks, absolute. */
  readonly own: { readonly path: string; readonly isNamed: boolean }
  /** Check → what its failure does, where that differs from what its file says. */
  readonly severity: Readonly<Record<string, Severity | 'off'>>
}

/**
 * All checks that are on, built-in ones first, each group by name.
 * @throws UsageError `checks_missing` where the named folder is not there, `check_invalid` naming the file that is
 *   no check, `check_unknown` where the configuration speaks of one that does not exist
 */
export async function readChecks({ own, severity }: ChecksOptions): Promise<readonly Check[]> {
  const checks = [...(await checksIn(builtInChecks, false)), ...(await ownChecks(own))]
  const byName = new Map<string, Check>()
  for (const check of checks) {
    const other = byName.get(check.name)
    if (other) throw invalid(check.file, `the name ${check.name} is taken by ${other.file}`)
    byName.set(check.name, check)
  }
  for (const name of Object.keys(severity)) requireCheck(name, checks, 'quality.severity')
  return checks.flatMap(check => {
    const wanted = severity[check.name] ?? check.severity
    return wanted === 'off' ? [] : [{ ...check, severity: wanted }]
  })
}

/** @throws UsageError `check_unknown` */
export function requireCheck(name: string, checks: readonly Check[], where: string): void {
  const names = checks.map(check => check.name)
  if (names.includes(name)) return
  const meant = closest(name, names)
  throw new UsageError(
    'check_unknown',
    `${where} names the check ${JSON.stringify(name)}, which does not exist.`,
    {
      advice: meant ? `Did you mean ${meant}?` : '"hubdwh quality" lists all checks.',
    },
  )
}

async function ownChecks({ path, isNamed }: ChecksOptions['own']): Promise<readonly Check[]> {
  try {
    // A configuration that lies in a checkout of this program has the built-in checks beside it.
    if ((await realpath(path)) === (await realpath(builtInChecks))) return []
    return await checksIn(path, true)
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error && 'code' in error)) throw error
    if (error.code === 'ENOENT' && !isNamed) return []
    throw new UsageError('checks_missing', `The folder of checks ${path} cannot be read.`, {
      advice: 'Make the folder, or name another under quality.checks; then run "hubdwh check".',
      cause: error,
    })
  }
}

async function checksIn(folder: string, isOwn: boolean): Promise<readonly Check[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(isCheckFile).map(({ parentPath, name }) => join(parentPath, name))
  return Promise.all(files.sort().map(async file => parseCheck(file, await readFile(file, 'utf8'), isOwn)))
}

/** Editors and file systems leave hidden files that look like checks. */
function isCheckFile(entry: Dirent): boolean {
  return entry.name.endsWith('.sql') && !entry.name.startsWith('.') && !entry.isDirectory()
}

/**
 * Reads a check.
 * @param file its path, for messages
 * @throws UsageError `check_invalid`
 */
export function parseCheck(file: string, text: string, isOwn: boolean): Check {
  const { description, declaration, sql } = sqlFile(file, text)
  const header = headerSchema.safeParse(declaration)
  if (!header.success) throw invalid(file, z.prettifyError(header.error).replaceAll('\n', ' '))
  const { name, table: tables, severity, advice, source } = header.data
  for (const table of tables) {
    if (tableNames.includes(table)) continue
    const meant = closest(table, tableNames)
    throw invalid(file, `there is no table ${table}${meant ? ` (did you mean ${meant}?)` : ''}`)
  }
  const query = sql.replace(/[;\s]+$/, '')
  if (query === '') throw invalid(file, 'there is no query under the comment')
  return {
    name,
    description,
    tables,
    severity,
    advice,
    source,
    sql: query,
    file,
    isOwn,
  }
}

function sqlFile(file: string, text: string) {
  try {
    return parseSqlFile(file, text)
  } catch (error) {
    throw invalid(file, messageOf(error).replace(`${file}: `, ''))
  }
}

function invalid(file: string, what: string): UsageError {
  return new UsageError('check_invalid', `${file} is no check: ${what}.`, {
    advice: 'docs/checks.md shows how a check is written; "hubdwh quality" tries it.',
  })
}

/** Whose data a check looks at in a table; undefined where the table holds data of both. */
export function sourceOf({ source }: Pick<Check, 'source'>, table: string): CheckSource | undefined {
  const [schema, name = ''] = table.split('.')
  // ARM's own tables belong to no source that is loaded.
  if (schema === 'meta' || name.startsWith('arm_')) return source
  return name.startsWith('alaqan_') ? 'alaqan' : 'amocrm'
}

/** The checks with those of their tables alone that hold data of these sources. */
export function checksAbout(checks: readonly Check[], wanted: readonly CheckSource[]): readonly Check[] {
  return checks.flatMap(check => {
    const tables = check.tables.filter(table => {
      const source = sourceOf(check, table)
      return source === undefined || wanted.includes(source)
    })
    return tables.length === 0 ? [] : [{ ...check, tables }]
  })
}

/** Checks of silver and gold stand guard while the table is built; the others look at what has been loaded. */
export function isOfBuild(table: string): boolean {
  return table.startsWith('silver.') || table.startsWith('gold.')
}
