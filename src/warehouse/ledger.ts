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
       and cast(timezone(${literal(timeZone)}, answered_at) as date) > visit_date`,
  )
  const watermarks = await rowsOf(
    engine,
    `select entity, max(watermark) as watermark from meta.loads
     where source = 'amocrm' and watermark is not null group by entity`,
  )
  const wholeReadings = await rowsOf(
    engine,
    `select whole.entity, whole.started_at, coalesce(whole.missing, 0) = 0 or exists (
       select 1 from meta.loads as asked
       where asked.source = 'amocrm' and asked.entity = whole.entity and asked.mode = 'asked'
         and asked.started_at >= whole.started_at
     ) as is_finished
     from meta.loads as whole
     where whole.source = 'amocrm' and whole.mode = 'everything'
     qualify row_number() over (partition by whole.entity order by whole.started_at desc) = 1`,
  )
  return {
    finalDays: new Set(days.map(row => String(row.visit_date))),
    watermarks: new Map(watermarks.map(row => [String(row.entity), Number(row.watermark)])),
    wholeReadings: new Map(
      wholeReadings.map(row => [
        String(row.entity),
        { startedAt: Date.parse(String(row.started_at)), isFinished: row.is_finished === true },
      ]),
    ),
  }
}
