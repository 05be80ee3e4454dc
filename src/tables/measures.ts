/** The columns that the configuration adds to a table: the measures that it takes from ARM's report. */
import { extraColumn, type Table } from './table.js'

/** The table as it is where these measures are configured, each a column named as ARM names it. */
export function withMeasures(table: Table, measures: readonly string[]): Table {
  if (table.hasMeasures !== true) return table
  const columns = measures.map(name =>
    extraColumn(name, 'decimal(20,2)', `показатель ARM: ${name}`, `measure of ARM: ${name}`),
  )
  return { ...table, columns: [...table.columns, ...columns] }
}
