/** The warehouse of a recorded case, in which models are built as the program builds them, moment by moment. */
import { configuredParts } from '../../src/arm/relations.js'
import type { Config } from '../../src/config/config.js'
import { silentReporter, systemChance } from '../../src/effects.js'
import { buildModel } from '../../src/models/build.js'
import { downstreamOf, type Model } from '../../src/models/definition.js'
import type { ModelFunctions } from '../../src/models/functions.js'
import { noteForReaders } from '../../src/models/scope.js'
import type { ModelSettings } from '../../src/models/settings.js'
import { forgetUnconfigured, isConfigured, openArm } from '../../src/pipeline/arm.js'
import { openAudit } from '../../src/pipeline/audit.js'
import type { PipelineContext } from '../../src/pipeline/context.js'
import { configuredModels, modelFunctions, modelSettings } from '../../src/pipeline/model-settings.js'
import { readChecks } from '../../src/quality/check.js'
import { FailedChecksError } from '../../src/quality/failed-checks.js'
import { checkFunctions } from '../../src/quality/run-check.js'
import { qualifiedName } from '../../src/tables/table.js'
import { openDuckdb } from '../../src/warehouse/duckdb/file.js'
import { type Engine, rowsOf } from '../../src/warehouse/engine.js'
import { identifier, literal } from '../../src/warehouse/sql-text.js'
import { followed, keptChanges, keptContent } from './recording.js'

/** Models of which some are other than they should be. */
export interface Variant {
  /** All models, with these measures of ARM's report. */
  readonly models: (measures: readonly string[]) => Promise<readonly Model[]>
  /** The names of the models that are other than they should be. */
  readonly touched: ReadonlySet<string>
  /** These, and everything downstream of them. */
  readonly affected: ReadonlySet<string>
  /** Whether what is declared about rebuilding is other than it should be. */
  readonly isRebuiltOtherwise: boolean
  /** The functions as settings shape them; undefined where they are as they should be. */
  readonly functions: ((settings: ModelSettings) => Promise<ModelFunctions>) | undefined
}

/** What is built of a variant: names of models. */
export type Extent = ReadonlySet<string>

/** What building has come to. */
export interface Built {
  /** Checks that did not pass, with their tables. */
  readonly failed: readonly string[]
  /** Whether one of them kept a table from being replaced. */
  readonly isHeld: boolean
}

export interface Stage {
  readonly engine: Engine
  /** Bronze tables with rows and parts of ARM, at any moment. */
  readonly filled: ReadonlySet<string>
  /** Makes it as if these models had never been built. */
  readonly clear: (built: Extent) => Promise<void>
  /** Lets everything but the rows of these models be as it was at that moment. */
  readonly advance: (moment: number, built: Extent, variant: Variant) => Promise<void>
  /**
   * Builds them as at that moment.
   * @throws whatever building throws, but for checks that hold a table back
   */
  readonly build: (moment: number, built: Extent, variant: Variant, how: BuildHow) => Promise<Built>
  /** The rows that a model's table should hold at that moment, as text. */
  readonly recorded: (moment: number, table: string) => Promise<string>
}

interface BuildHow {
  readonly isFull: boolean
  /** Whether checks look at what is built. */
  readonly isAudited: boolean
}

/** The configuration, and where the clock stood. Moments are counted from 1. */
export interface MomentOfStage {
  readonly config: Config
  /** Unix milliseconds. */
  readonly now: number
}

/**
 * Opens it.
 * @param path a file that `recordShare` has written, or a copy of one
 * @param asks the queries that it will be asked
 */
