/** The ledger line by line, in the order in which the loads were entered. */
import type { Day } from '../calendar.js'
import { tableNamed } from '../tables/catalogue.js'
import type { LedgerLoad } from './bronze/enter-load.js'
import { type Engine, type Row, rowsOf } from './engine.js'
import { literal } from './sql-text.js'

/** A load that Bronze holds. */
export interface LedgerLine extends LedgerLoad {
  /** Unix milliseconds. */
  readonly loadedAt: number
}

/** From which load on. */
export type Since = { readonly day: Day } | { readonly loadId: string }

/**
 * The loads since a day in the zone, or since a load, it included; none where there is no such load.
 * @param timeZone IANA
 */
export async function loadsSince(
  engine: Engine,
  since: Since,
  timeZone: string,
): Promise<readonly LedgerLine[]> {
  const condition =
    'day' in since
      ? `day_in(${literal(timeZone)}, loaded_at) >= date ${literal(since.day)}`
      : `loaded_at >= (select loaded_at from meta.loads where load_id = ${literal(since.loadId)})`
  return linesWhere(engine, condition)
}

/** The lines of these loads. */
export async function linesOf(engine: Engine, loadIds: readonly string[]): Promise<readonly LedgerLine[]> {
  if (loadIds.length === 0) return []
  return linesWhere(engine, `load_id in (${loadIds.map(literal).join(', ')})`)
}

async function linesWhere(engine: Engine, condition: string): Promise<readonly LedgerLine[]> {
  const rows = await rowsOf(
    engine,
    `select load_id, source, entity, table_name, mode, "window", started_at, loaded_at, requests, watermark
     from meta.loads where ${condition}`,
  )
  // What shares an instant keeps the ledger's order.
  return rows.map(lineOf).sort((one, other) => one.loadedAt - other.loadedAt)
}

function lineOf(row: Row): LedgerLine {
  return {
    loadId: String(row.load_id),
    source: String(row.source),
    entity: String(row.entity),
    table: tableNamed(String(row.table_name)),
    mode: String(row.mode),
    window: String(row.window),
    startedAt: Date.parse(String(row.started_at)),
    loadedAt: Date.parse(String(row.loaded_at)),
    requests: Number(row.requests),
    watermark: row.watermark === null || row.watermark === undefined ? null : Number(row.watermark),
  }
}

/** Which kind of record a line is about that was derived from a load of events, and which load that was. */
export function parentOf({ loadId, mode }: Pick<LedgerLine, 'loadId' | 'mode'>): string | undefined {
  return mode === 'events' ? loadId.slice(0, loadId.lastIndexOf('-')) : undefined
}
