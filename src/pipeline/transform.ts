/** Silver and gold: every model of the sources in use, upstream before downstream, where something changed. */
import type { Config, CustomField } from '../config/config.js'
import { InterruptedError } from '../errors.js'
import { type BuildOutcome, buildModel } from '../models/build.js'
import { type Model, modelFolder, readModels } from '../models/definition.js'
import { type ModelFunctions, readFunctions } from '../models/functions.js'
import { findScope, newLoads } from '../models/scope.js'
import type { ModelSettings } from '../models/settings.js'
import type { Engine } from '../warehouse/engine.js'
import { type PipelineContext, withWarehouse } from './context.js'

export interface TransformOptions {
  /** Absent: silver, then gold. */
  readonly layer: Model['layer'] | undefined
  /** Absent: every source that the configuration has. */
  readonly source: Model['source'] | undefined
  /** Rebuild everything. */
  readonly isFull: boolean
}

/**
 * Rebuilds what changed. Each model is a commit of its own; what a killed run has left is noted in the warehouse
 * and done by the next one.
 * @returns a line a model that had something to rebuild
 * @throws CheckFailedError `rows_unaccounted`; InterruptedError between models
 */
export async function transform(
  context: PipelineContext,
  options: TransformOptions,
): Promise<readonly BuildOutcome[]> {
  const { config, clock, reporter, signal } = context
  const settings = modelSettings(config)
  const models = await readModels()
  const functions = await modelFunctions(config)
  const chosen = models.filter(model => isChosen(model, config, options))
  return withWarehouse(context, 'write', async engine => {
    await engine.run(functions.statements)
    const outcomes: BuildOutcome[] = []
    for (const [index, model] of chosen.entries()) {
      if (signal.aborted) throw new InterruptedError()
      reporter.progress({ label: 'transform', done: index, total: chosen.length, unit: 'models' })
      const build = { engine, models, functions, settings, isFull: options.isFull, now: clock.now() }
      const outcome = await buildModel(model, build)
      if (outcome.extent === 'nothing') continue
      outcomes.push(outcome)
      reporter.info(sentenceOf(outcome))
    }
    return outcomes
  })
}

function sentenceOf({ model, extent, added, removed, rejects }: BuildOutcome): string {
  const what = extent === 'all' ? 'rebuilt whole' : 'rebuilt where upstream changed'
  const setAside = rejects > 0 ? `, ${rejects} Bronze rows set aside` : ''
  return `${model}: ${what}, ${added} rows written, ${removed} taken away${setAside}`
}

function isChosen(
  model: Model,
  config: Config,
  { layer, source }: Omit<TransformOptions, 'isFull'>,
): boolean {
  if (layer !== undefined && model.layer !== layer) return false
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
  config: Config,
  options: Pick<TransformOptions, 'source'>,
): Promise<readonly PendingBuild[]> {
  const models = await readModels()
  await engine.run((await modelFunctions(config)).statements)
  const pending: PendingBuild[] = []
  for (const model of models.filter(each => isChosen(each, config, { layer: undefined, ...options }))) {
    const loads = await newLoads(engine, model)
    const extent = await findScope(engine, model, loads, false)
    if (extent === 'nothing') continue
    const why =
      loads.length > 0 ? `${loads.length} loads have not been taken in` : 'tables that it reads have changed'
    pending.push({ model: model.name, loads: loads.length, why })
  }
  return pending
}

/** The functions that models call, as the configuration shapes them. */
export function modelFunctions(config: Config): Promise<ModelFunctions> {
  return readFunctions(modelFolder, 'duckdb', modelSettings(config))
}

/** What of the configuration shapes the models. */
export function modelSettings({ timezone, privacy, amocrm }: Config): ModelSettings {
  const fields = (names: readonly CustomField[] | undefined) => (names ?? []).map(String)
  const mapping = amocrm?.customFields
  return {
    timezone,
    masks: { iin: privacy.iin, phone: privacy.phone, email: privacy.email },
    maskingKey: privacy.key,
    customFields: {
      bin: fields(mapping?.bin),
      source: fields(mapping?.source),
      industry: fields(mapping?.industry),
      phone: fields(mapping?.phone),
      email: fields(mapping?.email),
    },
    eventsFrom: amocrm?.events.from ?? '1970-01-01',
  }
}
