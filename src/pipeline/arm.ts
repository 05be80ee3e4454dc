/** ARM for the models: which parts are there, what they hold, and what is to be told of them. */
import { columnKind } from '../arm/column-kind.js'
import { configuredParts, doubtsAbout, makeArmRelations } from '../arm/relations.js'
import type { Config } from '../config/config.js'
import type { Model } from '../models/definition.js'
import { type ArmContents, builtDefinitions, forgetBuild } from '../models/scope.js'
import type { ErasedPeople } from '../privacy/erased-people.js'
import { maskingHash } from '../privacy/hash.js'
import { holdsErasedIin } from '../privacy/marks-in-text.js'
import { type Engine, rowsOf } from '../warehouse/engine.js'
import { identifier } from '../warehouse/sql-text.js'
import type { PipelineContext } from './context.js'
import { readErased } from './erased.js'
import type { PartFailure } from './failures.js'

/** ARM in a session: its relations are made, as far as they could be. */
export interface Arm {
  readonly contents: ArmContents
  /** What is configured and could not be read. */
  readonly failures: readonly PartFailure[]
  /** Whether everything that a model needs of ARM is there. */
  readonly suffices: (model: Model) => boolean
}

/**
 * Reads ARM's tables, in a session that has the functions of the models. Lines about erased people are left out.
 * @throws UsageError as {@link readErased} does
 */
export async function openArm(engine: Engine, context: PipelineContext): Promise<Arm> {
  const { arm, privacy } = context.config
  const erased = configuredParts(arm).length > 0 ? await readErased(context) : undefined
  const { contents, failures } = await makeArmRelations(engine, arm, async relation => {
    if (erased) await leaveOutErased(engine, relation, erased)
  })
  // A directory of few people could be guessed from an unkeyed digest.
  const { key } = privacy
  const hidden = [...contents].map(
    ([part, content]) => [part, key === undefined ? content : maskingHash(key, content)] as const,
  )
  const known = new Set<string>(contents.keys())
  return {
    contents: new Map(hidden),
    failures: failures.map(({ part, error }) => ({ source: 'arm', entity: part, error })),
    suffices: model => model.needs.every(part => known.has(part)),
  }
}

async function leaveOutErased(engine: Engine, relation: string, erased: ErasedPeople): Promise<void> {
  const { columns } = await engine.query(`select * from ${relation} limit 0`)
  const names = columns
    .filter(({ type }) => columnKind(type, engine.name) === 'text')
    .map(column => identifier(column.name))
  const selects = names.map(
    name => `select distinct ${name} as value from ${relation} where ${name} is not null`,
  )
  if (selects.length === 0) return
  const values = await rowsOf(engine, selects.join(' union '))
  const theirs = values
    .map(row => String(row.value))
    .filter(value => holdsErasedIin(value, erased))
    .map(value => [value, ''] as const)
  if (theirs.length === 0) return
  await engine.materializePairs('erased_values', ['value', 'unused'], theirs)
  await engine.materialize(
    relation,
    `select held.* from ${relation} as held
     where not exists (
       select 1 from erased_values where ${names.map(name => `erased_values.value = held.${name}`).join(' or ')})`,
  )
}

/** Whether the configuration has everything that a model needs of ARM. */
export function isConfigured(model: Model, { arm }: Config): boolean {
  const parts: readonly string[] = configuredParts(arm)
  return model.needs.every(part => parts.includes(part))
}

/** Empties what was built while the configuration had more of ARM: a mart of residents without ARM would be untrue. */
export async function forgetUnconfigured(
  engine: Engine,
  models: readonly Model[],
  { config, clock, reporter }: PipelineContext,
): Promise<void> {
  const inForce = models.filter(model => isConfigured(model, config))
  const others = models.filter(model => !isConfigured(model, config))
  if (others.length === 0) return
  const built = await builtDefinitions(engine)
  for (const model of others.filter(({ name }) => built.has(name))) {
    await forgetBuild(engine, model, inForce, clock.now())
    reporter.info(`${model.name}: emptied, as the configuration has no ${model.needs.join(' and ')}`)
  }
}

/** Says what is doubtful in the part of ARM that a model has just taken in. */
export async function tellDoubts(
  engine: Engine,
  model: Model,
  { config, reporter }: PipelineContext,
): Promise<void> {
  for (const part of configuredParts(config.arm)) {
    if (!model.rebuild.has(part)) continue
    for (const doubt of await doubtsAbout(engine, part, config.arm)) reporter.warn(doubt)
  }
}
