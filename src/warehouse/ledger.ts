/** What the warehouse says has been loaded. The ledger is a set of intervals, not one high-water mark: gaps are seen. */
import type { Day } from '../calendar.js'
import { type Engine, rowsOf } from './engine.js'
import { literal } from './sql-text.js'

/**
 * Whether a row of Bronze, or of `meta.alaqan_answers`, belongs to a load that was entered to its end. Where an engine has no
 * commit over several tables, rows of a load that was broken off are there until the load is entered again.
 */
export const isEntered = 'load_id in (select load_id from meta.loads)'

export interface Ledger {
  /** Days of Alaqan with an answer that came after the day was over. */
  readonly finalDays: ReadonlySet<Day>
  /** amoCRM entity → everything is read until here, Unix seconds. */
  readonly watermarks: ReadonlyMap<string, number>
  /** amoCRM entity → the last reading of everything. */
  readonly wholeReadings: ReadonlyMap<string, WholeReading>
}

export interface WholeReading {
  /** Unix milliseconds. */
  readonly startedAt: number
  /** Whether what it missed has been asked for. */
  readonly isFinished: boolean
}

export const emptyLedger: Ledger = { finalDays: new Set(), watermarks: new Map(), wholeReadings: new Map() }

/**
 * Reads the ledger.
 * @param timeZone IANA: an answer is final that came after its day was over there
 */
export async function readLedger(engine: Engine, timeZone: string): Promise<Ledger> {
  const days = await rowsOf(
    engine,
    `select distinct visit_date from meta.alaqan_answers
     where endpoint = 'byDate' and ${isEntered}
       and day_in(${literal(timeZone)}, answered_at) > visit_date`,
  )
  const watermarks = await rowsOf(
    engine,
    `select entity, max(watermark) as watermark from meta.loads
     where source = 'amocrm' and watermark is not null group by entity`,
  )
  const wholeReadings = await rowsOf(
    engine,
    `select whole.entity, unix_ms(whole.started_at) as started_at,
       coalesce(whole.missing, 0) = 0 or coalesce(asked.started_at >= whole.started_at, false) as is_finished
     from (
       select entity, started_at, missing, row_number() over (partition by entity order by started_at desc) as place
       from meta.loads where source = 'amocrm' and mode = 'everything'
     ) as whole
     left join (
       select entity, max(started_at) as started_at from meta.loads
       where source = 'amocrm' and mode = 'asked' group by entity
     ) as asked on asked.entity = whole.entity
     where whole.place = 1`,
  )
  return {
    finalDays: new Set(days.map(row => String(row.visit_date))),
    watermarks: new Map(watermarks.map(row => [String(row.entity), Number(row.watermark)])),
    wholeReadings: new Map(
      wholeReadings.map(row => [
        String(row.entity),
        { startedAt: Number(row.started_at), isFinished: row.is_finished === true },
      ]),
    ),
  }
}
