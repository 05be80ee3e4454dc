/** Whole runs: load what is new, rebuild what it touches. What cannot be had now does not hold up the rest. */
import { AuthorizationError, HubdwhError, InterruptedError, UnavailableError } from '../errors.js'
import { sweepArchive } from '../landing/load-package.js'
import type { BuildOutcome } from '../models/build.js'
import { restoredRecords } from '../warehouse/bronze/restored-records.js'
import { emptyLedger, type Ledger, readLedger } from '../warehouse/ledger.js'
import { type PipelineContext, warehouseExists, withWarehouse } from './context.js'
import { createExtractor, plannableEntities } from './extract.js'
import type { Extractor } from './extractor.js'
import { type LoadedUnit, loadEntity } from './load.js'
import type { LoadUnit, PlannedUnit } from './load-unit.js'
import { planRecords, planVisits, type RecordsRequest } from './plan.js'
import { requireSource, type Source, sourcesIn } from './source.js'
import { type PendingBuild, pendingBuilds, transform } from './transform.js'

/** Something that could not be loaded; the rest was. */
export interface LoadFailure {
  readonly source: Source
  readonly entity: string
  readonly error: HubdwhError
}

export interface RunSummary {
  readonly loads: readonly LoadedUnit[]
  readonly builds: readonly BuildOutcome[]
}

/**
 * Loads and rebuilds everything of these sources.
 * @throws the gravest of the failures, after everything else is done; InterruptedError at once
 */
export async function runEverything(
  context: PipelineContext,
  sources: readonly Source[],
): Promise<RunSummary> {
  for (const source of sources) requireSource(context.config, source)
  const loads: LoadedUnit[] = []
  const failures: LoadFailure[] = []
  for (const source of sources) {
    const loaded = await loadSource(context, source)
    loads.push(...loaded.loads)
    failures.push(...loaded.failures)
  }
  const builds: BuildOutcome[] = []
  for (const source of sources) {
    builds.push(...(await transform(context, { source, layer: undefined, isFull: false })))
  }
  const { landing } = context.config
  await sweepArchive(landing.path, landing.keepDays, context.clock.now())
  throwGravest(failures)
  return { loads, builds }
}

export interface SourceLoad {
  readonly loads: readonly LoadedUnit[]
  readonly failures: readonly LoadFailure[]
}

/** Loads what is new of one source; see planVisits and planRecords. */
export async function loadSource(context: PipelineContext, source: Source): Promise<SourceLoad> {
  return source === 'alaqan'
    ? loadVisitsThatAreDue(context)
    : loadRecordsThatChanged(context, { names: [], isFull: false, isInsisted: false })
}

async function loadVisitsThatAreDue(context: PipelineContext): Promise<SourceLoad> {
  return loadVisitsAsPlanned(context, ledger =>
    planVisits(requireSource(context.config, 'alaqan'), ledger, context.clock.now(), context.config.timezone),
  )
}

/** Loads days of Alaqan that a plan names, in the light of what is known. */
export async function loadVisitsAsPlanned(
  context: PipelineContext,
  plan: (ledger: Ledger) => readonly PlannedUnit[],
): Promise<SourceLoad> {
  requireSource(context.config, 'alaqan')
  return withExtractor(context, extractor =>
    collecting(context, [{ source: 'alaqan', name: 'visits' }], entity =>
      loadEntity(entity, async () => plan(await currentLedger(context)), extractor, context),
    ),
  )
}

/** Loads one person's visits (byIin). @param iin personal data: it goes to the source and into Bronze, nowhere else */
export async function loadPerson(
  context: PipelineContext,
  person: { readonly iin: string; readonly from: string; readonly to: string },
): Promise<SourceLoad> {
  requireSource(context.config, 'alaqan')
  const unit: LoadUnit = {
    source: 'alaqan',
    entity: 'visits_of_person',
    days: { from: person.from, to: person.to },
  }
  return withExtractor(
    context,
    extractor =>
      collecting(context, [{ source: 'alaqan', name: 'visits_of_person' }], entity =>
        loadEntity(entity, async () => [{ unit, reason: 'asked for' }], extractor, context),
      ),
    person.iin,
  )
}

export interface ChangesRequest extends Omit<RecordsRequest, 'entities'> {
  /** Which entities; empty for all. */
  readonly names: readonly string[]
}

