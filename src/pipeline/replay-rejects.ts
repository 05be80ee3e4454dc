/**
 * Reading again what was set aside, after a mapping or a rule was changed: from the archive what Bronze did not take,
 * from Bronze what Silver did not take. What passes leaves the list; what does not is told, with the reason.
 */
import { InterruptedError, UnavailableError } from '../errors.js'
import { findLoaded } from '../landing/load-package.js'
import { type ScratchFiles, withScratch } from '../landing/scratch.js'
import { type Model, readModels } from '../models/definition.js'
import { noteForReaders, noteScopes } from '../models/scope.js'
import { enterPassed, placeOf, touchedBy } from '../warehouse/bronze/enter-passed.js'
import { noteUnaccounted } from '../warehouse/conservation.js'
import type { Engine } from '../warehouse/engine.js'
import { type LedgerLine, linesOf } from '../warehouse/ledger-lines.js'
import { type KnownReject, knownRejects, type RejectFilter } from '../warehouse/rejects.js'
import { type PipelineContext, withWarehouse } from './context.js'
import { replayPackage } from './replay.js'
import { sourcesIn } from './source.js'
import { type TransformOutcome, transform } from './transform.js'

/** What became of the rejects of one table and rule. */
export interface ReplayedRejects {
  readonly table: string
  readonly rule: string
  readonly passed: number
  readonly stayed: readonly Stayed[]
}

export interface Stayed {
  readonly count: number
  readonly why: string
}

export interface RejectsReplay extends TransformOutcome {
  readonly rejects: readonly ReplayedRejects[]
}

const stillBroken = 'they still break a rule'

/**
 * Reads them again, enters what passes under the load that brought it, one commit a load, and rebuilds what rests on it.
 * Doing it again changes nothing.
 * @throws UsageError `warehouse_missing`; RowsUnaccountedError; InterruptedError
 */
export async function replayRejects(context: PipelineContext, filter: RejectFilter): Promise<RejectsReplay> {
  const { config, clock, signal } = context
  const before = await withWarehouse(context, 'read', engine => knownRejects(engine, filter))
  if (before.length === 0) return { rejects: [], builds: [], checks: [], failures: [] }
  const inBronze = before.filter(({ table }) => table.startsWith('bronze.'))
  const inSilver = before.filter(({ table }) => !table.startsWith('bronze.'))
  const byLoad = new Map<string, KnownReject[]>()
  for (const reject of inBronze) {
    const ofLoad = byLoad.get(reject.loadId)
    if (ofLoad) ofLoad.push(reject)
    else byLoad.set(reject.loadId, [reject])
  }
  const lines = await withWarehouse(context, 'read', engine => linesOf(engine, [...byLoad.keys()]))
  const whys = new Map<KnownReject, string>()
  await withScratch(config.landing.path, { clock, signal }, async open => {
    const readings: Reading[] = []
    for (const line of lines) {
      if (signal.aborted) throw new InterruptedError()
      const wanted = byLoad.get(line.loadId) ?? []
      const reading = await readAgain(context, line, wanted, open)
      if (typeof reading === 'string') for (const reject of wanted) whys.set(reject, reading)
      else readings.push({ files: reading, line, wanted })
    }
    await withWarehouse(context, 'write', async engine => {
      const models = await readModels()
      for (const reading of readings) await enterReading(engine, context, models, reading, whys)
      await noteSilver(engine, models, inSilver, clock.now())
    })
  })
  const built = await rebuild(context, before)
  const after = await withWarehouse(context, 'read', engine => knownRejects(engine, anyRule(filter)))
  return { ...built, rejects: comparison(before, after, whys) }
}

/** A reject that passes one rule may break another. */
function anyRule(filter: RejectFilter): RejectFilter {
  return { ...filter, rule: undefined }
}

/** The wanted records of a load as they are judged now. */
interface Reading {
  readonly files: ScratchFiles
  readonly line: LedgerLine
  readonly wanted: readonly KnownReject[]
}

