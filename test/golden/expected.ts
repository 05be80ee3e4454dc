/** The expected files of a case, and the rows of the warehouse in the same form. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { z } from 'zod'
import type { Row, Value } from '../../src/warehouse/engine.js'
import { identifier } from '../../src/warehouse/sql-text.js'

/** Whatever answers queries: a hub, or a warehouse that is open. */
export interface Rows {
  rows(sql: string): Promise<readonly Row[]>
}

/** What a file expects, and what the warehouse has; equal where all is well. */
export interface Compared {
  readonly file: string
  readonly expected: string
  readonly actual: string
}

/** An expected file, ready to be compared. */
export interface Expected {
  readonly file: string
  /** What to ask the warehouse. */
  readonly sql: string
  readonly text: string
  /** The rows of the answer in the form of {@link Expected.text}. */
  readonly inForm: (rows: readonly Row[]) => string
}

/** Compares every expected file that stands directly in the folder. */
export async function compareAll(hub: Rows, folder: string): Promise<readonly Compared[]> {
  const compared: Compared[] = []
  for (const { file, sql, text, inForm } of await readExpected(folder)) {
    compared.push({ file, expected: text, actual: inForm(await hub.rows(sql)) })
  }
  return compared
}

/** The expected files that stand directly in the folder. */
export async function readExpected(folder: string): Promise<readonly Expected[]> {
  const names = await readdir(folder)
  const files = names.filter(name => ['.csv', '.json'].includes(extname(name))).sort()
  return Promise.all(files.map(file => readOne(folder, file)))
}

async function readOne(folder: string, file: string): Promise<Expected> {
  const text = await readFile(join(folder, file), 'utf8')
  const kind = extname(file)
  const name = basename(file, kind)
  if (kind === '.json') {
    const expected = z.array(z.record(z.string(), z.json())).parse(JSON.parse(text))
    const sql = await queryFor(folder, name, Object.keys(expected[0] ?? {}))
    return { file, sql, text: asJson(expected), inForm: asJson }
  }
  const [header = '', ...lines] = text.trimEnd().split('\n')
  const columns = header.split(',')
  const inForm = (rows: readonly Row[]) =>
    asCsv(
      header,
      rows.map(row => columns.map(column => cell(row[column])).join(',')),
    )
  return { file, sql: await queryFor(folder, name, columns), text: asCsv(header, lines), inForm }
}

/** The query that stands beside the file, or the file's columns of the table that it is named after. */
async function queryFor(folder: string, name: string, columns: readonly string[]): Promise<string> {
  const path = join(folder, `${name}.sql`)
  return existsSync(path)
    ? readFile(path, 'utf8')
    : `select ${columns.map(identifier).join(', ')} from ${name}`
}

function asCsv(header: string, lines: readonly string[]): string {
  return [header, ...lines.toSorted()].join('\n')
}

function asJson(rows: readonly Row[]): string {
  const texts = rows.map(row => JSON.stringify(row, null, 2))
  return texts.toSorted().join('\n')
}

function cell(value: Value | undefined): string {
  if (value === undefined) return '(no such column)'
  if (value === null) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text === '' || /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
