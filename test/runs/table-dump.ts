/** Everything that tables hold, for comparing a warehouse with itself. */
import { allTables } from '../../src/tables/catalogue.js'
import { qualifiedName, type Schema } from '../../src/tables/table.js'
import type { Hub } from '../hub.js'

/** The rows of all tables of these schemas as text, `table row`, in one order. */
export async function dumpOf(hub: Hub, ...schemas: readonly Schema[]): Promise<readonly string[]> {
  const selects = allTables
    .filter(table => schemas.includes(table.schema))
    .map(qualifiedName)
    .map(
      name => `select '${name}' as table_name, cast(to_json(held) as varchar) as held from ${name} as held`,
    )
  const rows = await hub.rows(`${selects.join(' union all ')} order by 1, 2`)
  return rows.map(row => `${String(row.table_name)} ${String(row.held)}`)
}

/** How many rows each Bronze table holds. */
export async function bronzeCounts(hub: Hub): Promise<Readonly<Record<string, number>>> {
  const selects = allTables
    .filter(table => table.schema === 'bronze')
    .map(qualifiedName)
    .map(name => `select '${name}' as table_name, count(*) as row_count from ${name}`)
  const rows = await hub.rows(selects.join(' union all '))
  return Object.fromEntries(rows.map(row => [String(row.table_name), Number(row.row_count)]))
}

/** The differences that the law of conservation has found at any run: there must be none. */
export async function unaccounted(hub: Hub): Promise<readonly unknown[]> {
  return hub.rows(
    `select * from meta.reconciliation
     where difference <> 0 or received <> stored + unchanged + superseded + rejected + erased`,
  )
}
