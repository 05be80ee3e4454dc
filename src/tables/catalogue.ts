import { bronzeTables } from './bronze.js'
import { goldTables } from './gold.js'
import { metaTables } from './meta.js'
import { silverTables } from './silver.js'
import { qualifiedName, type Schema, type Table } from './table.js'

/** Every table of the warehouse, upstream before downstream. */
export const allTables: readonly Table[] = [...bronzeTables, ...silverTables, ...goldTables, ...metaTables]

/** The schemas that the tables stand in. */
export const warehouseSchemas: readonly Schema[] = ['bronze', 'silver', 'gold', 'meta']

/** Those in which a person can stand. */
export const tablesWithPeople: readonly Table[] = allTables.filter(
  ({ schema, name }) => schema !== 'meta' || ['rejects', 'check_failures'].includes(name),
)

const byName = new Map(allTables.map(table => [qualifiedName(table), table]))

/**
 * The table of a qualified name such as `silver.amocrm_leads`.
 * @throws Error where there is none: names come from the program, so that is a bug.
 */
export function tableNamed(name: string): Table {
  const table = byName.get(name)
  if (!table) throw new Error(`There is no table ${name}.`)
  return table
}
