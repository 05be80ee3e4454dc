/** What stands in the warehouse, without what differs from run to run. */
import { bronzeTables } from '../../src/tables/bronze.js'
import { goldTables } from '../../src/tables/gold.js'
import { silverTables } from '../../src/tables/silver.js'
import { qualifiedName } from '../../src/tables/table.js'
import type { Installation } from '../fake/installation.js'

const technical: ReadonlySet<string> = new Set(['load_date', 'loaded_at', 'load_id', 'observed_at'])
const tables = [...bronzeTables, ...silverTables, ...goldTables].map(qualifiedName)

export type Contents = Readonly<Record<string, readonly string[]>>

/** The rows of every bronze, silver and gold table as sorted lines, by table. */
export function contents(installation: Installation): Promise<Contents> {
  return installation.asking(async rowsOf => {
    const found: Record<string, readonly string[]> = {}
    for (const table of tables) {
      const rows = await rowsOf(`from ${table}`)
      found[table] = rows
        .map(row => JSON.stringify(Object.entries(row).filter(([column]) => !technical.has(column))))
        .sort()
    }
    return found
  })
}
