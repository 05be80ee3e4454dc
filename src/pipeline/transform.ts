/** Silver and gold: every model of the sources in use, upstream before downstream, where something changed. */
import type { Config } from '../config/config.js'
import { CheckFailedError, InterruptedError } from '../errors.js'
import { type BuildOutcome, buildModel, modelsToBuild } from '../models/build.js'
import { downstreamOf, isOfArm, type Model } from '../models/definition.js'
import { findScope, modelsWithNews, newLoads } from '../models/scope.js'
import { FailedChecksError } from '../quality/failed-checks.js'
import type { CheckResult } from '../quality/run-check.js'
import type { Engine } from '../warehouse/engine.js'
import { forgetUnconfigured, isConfigured, openArm, tellDoubts } from './arm.js'
import { openAudit } from './audit.js'
import { type PipelineContext, withWarehouse } from './context.js'
import type { PartFailure } from './failures.js'
import { configuredModels, modelFunctions, modelSettings } from './model-settings.js'
import { type Source, sourcesIn } from './source.js'

export interface TransformOptions {
  /** Absent: silver, then gold. */
  readonly layer: Model['layer'] | undefined
  /** Absent: every source that the configuration has. */
  readonly source: Source | undefined
  /** Rebuild everything. */
  readonly isFull: boolean
  /** Checks whose failure a person takes as it is. */
  readonly accepted: readonly string[]
  /** Builds everything, also of sources that are not configured, and asks no check: an erasure is held up by nothing. */
  readonly isErasure?: true
}

export interface TransformOutcome {
  /** A line a model that had something to rebuild. */
  readonly builds: readonly BuildOutcome[]
  readonly checks: readonly CheckResult[]
  /** Models that could not be built: they stay as they were. */
  readonly failures: readonly PartFailure[]
}

/**
 * Rebuilds what changed. Each model is a commit of its own; what a killed run has left is noted in the warehouse
 * and done by the next one. A model that a check keeps from being replaced does not hold up the others: they are
 * built on what it was before.
 * @throws UsageError of a check that cannot be used; InterruptedError between models
 */
export async function transform(
  context: PipelineContext,
  options: TransformOptions,
): Promise<TransformOutcome> {
  const { config, clock, reporter, signal } = context
  const settings = modelSettings(config)
  const models = await configuredModels(config)
  return withWarehouse(context, 'write', async engine => {
    const functions = await modelFunctions(config, engine)
    await engine.run(functions.statements)
    await forgetUnconfigured(engine, models, context)
    const arm = await openArm(engine, context)
    const chosen = models.filter(model => isChosen(model, config, options) && arm.suffices(model))
    const auditor = options.isErasure
      ? undefined
      : await openAudit(engine, context, { accepted: options.accepted, models })
    const builds: BuildOutcome[] = []
    const failures: PartFailure[] = [...arm.failures]
    const orNote = async (part: Omit<PartFailure, 'error'>, work: () => Promise<void>): Promise<void> => {
      try {
        await work()
      } catch (error) {
        if (!(error instanceof CheckFailedError)) throw error
        if (error instanceof FailedChecksError) await auditor?.noteFailed(error)
        else reporter.warn(error.message)
        failures.push({ ...part, error })
      }
    }
    const { isFull } = options
    const building = { engine, functions, settings, isFull, armContents: arm.contents }
    const toBuild = new Set(await modelsToBuild(chosen, building))
    const build = async (model: Model): Promise<void> => {
      if (signal.aborted) throw new InterruptedError()
      if (!toBuild.has(model)) return
      reporter.progress({
        label: 'transform',
        done: chosen.indexOf(model),
        total: chosen.length,
        unit: 'models',
      })
      const outcome = await buildModel(model, {
        ...building,
        models: models.filter(each => isConfigured(each, config)),
        now: clock.now(),
        ...(auditor ? { audit: auditor.ofBuild } : {}),
      })
      if (outcome.extent === 'nothing') return
      for (const reader of downstreamOf(models, model.table)) toBuild.add(reader)
      builds.push(outcome)
      reporter.info(sentenceOf(outcome))
      await tellDoubts(engine, model, context)
    }
    for (const model of chosen.filter(({ layer }) => layer === 'silver')) {
      await orNote({ source: model.source, entity: model.name }, () => build(model))
    }
    for (const source of options.isErasure ? allSources : sourcesIn(config)) {
      const marts = chosen.filter(model => model.layer === 'gold' && model.source === source)
      if (marts.length === 0) continue
      const held = failures.length
      await orNote({ source, entity: 'gold' }, async () => auditor?.beforeGold(source))
      if (failures.length > held) continue
      for (const model of marts) {
        await orNote({ source, entity: model.name }, () => build(model))
      }
    }
    return { builds, checks: auditor?.results ?? [], failures }
  })
}

const allSources: readonly Source[] = ['alaqan', 'amocrm']

function sentenceOf({ model, extent, added, removed, rejects }: BuildOutcome): string {
  const what = extent === 'all' ? 'rebuilt whole' : 'rebuilt where upstream changed'
  const setAside = rejects > 0 ? `, ${rejects} rows set aside` : ''
  return `${model}: ${what}, ${added} rows written, ${removed} taken away${setAside}`
}

function isChosen(
  model: Model,
  config: Config,
  { layer, source, isErasure }: Pick<TransformOptions, 'layer' | 'source' | 'isErasure'>,
): boolean {
  if (layer !== undefined && model.layer !== layer) return false
  // ARM's tables are upstream of every source's marts.
  if (model.source === 'arm' || isErasure) return true
  return source === undefined ? config[model.source] !== undefined : model.source === source
}

/** What a model would have to rebuild now. */
export interface PendingBuild {
  readonly model: string
  readonly loads: number
  readonly why: string
}

/** What `transform` would rebuild now, from an open warehouse; writes nothing that others see. */
export async function pendingBuilds(
  engine: Engine,
  context: PipelineContext,
  options: Pick<TransformOptions, 'source'>,
): Promise<readonly PendingBuild[]> {
  const { config } = context
  const models = await configuredModels(config)
  await engine.run((await modelFunctions(config, engine)).statements)
  const arm = await openArm(engine, context)
  const pending: PendingBuild[] = []
  const chosen = models.filter(
    model => isChosen(model, config, { layer: undefined, ...options }) && arm.suffices(model),
  )
  for (const model of await modelsWithNews(engine, chosen, arm.contents)) {
    const loads = await newLoads(engine, model, arm.contents)
    const extent = await findScope(engine, model, loads, false)
    if (extent === 'nothing') continue
    pending.push({ model: model.name, loads: loads.length, why: whyPending(loads) })
  }
  return pending
}

function whyPending(loads: readonly string[]): string {
  if (loads.length === 0) return 'tables that it reads have changed'
  return loads.every(isOfArm)
    ? 'the tables of ARM that it reads have changed'
    : `${loads.length} loads have not been taken in`
}
