/** Checks in their place: inside each build, between silver and gold, and all of them at once. */
import type { Config } from '../config/config.js'
import type { Audit } from '../models/build.js'
import { type Check, isOfBuild, readChecks, requireCheck } from '../quality/check.js'
import { FailedChecksError, failureSentence, isBlocking } from '../quality/failed-checks.js'
import { recordResults } from '../quality/record-results.js'
import {
  type CheckResult,
  type CheckRun,
  candidateView,
  checkFunctions,
  refuseBrokenChecks,
  runCheck,
} from '../quality/run-check.js'
import type { Engine } from '../warehouse/engine.js'
import { type PipelineContext, withWarehouse } from './context.js'
import { modelFunctions } from './model-settings.js'
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
}

/**
 * Reads the checks and makes sure that all of them can be carried out.
 * @throws UsageError `checks_missing`, `check_invalid`, `check_unknown`, `check_broken`
 */
export async function openAudit(
  engine: Engine,
  context: PipelineContext,
  { accepted }: AuditOptions,
): Promise<Auditor> {
  const { config, clock, reporter } = context
  const checks = await checksOf(config)
  for (const name of accepted) requireCheck(name, checks, '--accept')
  const run = await openRun(engine, config, clock.now(), accepted)
  await refuseBrokenChecks(checks, run)
  const results: CheckResult[] = []

  const tell = (found: readonly CheckResult[]): void => {
    results.push(...found)
    for (const result of found) if (result.status !== 'passed') reporter.warn(sentenceOf(result))
  }
  const carryOut = async (
    wanted: readonly Check[],
    tableOf: (check: Check) => readonly string[],
    extent: CheckResult['extent'],
  ): Promise<readonly CheckResult[]> => {
    const found: CheckResult[] = []
    for (const check of wanted) {
      for (const table of tableOf(check)) found.push(await runCheck(check, table, extent, run))
    }
    return found
  }

  return {
    results,
    ofBuild: async (model, relation, extent) => {
      const guards = checks.filter(({ tables }) => tables.includes(model.name))
      if (guards.length === 0) return
      await engine.run(candidateView(relation))
      const found = await carryOut(guards, () => [model.name], extent)
      tell(found)
      if (found.some(isBlocking)) throw new FailedChecksError(found, 'The table stays as it was.')
      await recordResults(engine, found, clock.now())
    },
    beforeGold: async source => {
      const looks = checks.filter(check => check.source === undefined || check.source === source)
      const found = await carryOut(looks, ({ tables }) => tables.filter(table => !isOfBuild(table)), 'part')
      tell(found)
      await recordResults(engine, found, clock.now())
      if (found.some(isBlocking)) throw new FailedChecksError(found, `Gold of ${source} stays as it was.`)
    },
    noteFailed: error => recordResults(engine, error.results, clock.now()),
  }
}

function sentenceOf(result: CheckResult): string {
  if (result.status === 'accepted') return `${failureSentence(result)} Accepted as it is.`
  return isBlocking(result) ? failureSentence(result) : `${failureSentence(result)} ${result.advice}`
}

/** The checks of the sources that the configuration has. */
async function checksOf(config: Config): Promise<readonly Check[]> {
  const { checks: own, severity } = config.quality
  const sources = sourcesIn(config)
  const checks = await readChecks({ own, severity })
  return checks.filter(({ source }) => source === undefined || sources.includes(source))
}

async function openRun(
  engine: Engine,
  config: Config,
  now: number,
  accepted: readonly string[],
): Promise<CheckRun> {
  const { maxRejectShare, maxAgeHours } = config.quality
  const settings = { now, maxRejectShare, maxAgeHours, startDate: config.alaqan?.startDate }
  await engine.run((await modelFunctions(config)).statements)
  await engine.run(checkFunctions(settings))
  return { engine, settings, accepted: new Set(accepted) }
}

export interface QualityOptions {
  /** Absent: every source that the configuration has. */
  readonly source: Source | undefined
  /** A qualified name; absent: every table. */
  readonly table: string | undefined
}

/**
 * Carries out all checks on the tables as they stand, and notes what they came to.
 * @throws UsageError as {@link openAudit} does; `warehouse_missing`
 */
export async function checkEverything(
  context: PipelineContext,
  { source, table }: QualityOptions,
): Promise<readonly CheckResult[]> {
  const { config, clock, reporter } = context
  const checks = (await checksOf(config)).filter(
    check => source === undefined || check.source === undefined || check.source === source,
  )
  const chosen = checks.flatMap(check =>
    check.tables.filter(each => table === undefined || each === table).map(each => ({ check, table: each })),
  )
  return withWarehouse(context, 'write', async engine => {
    const run = await openRun(engine, config, clock.now(), [])
    await refuseBrokenChecks(checks, run)
    const results: CheckResult[] = []
    for (const [index, { check, table: checked }] of chosen.entries()) {
      reporter.progress({ label: 'quality', done: index, total: chosen.length, unit: 'checks' })
      if (isOfBuild(checked)) await engine.run(candidateView(checked))
      results.push(await runCheck(check, checked, isOfBuild(checked) ? 'all' : 'part', run))
    }
    await recordResults(engine, results, clock.now())
    return results
  })
}