export async function openStage(
  path: string,
  moments: readonly MomentOfStage[],
  asks: readonly string[],
): Promise<Stage> {
  let present = 0
  const clock = { now: () => present, sleep: async () => {} }
  const momentAt = (moment: number): MomentOfStage => {
    const found = moments[moment - 1]
    if (!found) throw new Error(`${path} has no moment ${moment}.`)
    return found
  }
  const contextOf = (config: Config): PipelineContext => ({
    ...{ config, clock, reporter: silentReporter, chance: systemChance },
    ...{ signal: new AbortController().signal, keepSecret: () => {} },
  })
  const { config: first } = momentAt(1)
  const engine = await openDuckdb({
    ...{ path, access: 'write', timeZone: first.timezone, timeAs: 'time', clock },
  })
  // Small tables gain nothing from threads, and other cases wait for the core.
  await engine.run('set threads = 1')
  const standing = await Promise.all(moments.map(({ config }) => modelFunctions(config, engine)))
  const standingAt = (moment: number): ModelFunctions => {
    const found = standing[moment - 1]
    if (!found) throw new Error(`${path} has no moment ${moment}.`)
    return found
  }
  await engine.run(standingAt(1).statements)
  const recordedModels = await configuredModels(first)
  const auditor = await openAudit(engine, contextOf(first), { accepted: [], models: recordedModels })
  // Read now: later a table holds what a variant has made of it.
  const atFirst = new Map<string, string>()
  for (const { name } of recordedModels) atFirst.set(name, await rowsAsText(engine, name))
  const kept = await keptTables(engine)
  const checks = await readChecks({ own: first.quality.checks, severity: first.quality.severity })
  const asked = [...asks, ...checks.map(check => check.sql)].join('\n')

  const modelsAt = (moment: number, variant: Variant): Promise<readonly Model[]> =>
    variant.models((momentAt(moment).config.arm.serviceReport?.measures ?? []).map(({ column }) => column))

  /** The functions as they are at that moment, defined in the session where they differ from those before. */
  const functionsAt = async (moment: number, { functions }: Variant): Promise<ModelFunctions> => {
    const own = functions ? await functions(modelSettings(momentAt(moment).config)) : standingAt(moment)
    const before = moment === 1 ? standingAt(1) : standingAt(moment - 1)
    const isOther = moment > 1 && before.statements !== standingAt(moment).statements
    if (isOther || (functions && own.statements !== standingAt(1).statements))
      await engine.run(own.statements)
    return own
  }

  return {
    engine,
    filled: new Set([
      ...(await filledTables(engine, kept)),
      ...moments.flatMap(({ config }) => configuredParts(config.arm)),
    ]),
    clear: async built => {
      const names = [...built].map(literal).join(', ')
      for (const name of built) await engine.run(`delete from ${name}`)
      for (const table of ['models', 'model_loads', 'pending_scopes']) {
        await engine.run(`delete from meta.${table} where model in (${names})`)
      }
      for (const table of ['rejects', 'reconciliation']) {
        await engine.run(`delete from meta.${table} where table_name in (${names})`)
      }
    },
    advance: async (moment, built, variant) => {
      const { now } = momentAt(moment)
      const models = await modelsAt(moment, variant)
      const read = models
        .filter(({ name }) => built.has(name))
        .map(textOf)
        .join('\n')
      const replace = async (table: string): Promise<void> => {
        const content = keptContent(moment, table)
        const isRead = table.startsWith('meta.') || read.includes(table) || asked.includes(table)
        if (built.has(table) || !kept.has(content) || !isRead) return
        // What silver sets aside is a result of models.
        const own = table === 'meta.rejects' ? "table_name like 'silver.%'" : 'false'
        await engine.run(`delete from ${table} where not (${own})`)
        await engine.run(`insert into ${table} select * from kept.${identifier(content)} where not (${own})`)
      }
      const ofModels = new Set(models.map(({ name }) => name))
      for (const table of followed.map(qualifiedName).filter(name => !ofModels.has(name)))
        await replace(table)
      // As in a build, readers are told before the table holds other rows.
      for (const upstream of models.filter(model => !built.has(model.name))) {
        const changes = keptChanges(moment, upstream.name)
        const readers = downstreamOf(models, upstream.table).filter(({ name }) => built.has(name))
        if (kept.has(changes)) {
          await noteForReaders(engine, readers, upstream.table, `kept.${identifier(changes)}`, now)
        }
        await replace(upstream.name)
      }
    },
    build: async (moment, built, variant, { isFull, isAudited }) => {
      const { config, now } = momentAt(moment)
      present = now
      const models = await modelsAt(moment, variant)
      const functions = await functionsAt(moment, variant)
      const wanted = models.filter(({ name }) => built.has(name))
      await forgetUnconfigured(engine, wanted, contextOf(config))
      const arm = await openArm(engine, contextOf(config))
      const { maxRejectShare, maxAgeHours } = config.quality
      const startDate = config.alaqan?.startDate
      if (isAudited) await engine.run(checkFunctions({ now, maxRejectShare, maxAgeHours, startDate }))
      const inForce = models.filter(model => isConfigured(model, config))
      const seen = auditor.results.length
      let isHeld = false
      try {
        for (const model of wanted.filter(each => isConfigured(each, config) && arm.suffices(each))) {
          await buildModel(model, {
            ...{ engine, functions, isFull, now, models: inForce, armContents: arm.contents },
            settings: modelSettings(config),
            ...(isAudited ? { audit: auditor.ofBuild } : {}),
          })
        }
      } catch (error) {
        if (!(error instanceof FailedChecksError)) throw error
        isHeld = true
      }
      const failed = auditor.results.slice(seen).filter(({ status }) => status !== 'passed')
      return { failed: failed.map(({ check, table }) => `${check} ${table}`), isHeld }
    },
    recorded: async (moment, table) => {
      const earlier = Array.from({ length: moment - 1 }, (_, index) => keptContent(moment - index, table))
      const latest = earlier.find(each => kept.has(each))
      if (latest !== undefined) return rowsAsText(engine, `kept.${identifier(latest)}`)
      const rows = atFirst.get(table)
      if (rows === undefined) throw new Error(`${path} has no model ${table}.`)
      return rows
    },
  }
}

/** All SQL of a model. */
function textOf({ sql, staging, rebuild, superseded = '' }: Model): string {
  return [sql, staging?.sql, staging?.received, ...rebuild.keys(), ...rebuild.values(), superseded].join('\n')
}

/** The rows of a relation, in one order. */
export async function rowsAsText(engine: Engine, relation: string): Promise<string> {
  const rows = await rowsOf(
    engine,
    `select cast(to_json(held) as varchar) as held from ${relation} as held order by 1`,
  )
  return rows.map(row => String(row.held)).join('\n')
}

async function keptTables(engine: Engine): Promise<ReadonlySet<string>> {
  const rows = await rowsOf(
    engine,
    "select table_name from information_schema.tables where table_schema = 'kept'",
  )
  return new Set(rows.map(row => String(row.table_name)))
}

async function filledTables(engine: Engine, kept: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const names = followed.filter(({ schema }) => schema === 'bronze').map(qualifiedName)
  const selects = names.map(name => `select '${name}' as name where exists (select 1 from ${name})`)
  const now = (await rowsOf(engine, selects.join(' union all '))).map(row => String(row.name))
  const later = names.filter(name => [...kept].some(each => each.endsWith(` ${name}`)))
  return new Set([...now, ...later])
}
