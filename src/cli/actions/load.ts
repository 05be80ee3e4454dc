/** What `run`, `load`, `transform` and `backfill` do, and how they tell it. */
import { yesterday } from '../../calendar.js'
import type { Config } from '../../config/config.js'
import type { JsonObject } from '../../json.js'
import { sweepArchive } from '../../landing/load-package.js'
import type { BuildOutcome } from '../../models/build.js'
import { areas } from '../../notices/cause.js'
import { gravestOf, type PartFailure, type SourceLoad } from '../../pipeline/failures.js'
import type { LoadedUnit } from '../../pipeline/load.js'
import { loadPerson, loadVisitsAsPlanned } from '../../pipeline/load-alaqan.js'
import { loadRecordsThatChanged } from '../../pipeline/load-amocrm.js'
import { planBackfill, planNamedDays } from '../../pipeline/plan.js'
import { type ReplaySummary, replayLoads } from '../../pipeline/replay-loads.js'
import { loadSource, runEverything } from '../../pipeline/run.js'
import { requireSource, type Source, sourcesIn } from '../../pipeline/source.js'
import { transform as transformModels } from '../../pipeline/transform.js'
import type { BackfillAlaqan } from '../commands/backfill.js'
import type { LoadAlaqanOptions, LoadAmocrmOptions } from '../commands/load.js'
import type { RunOptions, RunPipeline } from '../commands/run.js'
import type { Transform, TransformOptions } from '../commands/transform.js'
import type { Context } from '../context.js'
import { describeFailure } from '../failure.js'
import { noticing, type Scope } from '../noticing.js'
import type { Outcome } from '../session.js'
import { checkJson, showFailedChecks } from './check-results.js'
import { publishAfter, publishedJson, warnOfBehind } from './publish.js'

/** `hubdwh run` */
export const run: RunPipeline = noticing(runScope, async (context, { source, accept }) => {
  const { loads, failures, builds, checks } = await runEverything(
    context,
    source ? [source] : sourcesIn(context.config),
    { accepted: accept },
  )
  showLoads(context, loads)
  showBuilds(context, builds)
  showFailedChecks(context, checks)
  // What was built is worth showing, also where something else failed.
  const after = await publishAfter(context)
  warnOfBehind(context, after)
  const { published } = after
  return afterFailures(context, failures, {
    json: {
      loads: loads.map(loadJson),
      models: builds.map(buildJson),
      checks: checks.map(checkJson),
      published: published.map(each => publishedJson(each, context.redact)),
    },
    nothingToDo:
      changedRows(loads) + writtenRows(builds) === 0 && published.every(({ tables }) => tables.length === 0),
    work: { loads, failures, checks, published },
  })
})

/** `hubdwh load alaqan` */
export const loadAlaqan = noticing(loadAlaqanScope, async (context: Context, options: LoadAlaqanOptions) => {
  const { range, iin, accept } = options
  if (iin !== undefined) {
    const { startDate } = requireSource(context.config, 'alaqan')
    const days = range ?? { from: startDate, to: yesterday(context.clock.now(), context.config.timezone) }
    return loaded(context, await loadPerson(context, { iin, ...days }))
  }
  if (range === undefined) return loaded(context, await loadSource(context, 'alaqan'))
  const plan = () => planNamedDays(range, { newestFirst: false, isInsisted: accept })
  return loaded(context, await loadVisitsAsPlanned(context, plan))
})

/** `hubdwh load amocrm` */
export const loadAmocrm = noticing(loadAmocrmScope, async (context: Context, options: LoadAmocrmOptions) => {
  const { entities: names, full: isFull, accept: isInsisted, sweeps } = options
  const request = { names, isFull, isInsisted, ...(sweeps === undefined ? {} : { sweeps }) }
  return loaded(context, await loadRecordsThatChanged(context, request))
})

/** `hubdwh backfill alaqan` */
export const backfill: BackfillAlaqan = noticing(
  () => ({ command: 'backfill alaqan', source: 'alaqan', covers: [] }),
  async (context, { range, oldestFirst }) =>
    loaded(context, await loadVisitsAsPlanned(context, ledger => planBackfill(range, ledger, !oldestFirst))),
)

/** `hubdwh transform` */
export const transform: Transform = noticing(
  transformScope,
  async (context, { layer, source, full, accept, replay, entities }) => {
    const replayed =
      replay === undefined ? undefined : await replayLoads(context, { from: replay, source, entities })
    if (replayed) showReplay(context, replayed)
    const options = { layer, source, isFull: full, accepted: accept }
    const { builds, checks, failures } = await transformModels(context, options)
    showBuilds(context, builds)
    showFailedChecks(context, checks)
    return afterFailures(context, failures, {
      json: {
        ...(replayed ? { replayed: { loads: replayed.loads, tables: [...replayed.tables] } } : {}),
        models: builds.map(buildJson),
        checks: checks.map(checkJson),
      },
      nothingToDo: writtenRows(builds) === 0,
      work: { failures, checks },
    })
  },
)

