/** Which of the tables that this version knows the warehouse has: one made by an older version lacks some. */
import { allTables } from '../../tables/catalogue.js'
import { qualifiedName, type Table } from '../../tables/table.js'
import { type Engine, type Row, rowsOf } from '../../warehouse/engine.js'
import type { Absent } from './status.js'

export interface PresentTables {
  readonly absent: Absent
  has(table: Table): boolean
  /** Whether the tables are there with all their columns. */
  isWhole(tables: readonly Table[]): boolean
  /** The rows of a query on these tables; none where one of them or of its columns is not there. */
  rowsOf(tables: readonly Table[], sql: string): Promise<readonly Row[]>
}

export async function presentTables(engine: Engine): Promise<PresentTables> {
  const columnsOf = await engine.presentColumns()
  const absentTables = allTables.map(qualifiedName).filter(name => !columnsOf.has(name))
  const absentColumns = allTables.flatMap(table => {
    const name = qualifiedName(table)
    const present = columnsOf.get(name)
    if (!present) return []
    return table.columns
      .filter(column => !present.includes(column.name))
      .map(column => ({ table: name, column: `${name}.${column.name}` }))
  })
  const incomplete = new Set([...absentTables, ...absentColumns.map(({ table }) => table)])
  const isWhole = (tables: readonly Table[]): boolean =>
    tables.every(table => !incomplete.has(qualifiedName(table)))
  return {
    absent: { tables: absentTables, columns: absentColumns.map(({ column }) => column) },
    has: table => columnsOf.has(qualifiedName(table)),
    isWhole,
    rowsOf: async (tables, sql) => (isWhole(tables) ? rowsOf(engine, sql) : []),
  }
}
