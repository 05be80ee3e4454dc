/** Whole runs: load what is new, rebuild what it touches. What cannot be had now does not hold up the rest. */
import { sweepArchive } from '../landing/load-package.js'
import type { BuildOutcome } from '../models/build.js'
import type { CheckResult } from '../quality/run-check.js'
import { currentLedger, type PipelineContext, warehouseExists, withWarehouse } from './context.js'
import { type SourceLoad, together } from './failures.js'
import { loadVisitsThatAreDue } from './load-alaqan.js'
import { loadRecordsThatChanged } from './load-amocrm.js'
import type { PlannedUnit } from './load-unit.js'
import { planRecords, planVisits } from './plan.js'
import { plannableEntities } from './plannable-entities.js'
import { requireSource, type Source, sourcesIn } from './source.js'
import { type PendingBuild, pendingBuilds, transform } from './transform.js'

export interface RunSummary extends SourceLoad {
  readonly builds: readonly BuildOutcome[]
  readonly checks: readonly CheckResult[]
}

export interface RunOptions {
  /** Checks whose failure a person takes as it is. */
  readonly accepted: readonly string[]
}

/**
 * Loads, rebuilds and checks everything of these sources. What could not be loaded or built is among the failures; the
 * rest is done.
 * @throws UsageError where a source is not configured or a check cannot be used; InterruptedError
 */
export async function runEverything(
  context: PipelineContext,
  sources: readonly Source[],
  { accepted }: RunOptions,
): Promise<RunSummary> {
  for (const source of sources) requireSource(context.config, source)
  let loaded: SourceLoad = { loads: [], failures: [] }
  for (const source of sources) loaded = together(loaded, await loadSource(context, source))
  // One pass over all sources: a mart of one can rest on tables of another.
  const source = sources.length === 1 ? sources[0] : undefined
  const { builds, checks, failures } = await transform(context, {
    ...{ source, layer: undefined, isFull: false, accepted },
  })
  const { landing } = context.config
  await sweepArchive(landing.path, landing.keepDays, context.clock.now())
  return { ...loaded, failures: [...loaded.failures, ...failures], builds, checks }
}

/** Loads what is new of one source; see planVisits and planRecords. */
export async function loadSource(context: PipelineContext, source: Source): Promise<SourceLoad> {
  return source === 'alaqan'
    ? loadVisitsThatAreDue(context)
    : loadRecordsThatChanged(context, { names: [], isFull: false, isInsisted: false })
}

export interface Plan {
  readonly units: readonly PlannedUnit[]
  readonly builds: readonly PendingBuild[]
}

/**
 * What the next run would load, and what waits to be rebuilt already. Asks no source and changes nothing.
 * @param source absent: every source that the configuration has
 */
export async function planEverything(context: PipelineContext, source: Source | undefined): Promise<Plan> {
  const { config, clock } = context
  const chosen = source ? [source] : sourcesIn(config)
  const ledger = await currentLedger(context)
  const units = chosen.flatMap((each): readonly PlannedUnit[] =>
    each === 'alaqan'
      ? planVisits(requireSource(config, 'alaqan'), ledger, clock.now(), config.timezone)
      : planRecords(requireSource(config, 'amocrm'), ledger, clock.now(), {
          entities: plannableEntities,
          isFull: false,
          isInsisted: false,
        }),
  )
  const builds = (await warehouseExists(context))
    ? await withWarehouse(context, 'read', engine => pendingBuilds(engine, context, { source }))
    : []
  return { units, builds }
}
