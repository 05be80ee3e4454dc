import { type Engine, rowsOf } from '../../warehouse/engine.js'

/** Days whose newest answer is held back, ascending. */
export async function heldDays(engine: Engine): Promise<readonly string[]> {
  const rows = await rowsOf(
    engine,
    `select visit_date from (
       select visit_date, verdict, row_number() over (partition by visit_date order by answered_at desc) as place
       from meta.alaqan_answers where endpoint = 'byDate'
     ) as answers
     where place = 1 and verdict = 'held' order by visit_date`,
  )
  return rows.map(row => String(row.visit_date))
}
