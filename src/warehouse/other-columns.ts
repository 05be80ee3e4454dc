/** Whether a table has the columns that the program is to write: another engine can have dropped or widened one. */
import { UsageError } from '../errors.js'
import { type ColumnType, qualifiedName, type Table } from '../tables/table.js'

/**
 * @param found the table's columns with the names of their types, as the catalog or engine tells them
 * @param nameOf what the catalog or engine calls a type that is wanted
 * @throws UsageError `table_columns` naming each column that is missing or of another type. Columns that others have added
 *   are left alone, and so are those that the configuration gives to a table (`hasMeasures`).
 */
export function refuseOtherColumns(
  table: Table,
  found: readonly { readonly name: string; readonly type: string }[],
  nameOf: (type: ColumnType) => string,
): void {
  if (table.hasMeasures === true) return
  const types = new Map(found.map(({ name, type }) => [name, type]))
  const problems = table.columns.flatMap(column => {
    const wanted = nameOf(column.type)
    const is = types.get(column.name)
    if (is === undefined) return [`${column.name} is missing (${wanted})`]
    return is === wanted ? [] : [`${column.name} is ${is} instead of ${wanted}`]
  })
  if (problems.length === 0) return
  const isTime = problems.every(problem => /^event_time is (time|string) /.test(problem))
  throw new UsageError(
    'table_columns',
    `${qualifiedName(table)} has other columns than this version writes: ${problems.join('; ')}.`,
    {
      advice: isTime
        ? 'Set warehouse.time_as to what the table was made with.'
        : 'If another program has changed it, change it back with an engine that can (docs/iceberg.md); if it is a table of others, name another catalog or warehouse. Nothing was written.',
    },
  )
}
