/** What the warehouse holds, until when, and what is missing. Reads only. */
import { type DayRange, daysFromTo, toRanges, yesterday } from '../calendar.js'
import type { Config } from '../config/config.js'
import { allTables } from '../tables/catalogue.js'
import { qualifiedName, type Schema } from '../tables/table.js'
import { type Engine, type Row, rowsOf } from '../warehouse/engine.js'
import { readLedger } from '../warehouse/ledger.js'

export interface TableStatus {
  readonly table: string
  readonly schema: Schema
  readonly rows: number
  /** When it was last loaded or built: ISO 8601; null where never. */
  readonly updatedAt: string | null
  /** Until when the source has been read: a day, or an instant in ISO 8601; null where nothing tells. */
  readonly until: string | null
  readonly rejects: number
  /** Whether something upstream has changed that the table does not show yet. */
  readonly isBehind: boolean
}

export interface Status {
  readonly tables: readonly TableStatus[]
  /** Days of Alaqan, from `start_date` to yesterday, that no final answer is known for. */
  readonly gaps: readonly DayRange[]
  /** Days whose newest answer is held back until it is said again or accepted. */
  readonly heldDays: readonly string[]
}

/**
 * @param now Unix milliseconds
 */
export async function readStatus(engine: Engine, config: Config, now: number): Promise<Status> {
  const counts = await tableCounts(engine)
  const loads = byTable(
    await rowsOf(
      engine,
      `select table_name, max(loaded_at) as updated_at, to_timestamp(max(watermark)) as until
       from meta.loads group by table_name`,
    ),
  )
  const models = byTable(
    await rowsOf(engine, 'select model as table_name, built_at as updated_at from meta.models'),
  )
  const rejects = byTable(
    await rowsOf(engine, 'select table_name, count(*) as rejects from meta.rejects group by table_name'),
  )
  const behind = byTable(await rowsOf(engine, 'select distinct model as table_name from meta.pending_scopes'))
  const ledger = await readLedger(engine, config.timezone)
  const lastDay = [...ledger.finalDays].sort().at(-1)
  const tables = allTables
    .filter(table => table.schema !== 'meta')
    .map((table): TableStatus => {
      const name = qualifiedName(table)
      const known = loads.get(name) ?? models.get(name)
      const until = name === 'bronze.alaqan_visits' ? lastDay : known?.until
      return {
        table: name,
        schema: table.schema,
        rows: counts.get(name) ?? 0,
        updatedAt: textOf(known?.updated_at),
        until: textOf(until),
        rejects: Number(rejects.get(name)?.rejects ?? 0),
        isBehind: behind.has(name),
      }
    })
  return { tables, gaps: gapsIn(config, ledger.finalDays, now), heldDays: await heldDays(engine) }
}

async function tableCounts(engine: Engine): Promise<ReadonlyMap<string, number>> {
  const selects = allTables
    .filter(table => table.schema !== 'meta')
    .map(qualifiedName)
    .map(name => `select '${name}' as table_name, count(*) as row_count from ${name}`)
  const rows = await rowsOf(engine, selects.join(' union all '))
  return new Map(rows.map(row => [String(row.table_name), Number(row.row_count)]))
}

function byTable(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map(row => [String(row.table_name), row]))
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

function gapsIn(config: Config, finalDays: ReadonlySet<string>, now: number): readonly DayRange[] {
  if (!config.alaqan) return []
  const due = daysFromTo(config.alaqan.startDate, yesterday(now, config.timezone))
  return toRanges(due.filter(day => !finalDays.has(day)))
}

/** Days whose newest answer is held back, ascending. */
export async function heldDays(engine: Engine): Promise<readonly string[]> {
  const rows = await rowsOf(
    engine,
    `select visit_date from meta.alaqan_answers where endpoint = 'byDate'
     qualify row_number() over (partition by visit_date order by answered_at desc) = 1 and verdict = 'held'
     order by visit_date`,
  )
  return rows.map(row => String(row.visit_date))
}
