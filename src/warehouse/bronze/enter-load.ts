/** What every load leaves behind besides its rows: rejects, the conservation of rows, and its line in the ledger. */
import { CheckFailedError } from '../../errors.js'
import { qualifiedName } from '../../tables/table.js'
import { type Engine, numberOf } from '../engine.js'
import { identifier, instantLiteral, literal } from '../sql-text.js'
import type { LoadOutcome, LoadSettings, PackageToLoad } from './package-to-load.js'

/**
 * Carries out a load as one commit: rows first, the ledger's line last. A load that is in the ledger already is
 * left alone, so that loading again changes nothing.
 * @param addRows adds the rows and says how many records it stored and how many it found unchanged
 * @throws CheckFailedError `rows_unaccounted` where received ≠ stored + unchanged + rejects; nothing is loaded then
 */
export async function enterLoad(
  engine: Engine,
  load: PackageToLoad,
  settings: LoadSettings,
  addRows: () => Promise<Pick<LoadOutcome, 'rows' | 'unchanged' | 'inferred' | 'warnings'>>,
): Promise<LoadOutcome> {
  const known = await numberOf(
    engine,
    `select count(*) from meta.loads where load_id = ${literal(load.loadId)}`,
  )
  if (known > 0) {
    return {
      loadId: load.loadId,
      rows: 0,
      unchanged: 0,
      rejects: 0,
      inferred: 0,
      wasLoaded: true,
      warnings: [],
    }
  }
  return engine.atomically(async () => {
    const added = await addRows()
    const rejects = await enterRejects(engine, load, settings)
    const unchanged = added.unchanged + load.repeated
    const difference = load.records - added.rows - unchanged - rejects
    if (difference !== 0) {
      throw new CheckFailedError(
        'rows_unaccounted',
        `Load ${load.loadId}: of ${load.records} records received, ${added.rows} are stored, ${unchanged} unchanged and ` +
          `${rejects} set aside; ${difference} are unaccounted for. Nothing was loaded.`,
        {
          advice:
            'Keep the load package and report this: it is a defect, or the package was changed by hand.',
        },
      )
    }
    await engine.run(
      `insert into meta.reconciliation values (${literal(qualifiedName(load.table))}, ${literal(load.loadId)}, ` +
        `${instantLiteral(settings.loadedAt)}, ${load.records}, ${added.rows}, ${unchanged}, 0, ${rejects}, 0, 0)`,
    )
    await engine.run(
      `insert into meta.loads (load_id, source, entity, ${identifier('window')}, status, ${identifier('rows')}, rejects, ` +
        'started_at, loaded_at, table_name, received, unchanged, inferred, requests, watermark) values (' +
        `${[load.loadId, load.source, load.entity, load.window, 'loaded'].map(literal).join(', ')}, ` +
        `${added.rows + added.inferred}, ${rejects}, ${instantLiteral(load.startedAt)}, ` +
        `${instantLiteral(settings.loadedAt)}, ${literal(qualifiedName(load.table))}, ${load.records}, ${unchanged}, ` +
        `${added.inferred}, ${load.requests}, ${load.watermark ?? 'null'})`,
    )
    return { loadId: load.loadId, ...added, unchanged, rejects, wasLoaded: false }
  })
}

async function enterRejects(engine: Engine, load: PackageToLoad, settings: LoadSettings): Promise<number> {
  if (load.rejects === 0) return 0
  await engine.materializeFile('received_rejects', load.rejectsPath, [
    { name: 'rule', type: 'string' },
    { name: 'detail', type: 'string' },
    { name: 'record', type: 'string' },
    { name: 'position', type: 'bigint' },
    { name: 'answer', type: 'bigint' },
  ])
  await engine.run(
    'insert into meta.rejects (load_id, table_name, rule, detail, record, rejected_at, scope, origin) ' +
      `select ${literal(load.loadId)}, ${literal(qualifiedName(load.table))}, rule, detail, record, ` +
      `${instantLiteral(settings.loadedAt)}, null, 'answer ' || answer || ', record ' || position from received_rejects`,
  )
  return numberOf(engine, 'select count(*) from received_rejects')
}
