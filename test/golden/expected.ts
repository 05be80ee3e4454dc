/** The expected files of a case, and the rows of the warehouse in the same form. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { z } from 'zod'
import type { Row, Value } from '../../src/warehouse/engine.js'
import type { Hub } from '../hub.js'

/** What a file expects, and what the warehouse has; equal where all is well. */
export interface Compared {
  readonly file: string
  readonly expected: string
  readonly actual: string
}

/** Compares every expected file that stands directly in the folder. */
export async function compareAll(hub: Hub, folder: string): Promise<readonly Compared[]> {
  const names = await readdir(folder)
  const files = names.filter(name => ['.csv', '.json'].includes(extname(name))).sort()
  const compared: Compared[] = []
  for (const file of files) compared.push(await compareOne(hub, folder, file))
  return compared
}

async function compareOne(hub: Hub, folder: string, file: string): Promise<Compared> {
  const text = await readFile(join(folder, file), 'utf8')
  const kind = extname(file)
  const name = basename(file, kind)
  if (kind === '.json') {
    const expected = z.array(z.record(z.string(), z.json())).parse(JSON.parse(text))
    const columns = Object.keys(expected[0] ?? {})
    const rows = await hub.rows(await queryFor(folder, name, columns))
    return { file, expected: asJson(expected), actual: asJson(rows) }
  }
  const [header = '', ...lines] = text.trimEnd().split('\n')
  const columns = header.split(',')
  const rows = await hub.rows(await queryFor(folder, name, columns))
  const actual = rows.map(row => columns.map(column => cell(row[column])).join(','))
  return { file, expected: asCsv(header, lines), actual: asCsv(header, actual) }
}

/** The query that stands beside the file, or the file's columns of the table that it is named after. */
async function queryFor(folder: string, name: string, columns: readonly string[]): Promise<string> {
  const path = join(folder, `${name}.sql`)
  return existsSync(path) ? readFile(path, 'utf8') : `select ${columns.join(', ')} from ${name}`
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
