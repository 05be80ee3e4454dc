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
  const lines = looks.map((look, index) => {
    const { ofTable = '', ofSource = '' } = rangeOf(look)
    return `(${index}, ${[markOf(look), ofTable, ofSource].map(literal).join(', ')})`
  })
  // One join, and not a question for each look: Spark takes seconds to plan a hundred of them.
  const rows = await rowsOf(
    engine,
    `with ledger as (
       select load_id, table_name as of_table, source from meta.loads
       union all select load_id, '' as of_table, source from meta.loads
     )
     select distinct looks.look
     from (values ${lines.join(', ')}) as looks(look, mark, of_table, of_source)
     join ledger on ledger.of_table = looks.of_table and looks.of_source in ('', ledger.source)
     left join meta.model_loads as seen on seen.model = looks.mark and seen.load_id = ledger.load_id
     where seen.load_id is null`,
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
export function newLoads(look: Look): string {
  const { ofTable, ofSource } = rangeOf(look)
  const conditions = [
    ...(ofTable === undefined ? [] : [`table_name = ${literal(ofTable)}`]),
    ...(ofSource === undefined ? [] : [`source = ${literal(ofSource)}`]),
    `load_id not in (select load_id from meta.model_loads where model = ${literal(markOf(look))})`,
  ]
  return `select * from meta.loads where ${conditions.join(' and ')}`
}

/** Which loads concern a look; what is undefined does not matter. */
function rangeOf({ table, source }: Look): { readonly ofTable?: string; readonly ofSource?: string } {
  return {
    ...(table.startsWith('bronze.') ? { ofTable: table } : {}),
    ...(source === undefined ? {} : { ofSource: source }),
  }
}

function markOf({ check, table }: Look): string {
  return `check ${check.name} ${table}`
}
