/** The warehouse of a recorded case, in which models are built as the program builds them, moment by moment. */
import type { Config } from '../../src/config/config.js'
import { silentReporter, systemChance } from '../../src/effects.js'
import { buildModel } from '../../src/models/build.js'
import { downstreamOf, type Model, readModels } from '../../src/models/definition.js'
import type { ModelFunctions } from '../../src/models/functions.js'
import { noteForReader } from '../../src/models/scope.js'
import type { ModelSettings } from '../../src/models/settings.js'
import { openAudit } from '../../src/pipeline/audit.js'
import { modelFunctions, modelSettings } from '../../src/pipeline/model-settings.js'
import { readChecks } from '../../src/quality/check.js'
import { FailedChecksError } from '../../src/quality/failed-checks.js'
import { checkFunctions } from '../../src/quality/run-check.js'
import { qualifiedName } from '../../src/tables/table.js'
import { openDuckdb } from '../../src/warehouse/duckdb/open.js'
import { type Engine, rowsOf } from '../../src/warehouse/engine.js'
import { identifier, literal } from '../../src/warehouse/sql-text.js'
import { followed, keptChanges, keptContent } from './recording.js'

/** Models of which some are other than they should be. */
export interface Variant {
  /** All models. */
  readonly models: readonly Model[]
  /** The models that are other than they should be, upstream first. */
  readonly touched: readonly Model[]
  /** These, and everything downstream of them. */
  readonly affected: readonly Model[]
  /** Whether what is declared about rebuilding is other than it should be. */
  readonly isRebuiltOtherwise: boolean
  /** The functions as settings shape them; undefined where they are as they should be. */
  readonly functions: ((settings: ModelSettings) => Promise<ModelFunctions>) | undefined
}

/** What building has come to. */
export interface Built {
  /** Checks that did not pass, with their tables. */
  readonly failed: readonly string[]
  /** Whether one of them kept a table from being replaced. */
  readonly isHeld: boolean
}

export interface Stage {
  readonly engine: Engine
  /** The models as they should be. */
  readonly models: readonly Model[]
  /** Bronze tables with rows, at any moment. */
  readonly filled: ReadonlySet<string>
  /** Makes it as if these models had never been built. Returns the variant's functions. */
  readonly clear: (built: readonly Model[], variant: Variant) => Promise<ModelFunctions>
  /** Lets everything but the rows of these models be as it was at that moment, counted from 1. */
  readonly advance: (moment: number, built: readonly Model[], variant: Variant, now: number) => Promise<void>
  /** @throws whatever building throws, but for checks that hold a table back */
  readonly build: (built: readonly Model[], variant: Variant, how: BuildHow) => Promise<Built>
  /** The rows that a model's table should hold at that moment, as text. */
  readonly recorded: (moment: number, table: string) => Promise<string>
}

interface BuildHow {
  readonly functions: ModelFunctions
  /** Unix milliseconds. */
  readonly now: number
  readonly isFull: boolean
  /** Whether checks look at what is built. */
  readonly isAudited: boolean
}

/**
 * Opens it.
 * @param path a file that `recordAll` has written, or a copy of one
 * @param asks the queries that it will be asked
 */
export async function openStage(path: string, config: Config, asks: readonly string[]): Promise<Stage> {
  let present = 0
  const clock = { now: () => present, sleep: async () => {} }
  const engine = await openDuckdb({
    ...{ path, access: 'write', timeZone: config.timezone, timeAs: 'time', clock },
  })
  // Small tables gain nothing from threads, and other cases wait for the core.
  await engine.run('set threads = 1')
  const settings = modelSettings(config)
  const standing = await modelFunctions(config)
  const auditor = await openAudit(
    engine,
    {
      ...{ config, clock, reporter: silentReporter, chance: systemChance },
      ...{ signal: new AbortController().signal, keepSecret: () => {} },
    },
    { accepted: [] },
  )
  const kept = await keptTables(engine)
  const checks = await readChecks({ own: config.quality.checks, severity: config.quality.severity })
  const asked = [...asks, ...checks.map(check => check.sql)].join('\n')

  return {
    engine,
    models: await readModels(),
    filled: await filledTables(engine, kept),
    clear: async (built, { functions }) => {
      const names = built.map(model => literal(model.name)).join(', ')
      for (const { table } of built) await engine.run(`delete from ${qualifiedName(table)}`)
      for (const table of ['models', 'model_loads', 'pending_scopes']) {
        await engine.run(`delete from meta.${table} where model in (${names})`)
      }
      await engine.run(`delete from meta.rejects where table_name in (${names})`)
      if (!functions) return standing
      const own = await functions(settings)
      for (const [name, definition] of own.definitions) {
        if (standing.definitions.get(name) !== definition) await engine.run(definition)
      }
      return own
    },
    advance: async (moment, built, { models }, now) => {
      const isBuilt = (table: string) => built.some(model => model.name === table)
      const read = built.map(textOf).join('\n') + asked
      for (const table of followed.map(qualifiedName)) {
        const content = keptContent(moment, table)
        const isRead = table.startsWith('meta.') || read.includes(table)
        if (isBuilt(table) || !kept.has(content) || !isRead) continue
        // What silver sets aside is a result of models.
        const own = table === 'meta.rejects' ? "table_name like 'silver.%'" : 'false'
        await engine.run(`delete from ${table} where not (${own})`)
        await engine.run(`insert into ${table} select * from kept.${identifier(content)} where not (${own})`)
      }
      for (const upstream of models.filter(model => !isBuilt(model.name))) {
        const changes = keptChanges(moment, upstream.name)
        if (!kept.has(changes)) continue
        for (const reader of downstreamOf(models, upstream.table).filter(each => isBuilt(each.name))) {
          await noteForReader(engine, reader, upstream, `kept.${identifier(changes)}`, now)
        }
      }
    },
    build: async (built, { models }, { functions, now, isFull, isAudited }) => {
      present = now
      const { maxRejectShare, maxAgeHours } = config.quality
      await engine.run(
        checkFunctions({ now, maxRejectShare, maxAgeHours, startDate: config.alaqan?.startDate }),
      )
      const seen = auditor.results.length
      let isHeld = false
      try {
        for (const model of built) {
          await buildModel(model, {
            ...{ engine, models, functions, settings, isFull, now },
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
    recorded: (moment, table) => {
      const moments = Array.from({ length: moment - 1 }, (_, index) => keptContent(moment - index, table))
      const latest = moments.find(each => kept.has(each))
      return rowsAsText(engine, latest === undefined ? table : `kept.${identifier(latest)}`)
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
