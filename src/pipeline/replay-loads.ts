/**
 * Rebuilding Bronze from the archive: loads are taken out and entered again, in their order, as the present code reads
 * their answers, in one commit.
 */
import { isDay } from '../calendar.js'
import { InterruptedError, messageOf, UnavailableError, UsageError } from '../errors.js'
import { existenceTables, recordKinds } from '../existence-events.js'
import { findLoaded, type LoadPackage } from '../landing/load-package.js'
import { withScratch } from '../landing/scratch.js'
import { readModels } from '../models/definition.js'
import { noteForReaders } from '../models/scope.js'
import { tableNamed } from '../tables/catalogue.js'
import { qualifiedName } from '../tables/table.js'
import { enterExistence } from '../warehouse/bronze/load-events.js'
import { withdrawLoads } from '../warehouse/bronze/withdraw-loads.js'
import { noteUnaccounted } from '../warehouse/conservation.js'
import type { Engine } from '../warehouse/engine.js'
import { type LedgerLine, loadsSince, parentOf, type Since } from '../warehouse/ledger-lines.js'
import { type PipelineContext, withWarehouse } from './context.js'
import { type Entry, enter } from './enter-package.js'
import { digestKeyOf } from './extract.js'
import { replayedEntry } from './replayed-entry.js'
import type { Source } from './source.js'

export interface ReplayOptions {
  /** A day in the configured zone, or the id of a load: it and all later ones are entered again. */
  readonly from: string
  /** Absent: every source. */
  readonly source: Source | undefined
  /** Names of entities; empty for all. What else has rows in their tables is entered again with them. */
  readonly entities: readonly string[]
}

export interface ReplaySummary {
  /** How many loads were entered again. */
  readonly loads: number
  /** The Bronze tables that they belong to. */
  readonly tables: readonly string[]
}

/**
 * Enters the loads again and notes for every model that reads their tables that it is to be rebuilt whole.
 * @throws UsageError `archive_incomplete` naming the loads that the archive does not hold whole, `load_unknown`;
 *   RowsUnaccountedError; InterruptedError. Nothing is changed then.
 */
export async function replayLoads(context: PipelineContext, options: ReplayOptions): Promise<ReplaySummary> {
  const { config, clock, reporter, signal } = context
  const since: Since = isDay(options.from) ? { day: options.from } : { loadId: options.from }
  const known = await withWarehouse(context, 'read', engine => loadsSince(engine, since, config.timezone))
  if ('loadId' in since && known.length === 0) throw unknownLoad(since.loadId)
  const chosen = chosenLines(known, options)
  const packages = await packagesOf(chosen, config.landing.path)
  return withScratch(config.landing.path, { clock, signal }, async open => {
    const entries = new Map<string, Entry>()
    const unreadable: Unreadable[] = []
    for (const [index, { loadId, whole }] of packages.entries()) {
      if (signal.aborted) throw new InterruptedError()
      reporter.progress({ label: 'reading the archive', done: index, total: packages.length, unit: 'loads' })
      try {
        entries.set(loadId, await replayedEntry(whole, await open(loadId), digestKeyOf(config)))
      } catch (error) {
        if (!(error instanceof UnavailableError) || error.code === 'disk_full') throw error
        unreadable.push({ loadId, why: error.message })
      }
    }
    if (unreadable.length > 0) throw incomplete(unreadable)
    await withWarehouse(context, 'write', engine => {
      const rebuild = async (): Promise<void> => {
        await refuseOthers(engine, known, since, config.timezone)
        await withdrawLoads(engine, chosen)
        for (const line of chosen) await enterAgain(engine, line, entries, config.timezone)
        await noteReaders(engine, chosen, clock.now())
      }
      return noteUnaccounted(engine, clock.now(), () => engine.atomically(rebuild))
    })
    return { loads: entries.size, tables: tablesOf(chosen) }
  })
}

