/**
 * What a check of loaded data has not yet passed. Such a check looks at each load once: when it passes, warns, or is
 * accepted, the loads that it has seen are noted, in `meta.model_loads`, under a name of its own.
 */
import { type Engine, rowsOf } from '../warehouse/engine.js'
import { instantLiteral, literal } from '../warehouse/sql-text.js'
import type { Check, CheckSource } from './check.js'

/** A check on one table that is not built: of bronze or meta. */
export interface Look {
  readonly check: Check
  /** Qualified name. */
  readonly table: string
  /** Whose loads count, where the table holds data of both sources; undefined for both. */
  readonly source: CheckSource | undefined
}

/** Which of the looks have something new to look at. */
export async function withNewLoads(engine: Engine, looks: readonly Look[]): Promise<ReadonlySet<Look>> {
  if (looks.length === 0) return new Set()
  const selects = looks.map(
    (look, index) => `select ${index} as look where exists (${newLoads(look, 'loads', 'seen')})`,
  )
  // Both tables are read once, and not once for each look: in a catalog that costs most of it.
  const rows = await rowsOf(
    engine,
    `with loads as (select load_id, table_name, source from meta.loads),
       seen as (select model, load_id from meta.model_loads)
     ${selects.join(' union all ')}`,
  )
  return new Set(rows.flatMap(row => looks[Number(row.look)] ?? []))
}

/** Notes that these looks have seen all that there is. @param now Unix milliseconds */
export async function markSeen(engine: Engine, looks: readonly Look[], now: number): Promise<void> {
  if (looks.length === 0) return
  const selects = looks.map(
    look =>
      `select ${literal(markOf(look))}, load_id, ${instantLiteral(now)} from (${newLoads(look)}) as seen`,
  )
  await engine.run(`insert into meta.model_loads ${selects.join(' union all ')}`)
}

/** A query of what a look has not seen yet: lines of the ledger. */
export function newLoads(look: Look, loads = 'meta.loads', seen = 'meta.model_loads'): string {
  const { table, source } = look
  const ofTable = table.startsWith('bronze.') ? [`table_name = ${literal(table)}`] : []
  const ofSource = source === undefined ? [] : [`source = ${literal(source)}`]
  const unseen = `load_id not in (select load_id from ${seen} where model = ${literal(markOf(look))})`
  return `select * from ${loads} where ${[...ofTable, ...ofSource, unseen].join(' and ')}`
}

function markOf({ check, table }: Look): string {
  return `check ${check.name} ${table}`
}