/** Puts the wanted records on disk as they are judged now; a text where that cannot be done, and why. */
async function readAgain(
  { config }: PipelineContext,
  line: LedgerLine,
  wanted: readonly KnownReject[],
  open: (name: string) => Promise<ScratchFiles>,
): Promise<ScratchFiles | string> {
  const places = new Set(wanted.map(({ origin }) => origin))
  const files = await open(line.loadId)
  try {
    const whole = await findLoaded(config.landing.path, line)
    if (!whole) return 'the archive no longer has their load'
    for await (const { answer, records } of replayPackage(whole)) {
      for (const record of records) {
        const { position } = record
        if (record.kind === 'repeated' || !places.has(placeOf(answer, position))) continue
        if (record.kind === 'reject') await files.addReject({ ...record.reject, answer })
        else await files.addRow({ ...record.row, answer, position })
      }
    }
    return files
  } catch (error) {
    if (!(error instanceof UnavailableError) || error.code === 'disk_full') throw error
    return error.message
  } finally {
    await files.close()
  }
}

async function enterReading(
  engine: Engine,
  { config, clock }: PipelineContext,
  models: readonly Model[],
  { line, wanted, files }: Reading,
  whys: Map<KnownReject, string>,
): Promise<void> {
  const now = clock.now()
  const noteReaders = async (): Promise<void> => {
    for (const { table, changes } of touchedBy(line)) {
      await noteForReaders(engine, models, table, changes, now)
    }
  }
  const { waiting } = await noteUnaccounted(engine, now, () =>
    enterPassed(engine, { line, ...files }, { now, timeZone: config.timezone }, noteReaders),
  )
  for (const reject of wanted) {
    if (reject.origin !== null && waiting.has(reject.origin)) {
      whys.set(reject, 'the load that holds their day has not let them pass')
    }
  }
}

async function noteSilver(
  engine: Engine,
  models: readonly Model[],
  rejects: readonly KnownReject[],
  now: number,
): Promise<void> {
  for (const model of models) {
    const scopes = new Set(
      rejects.filter(({ table }) => table === model.name).flatMap(({ scope }) => scope ?? []),
    )
    if (scopes.size > 0) await noteScopes(engine, model, [...scopes], now)
  }
}

async function rebuild(context: PipelineContext, rejects: readonly KnownReject[]): Promise<TransformOutcome> {
  const outcomes: TransformOutcome[] = []
  for (const source of sourcesIn(context.config)) {
    if (!rejects.some(({ table }) => table.includes(`.${source}_`))) continue
    outcomes.push(await transform(context, { source, layer: undefined, isFull: false, accepted: [] }))
  }
  return {
    builds: outcomes.flatMap(({ builds }) => builds),
    checks: outcomes.flatMap(({ checks }) => checks),
    failures: outcomes.flatMap(({ failures }) => failures),
  }
}

function comparison(
  before: readonly KnownReject[],
  after: readonly KnownReject[],
  whys: ReadonlyMap<KnownReject, string>,
): readonly ReplayedRejects[] {
  const left = new Map<string, number>()
  for (const reject of after) left.set(nameOf(reject), (left.get(nameOf(reject)) ?? 0) + 1)
  const groups = new Map<
    string,
    { table: string; rule: string; passed: number; stayed: Map<string, number> }
  >()
  for (const reject of before) {
    const { table, rule } = reject
    const name = `${table} ${rule}`
    const group = groups.get(name) ?? { table, rule, passed: 0, stayed: new Map<string, number>() }
    groups.set(name, group)
    const count = left.get(nameOf(reject)) ?? 0
    if (count === 0) {
      group.passed += 1
      continue
    }
    left.set(nameOf(reject), count - 1)
    const why = whys.get(reject) ?? stillBroken
    group.stayed.set(why, (group.stayed.get(why) ?? 0) + 1)
  }
  return [...groups.values()]
    .map(({ stayed, ...group }) => ({
      ...group,
      stayed: [...stayed].map(([why, count]) => ({ count, why })),
    }))
    .sort((one, other) => (`${one.table} ${one.rule}` < `${other.table} ${other.rule}` ? -1 : 1))
}

function nameOf({ table, loadId, scope, origin }: KnownReject): string {
  return JSON.stringify([table, loadId, scope, origin])
}
