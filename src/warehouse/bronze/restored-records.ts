import { existenceTables, recordKinds } from '../../existence-events.js'
import { type Engine, rowsOf } from '../engine.js'
import { isEntered } from '../ledger.js'

/**
 * Records of which an event said last that they were restored, by entity: the list has not shown them since, perhaps
 * because a restored record keeps the time of its last change.
 */
export async function restoredRecords(engine: Engine): Promise<ReadonlyMap<string, readonly number[]>> {
  const restored = new Map<string, readonly number[]>()
  for (const kind of recordKinds) {
    const table = existenceTables[kind]
    const rows = await rowsOf(
      engine,
      `select id from (
         select id, row_source, is_deleted,
           row_number() over (partition by id order by observed_at desc, loaded_at desc) as place
         from bronze.${table}
         where id in (select id from bronze.${table} where row_source = 'event' and not is_deleted)
           and ${isEntered}
       ) as known
       where place = 1 and row_source = 'event' and not is_deleted
       order by id`,
    )
    if (rows.length > 0)
      restored.set(
        table.replace('amocrm_', ''),
        rows.map(row => Number(row.id)),
      )
  }
  return restored
}
