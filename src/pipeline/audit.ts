/** Checks in their place: inside each build, between silver and gold, and all of them at once. */
import type { Config } from '../config/config.js'
import { CheckFailedError } from '../errors.js'
import type { Audit } from '../models/build.js'
import type { Model } from '../models/definition.js'
import { findScope, noScope } from '../models/scope.js'
import { type Check, checksAbout, isOfBuild, readChecks, requireCheck, sourceOf } from '../quality/check.js'
import { FailedChecksError, failureSentence, isBlocking } from '../quality/failed-checks.js'
import { type Look, markSeen, newLoads, withNewLoads } from '../quality/new-loads.js'
import { forgetOldResults, lastPassed, recordResults } from '../quality/record-results.js'
import {
  type CheckResult,
  type CheckRun,
  candidateView,
  checkFunctions,
  newLoadsView,
  refuseBrokenChecks,
  runCheck,
  runChecks,
} from '../quality/run-check.js'
import type { Engine } from '../warehouse/engine.js'
import { isConfigured } from './arm.js'
import { type PipelineContext, withWarehouse } from './context.js'
import { configuredModels, modelFunctions } from './model-settings.js'
import { type Source, sourcesIn } from './source.js'

/** The checks of a run, ready to be carried out. */
export interface Auditor {
  /** Looks at what a model's build has made, before its commit; a result that blocks rolls it back. */
  readonly ofBuild: Audit
  /**
   * Looks at what has been loaded of a source, before its gold is built.
   * @throws FailedChecksError where that must not go further
   */
  readonly beforeGold: (source: Source) => Promise<void>
  /** Notes the results that were rolled back with what they kept from happening. */
  readonly noteFailed: (error: FailedChecksError) => Promise<void>
  /** Everything that was carried out so far. */
  readonly results: readonly CheckResult[]
}

export interface AuditOptions {
  /** Names of checks whose failure a person takes as it is. */
  readonly accepted: readonly string[]
  readonly models: readonly Model[]
}

/**
 * Reads the checks and makes sure that all of them can be carried out.
 * @param models all models
 * @throws UsageError `checks_missing`, `check_invalid`, `check_unknown`, `check_broken`
 */
export async function openAudit(
  engine: Engine,
  context: PipelineContext,
  { accepted, models }: AuditOptions,
): Promise<Auditor> {
  const { config, clock, reporter } = context
  const checks = await checksOf(config)
  for (const name of accepted) requireCheck(name, checks, '--accept')
  const run = await openRun(engine, config, clock.now(), accepted)
  await refuseBroken(checks, run, models)
  await forgetOldResults(engine, clock.now())
  const results: CheckResult[] = []

  const tell = (found: readonly CheckResult[]): void => {
    results.push(...found)
    for (const result of found) if (result.status !== 'passed') reporter.warn(sentenceOf(result))
  }

  return {
    results,
    ofBuild: async (model, relation, extent) => {
      const guards = checks.filter(({ tables }) => tables.includes(model.name))
      if (guards.length === 0) return
      await engine.run(candidateView(relation))
      const onModel = guards.map(check => ({ check, table: model.name }))
      const found = await runChecks(onModel, extent, run)
      tell(found)
      if (found.some(isBlocking)) throw new FailedChecksError(found, 'The table stays as it was.')
      await recordResults(engine, found, clock.now())
    },
    beforeGold: async source => {
      const found = await lookAtLoads(looksOf(checks, source), run, clock.now())
      tell(found)
      if (found.some(isBlocking))
        throw new FailedChecksError(found, `Gold of ${source} stays as it was.`, true)
    },
    noteFailed: error =>
      error.isNoted ? Promise.resolve() : recordResults(engine, error.results, clock.now()),
  }
}

/** The checks of tables that are not built, for loads of one source or of all. */
function looksOf(checks: readonly Check[], source: Source | undefined): readonly Look[] {
  return (source === undefined ? checks : checksAbout(checks, [source])).flatMap(check =>
    check.tables
      .filter(table => !isOfBuild(table))
      .map(table => ({ check, table, source: sourceOf(check, table) ?? source })),
  )
}

/**
 * Carries out what has something new to look at, and what does not ask for loads at all (the age of the data, say);
 * notes what it came to and which loads need no second look.
 */
