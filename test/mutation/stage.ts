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
  /** The models that are other than they should be, and everything downstream of them, upstream first. */
  readonly affected: readonly Model[]
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
  /** Makes it as if the affected models had never been built. Returns the variant's functions. */
  readonly clear: (variant: Variant) => Promise<ModelFunctions>
  /** Lets what the variant does not make be as it was at that moment, counted from 1. */
  readonly advance: (moment: number, variant: Variant, now: number) => Promise<void>
  /** @throws whatever building throws, but for checks that hold a table back */
  readonly build: (variant: Variant, how: BuildHow) => Promise<Built>
}

interface BuildHow {
  readonly functions: ModelFunctions
  /** Unix milliseconds. */
  readonly now: number
  readonly isFull: boolean
}

/** Opens it. The file is one that `recordAll` has written, or a copy. */
export async function openStage(path: string, config: Config): Promise<Stage> {
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

  return {
    engine,
    models: await readModels(),
    filled: await filledTables(engine, kept),
    clear: async ({ affected, functions }) => {
      const names = affected.map(model => literal(model.name)).join(', ')
      for (const { table } of affected) await engine.run(`delete from ${qualifiedName(table)}`)
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
    advance: async (moment, { models, affected }, now) => {
      const isAffected = (table: string) => affected.some(model => model.name === table)
      for (const table of followed.map(qualifiedName)) {
        const content = keptContent(moment, table)
        if (isAffected(table) || !kept.has(content)) continue
        // What silver sets aside is a result of models.
        const own = table === 'meta.rejects' ? "table_name like 'silver.%'" : 'false'
        await engine.run(`delete from ${table} where not (${own})`)
        await engine.run(`insert into ${table} select * from kept.${identifier(content)} where not (${own})`)
      }
      for (const upstream of models.filter(model => !isAffected(model.name))) {
        const changes = keptChanges(moment, upstream.name)
        if (!kept.has(changes)) continue
        for (const reader of downstreamOf(models, upstream.table).filter(each => isAffected(each.name))) {
          await noteForReader(engine, reader, upstream, `kept.${identifier(changes)}`, now)
        }
      }
    },
    build: async ({ models, affected }, { functions, now, isFull }) => {
      present = now
      const { maxRejectShare, maxAgeHours } = config.quality
      await engine.run(
        checkFunctions({ now, maxRejectShare, maxAgeHours, startDate: config.alaqan?.startDate }),
      )
      const seen = auditor.results.length
      let isHeld = false
      try {
        for (const model of affected) {
          await buildModel(model, {
            ...{ engine, models, functions, settings, isFull, now, audit: auditor.ofBuild },
          })
        }
      } catch (error) {
        if (!(error instanceof FailedChecksError)) throw error
        isHeld = true
      }
      const failed = auditor.results.slice(seen).filter(({ status }) => status !== 'passed')
      return { failed: failed.map(({ check, table }) => `${check} ${table}`), isHeld }
    },
  }
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
