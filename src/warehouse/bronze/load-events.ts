/**
 * Loading the log of events: what it says of records that were deleted or restored becomes rows of those records'
 * tables in the same commit (`row_source` event), so that Silver can be rebuilt from each table alone.
 */
import { existenceTables, existenceTypes, type RecordKind, recordKinds } from '../../existence-events.js'
import { tableNamed } from '../../tables/catalogue.js'
import { qualifiedName } from '../../tables/table.js'
import { type Engine, numbersOf } from '../engine.js'
import { instantLiteral, literal } from '../sql-text.js'
import { enterInLedger, type LedgerLoad } from './enter-load.js'
import { loadRecords } from './load-records.js'
import type { LoadOutcome, LoadSettings, PackageToLoad } from './package-to-load.js'

/** @throws RowsUnaccountedError */
export async function loadEvents(
  engine: Engine,
  load: PackageToLoad,
  settings: LoadSettings,
): Promise<LoadOutcome> {
  return loadRecords(engine, load, settings, {
    alsoEnter: async () => {
      for (const kind of recordKinds) await enterExistence(engine, load, kind, settings)
    },
  })
}

/**
 * Enters what the events of a load say of records of a kind, as far as it has not been entered. On records that are
 * known: an event about one that was never seen says nothing that Silver could show.
 * @param load the load of events
 */
export async function enterExistence(
  engine: Engine,
  load: LedgerLoad,
  kind: RecordKind,
  settings: LoadSettings,
): Promise<void> {
  const table = tableNamed(`bronze.${existenceTables[kind]}`)
  const bronze = qualifiedName(table)
  const { deleted, restored } = existenceTypes(kind)
  const loadId = `${load.loadId}-${kind}`
  const ofLoad = `load_id = ${literal(loadId)}`
  const told = `from bronze.amocrm_events
     where load_id = ${literal(load.loadId)}
       and type in (${literal(deleted)}, ${literal(restored)})
       and created_at between 0 and 253402300799
       and entity_id in (select id from ${bronze})
       and 'event ' || id not in (select row_hash from ${bronze} where ${ofLoad})`
  const { news, held, lines } = await numbersOf(engine, {
    news: `select count(*) ${told}`,
    held: `select count(*) from ${bronze} where ${ofLoad}`,
    lines: `select count(*) from meta.loads where ${ofLoad}`,
  })
  if (news + held === 0) return
  if (news > 0) {
    await engine.run(
      `insert into ${bronze}
         (id, updated_by, updated_at, is_deleted, row_source, observed_at, row_hash, loaded_at, load_id)
       select entity_id, created_by, created_at, type = ${literal(deleted)}, 'event', instant_at(created_at * 1000),
         'event ' || id, ${instantLiteral(settings.loadedAt)}, ${literal(loadId)}
       ${told}`,
    )
  }
  if (lines > 0) await engine.run(`delete from meta.loads where ${ofLoad}`)
  await enterInLedger(
    engine,
    {
      ...load,
      loadId,
      entity: existenceTables[kind].replace('amocrm_', ''),
      table,
      mode: 'events',
      watermark: null,
    },
    { rows: 0, unchanged: 0, rejects: 0, inferred: news + held, received: 0, missing: null },
    settings,
  )
}