function runScope({ source }: RunOptions, config: Config): Scope {
  const covers = sourcesOf(source, config).flatMap(each => [areas.load(each), areas.build(each)])
  return { ...scope('run', source), covers }
}

function loadAlaqanScope({ range, iin }: LoadAlaqanOptions): Scope {
  const isAll = range === undefined && iin === undefined
  return { command: 'load alaqan', source: 'alaqan', covers: isAll ? [areas.load('alaqan')] : [] }
}

function loadAmocrmScope({ entities, sweeps }: LoadAmocrmOptions): Scope {
  const isAll = entities.length === 0 && sweeps !== 'only'
  return { command: 'load amocrm', source: 'amocrm', covers: isAll ? [areas.load('amocrm')] : [] }
}

function transformScope({ layer, source }: TransformOptions, config: Config): Scope {
  const covers = layer === undefined ? sourcesOf(source, config).map(areas.build) : []
  return { ...scope('transform', source), covers }
}

function scope(command: string, source: Source | undefined): Pick<Scope, 'command' | 'source'> {
  if (source === undefined) return { command }
  return { command: command === 'run' ? `run ${source}` : `${command} --source ${source}`, source }
}

function sourcesOf(source: Source | undefined, config: Config): readonly Source[] {
  return source ? [source] : sourcesIn(config)
}

async function loaded(context: Context, { loads, failures }: SourceLoad): Promise<Outcome> {
  const { landing } = context.config
  // A scheduler may never call run, and the archive is not to outlive its days for that.
  await sweepArchive(landing.path, landing.keepDays, context.clock.now())
  showLoads(context, loads)
  return afterFailures(context, failures, {
    json: { loads: loads.map(loadJson) },
    nothingToDo: changedRows(loads) === 0,
    work: { loads, failures },
  })
}

/** The outcome where something could not be loaded: what could is told too, and what is missing. */
export function afterFailures(context: Context, failures: readonly PartFailure[], outcome: Outcome): Outcome {
  const gravest = gravestOf(failures)
  if (!gravest) return outcome
  const { text, json, exitCode } = describeFailure(gravest, { verbose: false, redact: context.redact })
  context.io.stderr.write(`${text}\n`)
  const missing = failures.map(({ source, entity, error }) => ({
    source,
    entity,
    code: error.code,
    message: context.redact(error.message),
  }))
  return {
    ...(outcome.work ? { work: outcome.work } : {}),
    json: { ...outcome.json, ...json, missing },
    exitCode,
  }
}

function changedRows(loads: readonly LoadedUnit[]): number {
  return loads.reduce((sum, load) => sum + load.rows + load.inferred, 0)
}

function writtenRows(builds: readonly BuildOutcome[]): number {
  return builds.reduce((sum, build) => sum + build.added + build.removed, 0)
}

function showReplay({ results }: Context, { loads, tables }: ReplaySummary): void {
  results.print(
    loads === 0
      ? 'No load to enter again: bronze is as it was.\n'
      : `Entered ${loads} loads again from the archive, into ${tables.join(', ')}.\n`,
  )
}

function showLoads({ results }: Context, loads: readonly LoadedUnit[]): void {
  if (loads.length === 0) {
    results.print('Nothing to load.\n')
    return
  }
  results.table(
    ['loaded', 'window', 'new rows', 'unchanged', 'set aside'].map(name => ({ name })),
    loads.map(load => [
      `${load.source} ${load.entity}`,
      load.window,
      load.rows + load.inferred,
      load.unchanged,
      load.rejects,
    ]),
  )
}

export function showBuilds({ results }: Context, builds: readonly BuildOutcome[]): void {
  if (builds.length === 0) {
    results.print('Nothing to rebuild: silver and gold are up to date.\n')
    return
  }
  results.table(
    ['rebuilt', 'how', 'rows written', 'taken away', 'set aside'].map(name => ({ name })),
    builds.map(({ model, extent, added, removed, rejects }) => [
      model,
      extent === 'all' ? 'whole' : 'what changed',
      added,
      removed,
      rejects,
    ]),
  )
}

function loadJson(load: LoadedUnit): JsonObject {
  const { source, entity, window, loadId, rows, inferred, unchanged, rejects, missing, warnings } = load
  return {
    source,
    entity,
    window,
    load_id: loadId,
    rows: rows + inferred,
    unchanged,
    rejects,
    missing: missing?.ids.length ?? null,
    warnings: [...warnings],
  }
}

export function buildJson(build: BuildOutcome): JsonObject {
  return { ...build }
}
