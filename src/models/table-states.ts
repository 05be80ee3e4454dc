/** Whether the rows of a table are the same as some time ago: a count of its changes, kept in the warehouse itself. */
import { metaModels, metaTableChanges } from '../tables/meta.js'
import { qualifiedName } from '../tables/table.js'
import { type Engine, numberOf, rowsOf } from '../warehouse/engine.js'
import { instantLiteral, literal } from '../warehouse/sql-text.js'

/** Notes that rows of a table have changed, as a part of the commit that changes them. @param now Unix milliseconds */
export async function noteChanged(engine: Engine, table: string, now: number): Promise<void> {
  const lines = `select count(*) from meta.table_changes where table_name = ${literal(table)}`
  await engine.run(changeNoted(table, (await numberOf(engine, lines)) > 0, now))
}

/** The statement that does it. @param isCounted whether a change of the table was ever noted */
export function changeNoted(table: string, isCounted: boolean, now: number): string {
  const [name, at] = [literal(table), instantLiteral(now)]
  return isCounted
    ? `update meta.table_changes set changes = changes + 1, changed_at = ${at} where table_name = ${name}`
    : `insert into meta.table_changes values (${name}, 1, ${at})`
}

export interface TableState {
  /** `gold.amocrm_sales_funnel`. */
  readonly table: string
  /** Another text whenever its rows are others. */
  readonly state: string
  /** Unix milliseconds. */
  readonly changedAt: number
}

/** The states of all tables that were ever built. */
export async function tableStates(engine: Engine): Promise<readonly TableState[]> {
  if (!(await engine.hasTable(qualifiedName(metaModels)))) return []
  // A warehouse of an older version has counted nothing yet.
  const isCounting = await engine.hasTable(qualifiedName(metaTableChanges))
  const rows = await rowsOf(
    engine,
    isCounting
      ? `select models.model, models.built_at, counted.changes, counted.changed_at
         from meta.models as models left join meta.table_changes as counted on counted.table_name = models.model
         union all
         select table_name, changed_at, changes, changed_at from meta.table_changes
         where table_name not in (select model from meta.models)`
      : 'select model, built_at, 0 as changes, built_at as changed_at from meta.models',
  )
  const states = rows.map(({ model, built_at, changes, changed_at }): TableState => {
    const changedAt = Date.parse(String(changed_at ?? built_at))
    const state = changes === null ? 'never changed' : `${changes} at ${changedAt}`
    return { table: String(model), state, changedAt }
  })
  return states.sort((one, other) => (one.table < other.table ? -1 : 1))
}
