/**
 * Long lists of rows of numbers, by column, in JSON: most columns say the same in row after row, which is then said once with
 * how often. It halves the report's file.
 */
import { isJsonObject, type JsonValue } from '../json.js'

type Cell = number | null
/** A column as it is, or as values each followed by how often it stands there. */
type Column = { readonly runs: readonly Cell[] } | readonly Cell[]

const fewRows = 8

/** The value with each long list of rows replaced by its columns. @param value what JSON can say */
export function packed(value: unknown): unknown {
  if (Array.isArray(value)) {
    const rows = rowsIn(value)
    return rows ? { packed: columnsOf(rows).map(shorter) } : value.map(packed)
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, packed(part)]))
}

/** For JSON.parse: makes it give back what {@link packed} was given. */
export function unpacking(_name: string, value: JsonValue): JsonValue {
  if (!isJsonObject(value) || !Array.isArray(value.packed)) return value
  const columns = value.packed.map(column => (isJsonObject(column) ? repeated(column.runs) : listOf(column)))
  return (columns[0] ?? []).map((_, row) => columns.map(column => column[row] ?? null))
}

/** The list as rows of equal length; undefined where it is none, or too short to be worth it. */
function rowsIn(list: readonly unknown[]): readonly (readonly Cell[])[] | undefined {
  if (list.length <= fewRows) return undefined
  const [first] = list
  const width = Array.isArray(first) ? first.length : 0
  return width > 0 && list.every((row): row is readonly Cell[] => isRow(row, width)) ? list : undefined
}

function isRow(row: unknown, width: number): row is readonly Cell[] {
  return (
    Array.isArray(row) && row.length === width && row.every(cell => cell === null || typeof cell === 'number')
  )
}

function columnsOf(rows: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  return (rows[0] ?? []).map((_, index) => rows.map(row => row[index] ?? null))
}

function shorter(column: readonly Cell[]): Column {
  const runs: Cell[] = []
  let [value, count]: [Cell, number] = [column[0] ?? null, 0]
  for (const cell of column) {
    if (cell === value) count += 1
    else {
      runs.push(value, count)
      value = cell
      count = 1
    }
  }
  runs.push(value, count)
  return runs.length < column.length ? { runs } : column
}

function repeated(runs: JsonValue | undefined): readonly JsonValue[] {
  return listOf(runs).flatMap((value, index, all) =>
    index % 2 === 0 ? Array.from({ length: Number(all[index + 1]) }, () => value) : [],
  )
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}
