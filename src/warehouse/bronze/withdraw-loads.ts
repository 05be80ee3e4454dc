import { qualifiedName } from '../../tables/table.js'
import type { Engine } from '../engine.js'
import type { LedgerLine } from '../ledger-lines.js'

/**
 * Takes out of Bronze and of the ledger what these loads have brought, as if they had never been entered. Only
 * for what is entered again in the same commit: Bronze is a history that nothing else shortens.
 */
export async function withdrawLoads(engine: Engine, lines: readonly LedgerLine[]): Promise<void> {
  await engine.materializePairs(
    'withdrawn',
    ['load_id', 'table_name'],
    lines.map(({ loadId, table }) => [loadId, qualifiedName(table)] as const),
  )
  const ofThese = 'load_id in (select load_id from withdrawn)'
  const tables = new Set(lines.map(({ table }) => qualifiedName(table)))
  for (const table of [...tables, 'meta.alaqan_answers', 'meta.reconciliation', 'meta.loads']) {
    await engine.run(`delete from ${table} where ${ofThese}`)
  }
  // Silver's rejects name loads too; they go when silver is rebuilt.
  await engine.run(
    `delete from meta.rejects where ${ofThese} and table_name in (select table_name from withdrawn)`,
  )
}