/** The loads that bring rows to the tables of what is named. */
function chosenLines(
  known: readonly LedgerLine[],
  { source, entities }: ReplayOptions,
): readonly LedgerLine[] {
  const ofSource = known.filter(line => source === undefined || line.source === source)
  if (entities.length === 0) return ofSource
  const named = ofSource.filter(({ entity }) => entities.includes(entity))
  const tables = new Set(tablesOf(named))
  // What events tell of deletions is judged together with everything else that is known of those records.
  if (tables.has('bronze.amocrm_events')) {
    for (const kind of recordKinds) tables.add(`bronze.${existenceTables[kind]}`)
  }
  return ofSource.filter(({ table }) => tables.has(qualifiedName(table)))
}

function tablesOf(lines: readonly LedgerLine[]): readonly string[] {
  return [...new Set(lines.map(({ table }) => qualifiedName(table)))]
}

interface Archived {
  readonly loadId: string
  readonly whole: LoadPackage
}

interface Unreadable {
  readonly loadId: string
  readonly why: string
}

/** @throws UsageError `archive_incomplete` */
async function packagesOf(lines: readonly LedgerLine[], root: string): Promise<readonly Archived[]> {
  const found: Archived[] = []
  const unreadable: Unreadable[] = []
  for (const line of lines) {
    if (parentOf(line) !== undefined) continue
    const { loadId } = line
    try {
      const whole = await findLoaded(root, line)
      if (whole) found.push({ loadId, whole })
      else unreadable.push({ loadId, why: 'the archive no longer has it' })
    } catch (error) {
      unreadable.push({ loadId, why: messageOf(error) })
    }
  }
  if (unreadable.length > 0) throw incomplete(unreadable)
  return found
}

const mostListed = 20

function incomplete(unreadable: readonly Unreadable[]): UsageError {
  const listed = unreadable.slice(0, mostListed).map(({ loadId, why }) => `${loadId}: ${why}`)
  const rest = unreadable.length - listed.length
  return new UsageError(
    'archive_incomplete',
    `${unreadable.length} of the loads cannot be read again, so that nothing was changed: ${listed.join('; ')}` +
      `${rest > 0 ? `; and ${rest} more` : ''}.`,
    {
      advice:
        'Name a later day or load, from which on the archive is whole (landing.keep_days says how long it is kept).',
    },
  )
}

function unknownLoad(loadId: string): UsageError {
  return new UsageError(
    'load_unknown',
    `${JSON.stringify(loadId)} is neither a day nor a load in the ledger.`,
    {
      advice: 'Name a day as YYYY-MM-DD, or a load: hubdwh sql "select load_id from meta.loads".',
    },
  )
}

/** Older loads must not be judged in the light of one that came meanwhile. */
async function refuseOthers(
  engine: Engine,
  known: readonly LedgerLine[],
  since: Since,
  timeZone: string,
): Promise<void> {
  const now = await loadsSince(engine, since, timeZone)
  if (now.length === known.length) return
  throw new UnavailableError('loaded_meanwhile', 'Something was loaded while the archive was read.', {
    advice: 'Run the same command again while nothing else runs; nothing was changed.',
  })
}

async function enterAgain(
  engine: Engine,
  line: LedgerLine,
  entries: ReadonlyMap<string, Entry>,
  timeZone: string,
): Promise<void> {
  const settings = { loadedAt: line.loadedAt, timeZone }
  const parent = parentOf(line)
  if (parent !== undefined) {
    // Its load of events brings it itself, where that is entered again too.
    const kind = recordKinds.find(each => line.loadId === `${parent}-${each}`)
    if (kind && !entries.has(parent))
      await enterExistence(engine, { ...line, loadId: parent }, kind, settings)
    return
  }
  const entry = entries.get(line.loadId)
  if (!entry) throw new Error(`${line.loadId} has not been read`)
  await enter(engine, entry, settings)
}

async function noteReaders(engine: Engine, lines: readonly LedgerLine[], now: number): Promise<void> {
  const tables = tablesOf(lines)
  const upstream = tables.includes('bronze.alaqan_visits') ? [...tables, 'meta.alaqan_answers'] : tables
  const models = await readModels()
  for (const table of upstream) await noteForReaders(engine, models, tableNamed(table), null, now)
}
