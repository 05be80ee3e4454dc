/** Taking people out of Bronze: rows go, or stay with other content, in the commit of the caller. */
import type { JsonObject, JsonValue } from '../../json.js'
import { type Column, qualifiedName, type Table } from '../../tables/table.js'
import { typeName } from '../ddl.js'
import { type Engine, rowsOf } from '../engine.js'
import { columnList, identifier, literal } from '../sql-text.js'

/** @returns the row itself where it stays as it is, undefined where it goes */
export type RowEdit = (row: JsonObject) => JsonObject | undefined

export interface ErasedRows {
  readonly deleted: number
  readonly changed: number
  /** The loads that have lost rows, with how many of those that they had stored. */
  readonly loads: readonly { readonly loadId: string; readonly rows: number }[]
}

/** The relations that {@link eraseRows} leaves behind where it touched anything: the rows as they were and as they are; and those that went. */
export const touchedRows = 'touched_rows'
export const deletedRows = 'deleted_rows'

/**
 * Carries out an edit on a table of Bronze.
 * @param key the columns that tell a row from every other
 * @param digits only rows that hold these digits somewhere, whatever stands between them, are looked at; absent: all
 */
export async function eraseRows(
  engine: Engine,
  table: Table,
  key: readonly string[],
  edit: RowEdit,
  digits?: string,
): Promise<ErasedRows> {
  const name = qualifiedName(table)
  const edits = await editsOf(engine, table, key, edit, digits)
  if (edits.length === 0) return { deleted: 0, changed: 0, loads: [] }
  await engine.materializePairs('edited', ['row_key', 'content'], edits)
  await engine.materialize(
    'edited_rows',
    `select held.*, edited.row_key, edited.content from ${name} as held
     join edited on edited.row_key = ${keyText(key, 'held.')}`,
  )
  const counts = await rowsOf(
    engine,
    `select count(*) filter (where content = 'null') as deleted, count(*) filter (where content <> 'null') as changed
     from edited_rows`,
  )
  const columns = table.columns.map(column => newValue(column, engine.name))
  await engine.materialize(
    'new_rows',
    `select ${columns.join(', ')} from edited_rows where content <> 'null'`,
  )
  const names = columnList(table.columns.map(column => column.name))
  await engine.changeRows({ ...table, key }, 'edited_rows', 'new_rows')
  await engine.materialize(
    touchedRows,
    `select ${names} from edited_rows union all select ${names} from new_rows`,
  )
  await engine.materialize(deletedRows, `select ${names} from edited_rows where content = 'null'`)
  return {
    deleted: Number(counts[0]?.deleted ?? 0),
    changed: Number(counts[0]?.changed ?? 0),
    loads: await loadsOf(engine, table),
  }
}

async function editsOf(
  engine: Engine,
  table: Table,
  key: readonly string[],
  edit: RowEdit,
  digits: string | undefined,
): Promise<readonly (readonly [string, string])[]> {
  const texts = table.columns.map(column => `cast(${identifier(column.name)} as string)`)
  if (digits !== undefined)
    await engine.materializePairs('wanted_digits', ['digits', 'unused'], [[digits, '']])
  const wanted =
    digits === undefined
      ? ''
      : `where exists (select 1 from wanted_digits where contains(
           digits_in(concat_ws(' ', ${texts.join(', ')})), wanted_digits.digits))`
  const found = await engine.stream(
    `select ${keyText(key)}, ${columnList(table.columns.map(column => column.name))} from ${qualifiedName(table)} ${wanted}`,
  )
  const edits: (readonly [string, string])[] = []
  for await (const [rowKey, ...values] of found.rows) {
    const row: Record<string, JsonValue> = {}
    for (const [index, column] of table.columns.entries()) row[column.name] = values[index] ?? null
    const edited = edit(row)
    if (edited === row) continue
    // By it the row is taken away: one that NULL leaves out would stay.
    if (key.some(name => row[name] === null)) throw new Error(`A row of ${qualifiedName(table)} has no key.`)
    edits.push([String(rowKey), edited === undefined ? 'null' : JSON.stringify(changedValues(row, edited))])
  }
  return edits
}

function changedValues(before: JsonObject, after: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => value !== before[name]))
}

/** A column's value from the edit where that says something of it, else as it was. */
function newValue(column: Column, engine: Engine['name']): string {
  const name = identifier(column.name)
  const edited = `cast(json_text(content, ${literal(`$.${column.name}`)}) as ${typeName(column.type, engine)})`
  return `case when json_has(content, ${literal(column.name)}) then ${edited} else ${name} end as ${name}`
}

function keyText(key: readonly string[], prefix = ''): string {
  const parts = key.map(name => `coalesce(cast(${prefix}${identifier(name)} as string), '')`)
  return `concat_ws('|', ${parts.join(', ')})`
}

/** Rows that a load has inferred, as that a record is gone, are not among those that it counts as stored. */
async function loadsOf(engine: Engine, table: Table): Promise<ErasedRows['loads']> {
  const isVersion = table.columns.some(column => column.name === 'row_hash')
  const isStored = isVersion ? "row_hash <> 'gone' and row_source <> 'event'" : 'true'
  const rows = await rowsOf(
    engine,
    `select load_id, count(*) as n from edited_rows where content = 'null' and ${isStored}
     group by load_id order by load_id`,
  )
  return rows.map(row => ({ loadId: String(row.load_id), rows: Number(row.n) }))
}