/** Loads what changed in amoCRM. */
export async function loadRecordsThatChanged(
  context: PipelineContext,
  { names, ...request }: ChangesRequest,
): Promise<SourceLoad> {
  const amocrm = requireSource(context.config, 'amocrm')
  const chosen = plannableEntities.filter(({ name }) => names.length === 0 || names.includes(name))
  return withExtractor(context, async extractor => {
    const changed = await collecting(
      context,
      chosen.map(({ name, mayBeClosed }) => ({ source: 'amocrm', name, mayBeClosed })),
      entity =>
        loadEntity(
          entity,
          async () => {
            const entities = chosen.filter(({ name }) => name === entity.name)
            return planRecords(amocrm, await currentLedger(context), context.clock.now(), {
              entities,
              ...request,
            })
          },
          extractor,
          context,
        ),
    )
    if (!chosen.some(({ name }) => name === 'events')) return changed
    const restored = await askForRestored(context, extractor)
    return {
      loads: [...changed.loads, ...restored.loads],
      failures: [...changed.failures, ...restored.failures],
    }
  })
}

/** Asks for the records that events say were restored: their lists may show no change. */
async function askForRestored(context: PipelineContext, extractor: Extractor): Promise<SourceLoad> {
  if (!warehouseExists(context)) return { loads: [], failures: [] }
  const restored = await withWarehouse(context, 'read', restoredRecords)
  const unitOf = (records: string): LoadUnit => ({
    source: 'amocrm',
    entity: 'asked_records',
    records,
    ids: [...(restored.get(records) ?? [])],
  })
  return collecting(
    context,
    [...restored.keys()].map(name => ({ source: 'amocrm', name })),
    entity =>
      loadEntity(
        entity,
        async () => [{ unit: unitOf(entity.name), reason: 'events say that they were restored' }],
        extractor,
        context,
      ),
  )
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
  const builds = warehouseExists(context)
    ? await withWarehouse(context, 'read', engine => pendingBuilds(engine, config, { source }))
    : []
  return { units, builds }
}

async function withExtractor<T>(
  context: PipelineContext,
  work: (extractor: Extractor) => Promise<T>,
  iin?: string,
): Promise<T> {
  const extractor = createExtractor(context, iin)
  try {
    return await work(extractor)
  } finally {
    await extractor.close()
  }
}

interface NamedEntity {
  readonly source: Source
  readonly name: string
  /** Known to be closed to some tokens, so that being refused is no failure. */
  readonly mayBeClosed?: boolean
}

/** Whether the other entities of the source would meet the same error. */
function endsSource(error: HubdwhError): boolean {
  const isAboutRights = error.code === 'forbidden'
  return (
    (error instanceof AuthorizationError && !isAboutRights) ||
    error.code === 'blocked' ||
    error.code === 'account_not_paid'
  )
}

/** One entity after the other; a credential that does not work ends the source, another failure only its entity. */
async function collecting(
  context: PipelineContext,
  entities: readonly NamedEntity[],
  load: (entity: NamedEntity) => Promise<readonly LoadedUnit[]>,
): Promise<SourceLoad> {
  const loads: LoadedUnit[] = []
  const failures: LoadFailure[] = []
  for (const entity of entities) {
    try {
      loads.push(...(await load(entity)))
    } catch (error) {
      if (!(error instanceof HubdwhError) || error instanceof InterruptedError) throw error
      context.reporter.warn(
        `${entity.source} ${entity.name} could not be loaded: ${error.message} ${error.advice ?? ''}`.trimEnd(),
      )
      if (error.code === 'forbidden' && entity.mayBeClosed) continue
      failures.push({ source: entity.source, entity: entity.name, error })
      if (endsSource(error)) break
    }
  }
  return { loads, failures }
}

/** Throws what a person must act on before what only time can mend. */
export function throwGravest(failures: readonly LoadFailure[]): void {
  const gravest =
    failures.find(({ error }) => error instanceof AuthorizationError) ??
    failures.find(({ error }) => !(error instanceof UnavailableError)) ??
    failures[0]
  if (gravest) throw gravest.error
}

async function currentLedger(context: PipelineContext): Promise<Ledger> {
  if (!warehouseExists(context)) return emptyLedger
  return withWarehouse(context, 'read', engine => readLedger(engine, context.config.timezone))
}
