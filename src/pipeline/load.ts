/** Carrying out a plan: extract into a load package, then enter the package into Bronze in one short commit. */
import { join } from 'node:path'
import { z } from 'zod'
import { createPrivateFolder } from '../durable-file.js'
import { InterruptedError } from '../errors.js'
import { land } from '../landing/land.js'
import {
  createPackage,
  discard,
  type LoadPackage,
  listUnfinished,
  markLoaded,
} from '../landing/load-package.js'
import { openWriter } from '../landing/package-writer.js'
import { withLock } from '../lock.js'
import type { LoadOutcome } from '../warehouse/bronze/package-to-load.js'
import { enteringWarehouse, type PipelineContext } from './context.js'
import { enter, packageToLoad, visitFacts } from './enter-package.js'
import { readErased } from './erased.js'
import type { Extractor } from './extractor.js'
import { daysOf, entityOf, type LoadUnit, loadUnitSchema, type PlannedUnit, windowOf } from './load-unit.js'
import { followUp } from './sweep.js'
import { namingUnaccounted } from './unaccounted-records.js'

/** What a unit came to. */
export interface LoadedUnit extends LoadOutcome {
  readonly source: LoadUnit['source']
  readonly entity: string
  readonly window: string
}

/**
 * Loads one entity: first what an earlier run left unfinished, then what is planned in the light of that. Other
 * processes that want the same entity wait or are told who has it.
 * @param plan asked for after the unfinished packages are loaded, and told whether there were any
 * @throws UnavailableError `locked`, and whatever extraction and loading throw; what was fetched is kept
 */
export async function loadEntity(
  entity: Pick<LoadUnit, 'source'> & { readonly name: string },
  plan: (hasLoaded: boolean) => Promise<readonly PlannedUnit[]>,
  extractor: Extractor,
  context: PipelineContext,
): Promise<readonly LoadedUnit[]> {
  const root = context.config.landing.path
  const folder = join(root, entity.source)
  await createPrivateFolder(folder)
  const lock = join(folder, `${entity.name}.lock`)
  const purpose = `loading ${entity.source} ${entity.name}`
  const { clock, signal } = context
  return withLock(lock, { purpose, clock, signal, waitMs: patienceMs }, async () => {
    const loaded: LoadedUnit[] = []
    for (const unfinished of await unfinishedPackages(root, entity, context)) {
      loaded.push(...(await finishPackage(unfinished, extractor, context)))
    }
    for (const { unit, reason } of await plan(loaded.length > 0)) {
      if (signal.aborted) throw new InterruptedError()
      context.reporter.info(`${unit.source} ${entityOf(unit)}: ${windowOf(unit)} (${reason})`)
      loaded.push(...(await loadUnit(unit, extractor, context)))
    }
    return loaded
  })
}

const patienceMs = 10_000

async function unfinishedPackages(
  root: string,
  { source, name }: { readonly source: string; readonly name: string },
  { reporter }: PipelineContext,
): Promise<readonly LoadPackage[]> {
  const { packages, damaged } = await listUnfinished(root, { source, entity: name })
  for (const { dir, error } of damaged) {
    reporter.warn(`${dir} is not a load package that can be read, and is left alone: ${String(error)}`)
  }
  return packages
}

/** Brings a package that an earlier run left to its end; one that cannot be gone on with is removed. */
async function finishPackage(
  unfinished: LoadPackage,
  extractor: Extractor,
  context: PipelineContext,
): Promise<readonly LoadedUnit[]> {
  const { manifest } = unfinished
  const unit = loadUnitSchema.safeParse(manifest.plan)
  // Whose visits were asked for stands in no manifest: one request, asked again when a person asks again.
  if (!unit.success || (unit.data.entity === 'visits_of_person' && manifest.state === 'extracting')) {
    await discard(unfinished)
    return []
  }
  context.reporter.info(`${manifest.source} ${manifest.entity}: going on with ${manifest.loadId}`)
  if (manifest.state === 'extracted') return enterPackage(unfinished, unit.data, extractor, context)
  try {
    const whole = await fillPackage(unfinished, unit.data, extractor, context)
    return await enterPackage(whole, unit.data, extractor, context)
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    // A checkpoint of another version of the program: nothing of it was loaded, so reading it anew loses nothing.
    context.reporter.warn(`${manifest.loadId} was begun by another version and is read anew.`)
    await discard(unfinished)
    return []
  }
}

async function loadUnit(
  unit: LoadUnit,
  extractor: Extractor,
  context: PipelineContext,
): Promise<readonly LoadedUnit[]> {
  const { config, clock, chance } = context
  const created = await createPackage(
    config.landing.path,
    {
      source: unit.source,
      entity: entityOf(unit),
      table: extractor.tableOf(unit),
      window: windowOf(unit),
      plan: unit,
    },
    { clock, chance },
  )
  const whole = await fillPackage(created, unit, extractor, context)
  return enterPackage(whole, unit, extractor, context)
}

async function fillPackage(
  target: LoadPackage,
  unit: LoadUnit,
  extractor: Extractor,
  context: PipelineContext,
): Promise<LoadPackage> {
  const { clock, reporter, signal } = context
  const erased = await readErased(context)
  const writer = await openWriter(target, { clock })
  const label = `${unit.source} ${entityOf(unit)}`
  const days = unit.entity === 'visits' ? daysOf(unit).length : undefined
  return land(writer, cursor => extractor.extract(unit, cursor, erased), {
    reporter,
    signal,
    keepsEvidence: erased === undefined,
    onAnswer: counts =>
      reporter.progress(
        days === undefined
          ? { label, done: counts.records, unit: 'records' }
          : { label, done: counts.requests, total: days, unit: 'days' },
      ),
  })
}

/** Enters a whole package into Bronze, and asks for what a reading of everything has missed. */
async function enterPackage(
  whole: LoadPackage,
  unit: LoadUnit,
  extractor: Extractor,
  context: PipelineContext,
): Promise<readonly LoadedUnit[]> {
  const { config, clock, reporter } = context
  const loadedAt = clock.now()
  const settings = { loadedAt, timeZone: config.timezone }
  const load = packageToLoad(whole, unit)
  const facts = await visitFacts(whole)
  const outcome = await enteringWarehouse(context, engine =>
    namingUnaccounted(engine, whole, loadedAt, () => enter(engine, { load, unit, facts }, settings)),
  )
  await markLoaded(whole, loadedAt)
  for (const warning of outcome.warnings) reporter.warn(warning)
  const loaded = { source: unit.source, entity: entityOf(unit), window: windowOf(unit), ...outcome }
  const next = unit.entity === 'records' ? followUp(unit, outcome.missing) : undefined
  if (!next) return [loaded]
  reporter.info(`${unit.source} ${entityOf(next)}: ${windowOf(next)} (known, and no longer listed)`)
  return [loaded, ...(await loadUnit(next, extractor, context))]
}
