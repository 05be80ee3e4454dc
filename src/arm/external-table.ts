/** Tables of others: found, and their columns known, before anything is read of them. */
import { existsSync } from 'node:fs'
import type { ArmTable } from '../config/config.js'
import { HubdwhError, messageOf, UsageError } from '../errors.js'
import type { Engine } from '../warehouse/engine.js'
import { identifier } from '../warehouse/sql-text.js'
import { type ColumnKind, columnKind } from './column-kind.js'

/** A table that is there. */
export interface ExternalTable {
  readonly table: ArmTable
  /** What stands after FROM. */
  readonly from: string
  readonly columns: readonly ExternalColumn[]
}

export interface ExternalColumn {
  readonly name: string
  readonly kind: ColumnKind
}

/**
 * Finds a table and its columns.
 * @param key the configuration's key that names it, for messages: `arm.service_report`
 * @throws UsageError `arm_table_missing`, `arm_table_unreadable`
 */
export async function findExternalTable(
  engine: Engine,
  table: ArmTable,
  key: string,
): Promise<ExternalTable> {
  const isThere = table.kind === 'table' ? await engine.hasTable(table.name) : existsSync(table.path)
  if (!isThere) {
    throw new UsageError('arm_table_missing', `${key}.table names ${table.name}, which does not exist.`, {
      advice:
        table.kind === 'table'
          ? `Correct ${key}.table, or let whoever fills that table make it; "hubdwh sql 'show tables from silver'" lists what there is.`
          : `Correct ${key}.table, or put the file there; its path is relative to the configuration.`,
    })
  }
  const from =
    table.kind === 'table' ? quoted(table.name).join('.') : await engine.rowsOfFile(table.path, table.kind)
  try {
    const { columns } = await engine.query(`select * from ${from} limit 0`)
    return {
      table,
      from,
      columns: columns.map(({ name, type }) => ({ name, kind: columnKind(type, engine.name) })),
    }
  } catch (error) {
    throw unreadable(error, key)
  }
}

/**
 * What went wrong in reading a table, as an error that says what to do; an expected one as it is. The engine's own
 * error is not kept: it quotes the row that it stumbled over.
 * @param key the configuration's key that names the table
 */
export function unreadable(error: unknown, key: string): HubdwhError {
  if (error instanceof HubdwhError) return error
  const [reason = ''] = messageOf(error).split('\n', 1)
  return new UsageError('arm_table_unreadable', `What ${key} names cannot be read: ${reason}`, {
    advice:
      'It must be a table with rows and columns; a CSV in UTF-8 whose first line names the columns. "hubdwh check" looks at it.',
  })
}

/** `a.b` as the parts of a name in quotes. */
function quoted(name: string): readonly string[] {
  return name.split('.').map(identifier)
}

/** Finds a column by the name that the configuration gives it; the case of its letters does not matter. */
export type ColumnNamed = (name: string) => ExternalColumn

/**
 * Sees to it that a table has the columns that the configuration names.
 * @param named the configuration's key, as `tin`, with the column that it names; undefined where it names none
 * @throws UsageError `arm_column_missing` with every key whose column is not there
 */
export function requireColumns(
  { table, columns }: ExternalTable,
  key: string,
  named: readonly (readonly [part: string, name: string | undefined])[],
): ColumnNamed {
  const byName = new Map(columns.map(column => [column.name.toLowerCase(), column]))
  const missing = named.filter(([, name]) => name !== undefined && !byName.has(name.toLowerCase()))
  if (missing.length > 0) {
    const wanted = missing.map(([part, name]) => `${key}.${part} names the column ${name}`).join(', ')
    throw new UsageError(
      'arm_column_missing',
      `${wanted}, which ${table.name} does not have. It has: ${columns.map(({ name }) => shown(name)).join(', ')}.`,
      { advice: `Correct the columns under ${key}, then run "hubdwh check".` },
    )
  }
  return name => {
    const column = byName.get(name.toLowerCase())
    if (!column) throw new Error(`${table.name} was not asked for the column ${name}.`)
    return column
  }
}

/** Where a file's first line is a row, its values stand for names: a person's number is not to be shown. */
function shown(name: string): string {
  return /\d{5,}/.test(name) ? '(a number)' : name
}