async function lookAtLoads(
  looks: readonly Look[],
  run: CheckRun,
  now: number,
): Promise<readonly CheckResult[]> {
  const { engine } = run
  const withNews = await withNewLoads(engine, looks)
  const wanted = looks.filter(look => withNews.has(look) || !/\bnew_loads\b/.test(look.check.sql))
  const results = await runChecks(
    wanted.map(look => ({ check: look.check, table: look.table, newLoads: newLoads(look) })),
    'part',
    run,
  )
  const found = wanted.flatMap((look, index) => {
    const result = results[index]
    return result ? [{ look, result }] : []
  })
  const passed = await lastPassed(engine)
  const isNews = (look: Look, result: CheckResult) =>
    withNews.has(look) ||
    result.status !== 'passed' ||
    !passed.some(({ check, table }) => check === result.check && table === result.table)
  const news = found.filter(({ look, result }) => isNews(look, result)).map(({ result }) => result)
  const seen = found.filter(({ look, result }) => withNews.has(look) && !isBlocking(result))
  if (news.length > 0) {
    await engine.atomically(async () => {
      await recordResults(engine, news, now)
      await markSeen(
        engine,
        seen.map(({ look }) => look),
        now,
      )
    })
  }
  return results
}

function sentenceOf(result: CheckResult): string {
  if (result.status === 'accepted') return `${failureSentence(result)} Accepted as it is.`
  return isBlocking(result) ? failureSentence(result) : `${failureSentence(result)} ${result.advice}`
}

/** The checks of the sources that the configuration has. */
async function checksOf(config: Config): Promise<readonly Check[]> {
  const { checks: own, severity } = config.quality
  return checksAbout(await readChecks({ own, severity }), sourcesIn(config))
}

async function openRun(
  engine: Engine,
  config: Config,
  now: number,
  accepted: readonly string[],
): Promise<CheckRun> {
  const { maxRejectShare, maxAgeHours } = config.quality
  const settings = { now, maxRejectShare, maxAgeHours, startDate: config.alaqan?.startDate }
  await engine.run((await modelFunctions(config, engine)).statements)
  await engine.run(checkFunctions(settings))
  return { engine, accepted: new Set(accepted) }
}

/** @throws UsageError `check_broken` */
function refuseBroken(checks: readonly Check[], run: CheckRun, models: readonly Model[]): Promise<void> {
  const { engine } = run
  return refuseBrokenChecks(checks, run, async (check, table) => {
    const model = models.find(({ name }) => name === table)
    if (model) await noScope(engine, model)
    if (isOfBuild(table)) await engine.run(candidateView(table))
    else await engine.run(newLoadsView(newLoads({ check, table, source: sourceOf(check, table) })))
  })
}

export interface QualityOptions {
  /** Absent: every source that the configuration has. */
  readonly source: Source | undefined
  /** A qualified name; absent: every table. */
  readonly table: string | undefined
}

/**
 * Carries out all checks on the tables as they stand, and notes what they came to. Those of loaded data look at the
 * loads that they have not yet passed; a load on which they warn here is still told by the next run.
 * What one of the user's cannot be carried out on is thrown when all others have been.
 * @throws UsageError as {@link openAudit} does; `warehouse_missing`
 */
export async function checkEverything(
  context: PipelineContext,
  { source, table }: QualityOptions,
): Promise<readonly CheckResult[]> {
  const { config, clock, reporter } = context
  const all = await checksOf(config)
  const checks = source === undefined ? all : checksAbout(all, [source])
  const models = await configuredModels(config)
  // What the configuration does not build is empty, which no check should call wrong.
  const unbuilt = models.filter(model => !isConfigured(model, config)).map(({ name }) => name)
  const chosen = checks.flatMap(check =>
    check.tables
      .filter(each => (table === undefined || each === table) && !unbuilt.includes(each))
      .map(each => ({ check, table: each })),
  )
  return withWarehouse(context, 'write', async engine => {
    const run = await openRun(engine, config, clock.now(), [])
    await refuseBroken(checks, run, models)
    const results: CheckResult[] = []
    const broken: CheckFailedError[] = []
    // By table, since what a check reads is made for a table.
    const byTable = chosen.toSorted((left, right) => left.table.localeCompare(right.table))
    let prepared: string | undefined
    for (const [index, { check, table: checked }] of byTable.entries()) {
      reporter.progress({ label: 'quality', done: index, total: byTable.length, unit: 'checks' })
      const isBuilt = isOfBuild(checked)
      const look = { check, table: checked, source: sourceOf(check, checked) ?? source }
      if (isBuilt && checked !== prepared) {
        await engine.run(candidateView(checked))
        const model = models.find(({ name }) => name === checked)
        if (model) await findScope(engine, model, [], true)
        prepared = checked
      }
      try {
        const asked = isBuilt
          ? { check, table: checked }
          : { check, table: checked, newLoads: newLoads(look) }
        results.push(await runCheck(asked, isBuilt ? 'all' : 'part', run))
      } catch (error) {
        if (!(error instanceof CheckFailedError)) throw error
        broken.push(error)
      }
    }
    await recordResults(engine, results, clock.now())
    await forgetOldResults(engine, clock.now())
    const [firstBroken] = broken
    if (firstBroken) throw firstBroken
    return results
  })
}
