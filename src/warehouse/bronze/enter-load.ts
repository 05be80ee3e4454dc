/** What every load leaves behind besides its rows: rejects, the conservation of rows, and its line in the ledger. */
import { UnavailableError } from '../../errors.js'
import { qualifiedName } from '../../tables/table.js'
import { differenceOf, noteConservation, RowsUnaccountedError } from '../conservation.js'
import { type Engine, numberOf, numbersOf } from '../engine.js'
import { columnList, instantLiteral, literal } from '../sql-text.js'
import { noteShape } from './note-shape.js'
import type { LoadOutcome, LoadSettings, PackageToLoad } from './package-to-load.js'

/**
 * Carries out a load as one commit: rows first, the ledger's line last, since where an engine has no commit over several
 * tables it is that line which makes the rows count, and which is only written where nobody else has entered a load
 * since this one was judged. A load that is in the ledger already is left alone, so that
 * loading again changes nothing.
 * @param addRows adds the rows and says how many records it stored and how many it found unchanged
 * @throws RowsUnaccountedError where received ≠ stored + unchanged + rejects + erased; nothing is loaded then
 */
export async function enterLoad(
  engine: Engine,
  load: PackageToLoad,
  settings: LoadSettings,
  addRows: () => Promise<AddedRows>,
): Promise<LoadOutcome> {
  return engine.atomically(async () => {
    if (await isInLedger(engine, load.loadId)) return nothingLoaded(load.loadId)
    const isOneByOne = engine.commits === 'one by one'
    const before = isOneByOne ? await otherLoads(engine, load) : undefined
    if (isOneByOne) await clearAway(engine, load)
    const added = await addRows()
    const rejects = await enterRejects(engine, load, settings)
    const unchanged = added.unchanged + load.repeated
    const counts = {
      table: qualifiedName(load.table),
      loadId: load.loadId,
      received: load.records,
      stored: added.rows,
      unchanged,
      superseded: 0,
      rejected: rejects,
      erased: load.erased,
    }
    if (differenceOf(counts) !== 0) {
      throw new RowsUnaccountedError(counts, {
        kept: 'Nothing was loaded.',
        advice: 'Keep the load package and report this: it is a defect, or the package was changed by hand.',
      })
    }
    await noteConservation(engine, counts, settings.loadedAt)
    const changes = await noteShape(engine, load, settings.loadedAt)
    const missing = added.missing?.ids.length ?? null
    await enterInLedger(
      engine,
      load,
      { ...added, unchanged, rejects, received: load.records, missing },
      settings,
      before === undefined ? undefined : `(${countOfOthers(load)}) = ${before}`,
    )
    if (isOneByOne && !(await isInLedger(engine, load.loadId))) throw overtaken()
    const warnings = [...added.warnings, ...changes]
    return { loadId: load.loadId, ...added, unchanged, rejects, warnings, wasLoaded: false }
  })
}

type Named = Pick<PackageToLoad, 'loadId'>

/** How many loads the ledger has besides this one, and those that are derived from it. */
function otherLoads(engine: Engine, load: Named): Promise<number> {
  return numberOf(engine, countOfOthers(load))
}

function countOfOthers({ loadId }: Named): string {
  return `select count(*) from meta.loads where left(load_id, ${loadId.length}) <> ${literal(loadId)}`
}

/** Whoever shares no lock with us has entered a load since this one was judged: it has to be judged anew. */
function overtaken(): UnavailableError {
  return new UnavailableError('commit_conflict', 'Somebody else keeps entering loads at the same time.', {
    advice: 'Nothing of this load counts yet. Run the same command again when the other one is done.',
  })
}

async function isInLedger(engine: Engine, loadId: string): Promise<boolean> {
  return (await numberOf(engine, `select count(*) from meta.loads where load_id = ${literal(loadId)}`)) > 0
}

/** Takes away what an attempt has left that was broken off before the ledger's line. */
async function clearAway(engine: Engine, load: Pick<PackageToLoad, 'loadId' | 'table'>): Promise<void> {
  const tables = [
    qualifiedName(load.table),
    'meta.alaqan_answers',
    'meta.rejects',
    'meta.reconciliation',
    'meta.schema_changes',
  ]
  const ofLoad = `load_id = ${literal(load.loadId)}`
  const left = await numbersOf(
    engine,
    Object.fromEntries(tables.map(table => [table, `select count(*) from ${table} where ${ofLoad}`])),
  )
  for (const table of tables) {
    if ((left[table] ?? 0) > 0) await engine.run(`delete from ${table} where ${ofLoad}`)
  }
}

export type AddedRows = Pick<LoadOutcome, 'rows' | 'unchanged' | 'inferred' | 'missing' | 'warnings'>

function nothingLoaded(loadId: string): LoadOutcome {
  const nothing = { rows: 0, unchanged: 0, rejects: 0, inferred: 0 }
  return { loadId, ...nothing, missing: undefined, wasLoaded: true, warnings: [] }
}

/** What the ledger says of a load besides what it is. */
export interface LedgerCounts {
  readonly received: number
  readonly rows: number
  readonly unchanged: number
  readonly rejects: number
  readonly inferred: number
  readonly missing: number | null
}

/** What the ledger says that a load is. */
export type LedgerLoad = Omit<
  PackageToLoad,
  'rows' | 'rejected' | 'records' | 'repeated' | 'rejects' | 'erased'
>

/**
 * A line in the ledger: from then on the load is there.
 * @param condition what has to hold at the moment of the commit, or no line is written
 */
export async function enterInLedger(
  engine: Engine,
  load: LedgerLoad,
  counts: LedgerCounts,
  { loadedAt }: LoadSettings,
  condition = 'true',
): Promise<void> {
  const values = {
    load_id: literal(load.loadId),
    source: literal(load.source),
    entity: literal(load.entity),
    window: literal(load.window),
    status: literal('loaded'),
    rows: counts.rows + counts.inferred,
    rejects: counts.rejects,
    started_at: instantLiteral(load.startedAt),
    loaded_at: instantLiteral(loadedAt),
    table_name: literal(qualifiedName(load.table)),
    received: counts.received,
    unchanged: counts.unchanged,
    inferred: counts.inferred,
    mode: literal(load.mode),
    missing: counts.missing ?? 'null',
    requests: load.requests,
    watermark: load.watermark ?? 'null',
  }
  await engine.run(
    `insert into meta.loads (${columnList(Object.keys(values))})
     select ${Object.values(values).join(', ')} where ${condition}`,
  )
}

async function enterRejects(engine: Engine, load: PackageToLoad, settings: LoadSettings): Promise<number> {
  if (load.rejects === 0) return 0
  await engine.openRows('received_rejects', load.rejected, [
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
