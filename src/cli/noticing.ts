/** Telling people, by the channels of `notify:`, what a command came to. */
import type { Config } from '../config/config.js'
import { ExitCode, HubdwhError, messageOf } from '../errors.js'
import { areas } from '../notices/cause.js'
import type { CommandResult, FailedPart } from '../notices/command-result.js'
import { tell } from '../notices/tell.js'
import { warehouseExists, withWarehouse } from '../pipeline/context.js'
import type { PartFailure } from '../pipeline/failures.js'
import type { LoadedUnit } from '../pipeline/load.js'
import type { Source } from '../pipeline/source.js'
import { heldDays } from '../pipeline/status/held-days.js'
import { accessEndsAt } from '../pipeline/token-life.js'
import type { Published } from '../publish/publish.js'
import type { CheckResult } from '../quality/run-check.js'
import type { Context } from './context.js'
import type { Outcome } from './session.js'

/** What a command has done, as far as people may have to be told. */
export interface Work {
  readonly loads?: readonly LoadedUnit[]
  readonly failures?: readonly PartFailure[]
  readonly checks?: readonly CheckResult[]
  readonly published?: readonly Published[]
}

type Action<Options> = (context: Context, options: Options) => Promise<Outcome>

/** What a command is about, for its notices. */
export interface Scope {
  /** Without arguments: `load alaqan`. */
  readonly command: string
  /** Absent: every source. */
  readonly source?: Source
  /** Areas that it goes through to their end, besides itself; see `areas`. */
  readonly covers: readonly string[]
}

/** The action, and after it the notices. Without channels it is the action alone. */
export function noticing<Options>(
  scopeOf: (options: Options, config: Config) => Scope,
  action: Action<Options>,
): Action<Options> {
  return async (context, options) => {
    const { config } = context
    if (config.notify.length === 0) return action(context, options)
    const scope = scopeOf(options, config)
    let outcome: Outcome
    try {
      outcome = await action(context, options)
    } catch (thrown) {
      await tellAfter(context, scope, { thrown })
      throw thrown
    }
    await tellAfter(context, scope, { work: outcome.work ?? {} })
    return outcome
  }
}

type End = { readonly thrown: unknown } | { readonly work: Work }

async function tellAfter(context: Context, scope: Scope, end: End): Promise<void> {
  const { config, clock, chance, reporter, signal } = context
  // Whoever stopped it knows.
  if (signal.aborted) return
  const result = await resultOf(context, scope, end)
  const { notify: channels, landing } = config
  await tell(result, { channels, landing: landing.path, clock, chance, reporter, signal })
}

async function resultOf(
  context: Context,
  { command, source, covers }: Scope,
  end: End,
): Promise<CommandResult> {
  const { config, clock } = context
  const { loads = [], failures = [], checks = [], published = [] } = 'work' in end ? end.work : {}
  // What could not open the warehouse a moment ago would only wait for it once more.
  const isClosed = 'thrown' in end || failures.some(({ error }) => error.code.startsWith('warehouse_'))
  const held = isClosed ? undefined : await heldNow(context)
  const token = await tokenOf(config)
  const covered = [
    ...('work' in end ? [areas.command(command), ...covers] : []),
    ...checks.filter(({ status }) => status === 'passed').map(areas.check),
    ...loads.filter(({ missing }) => missing !== undefined).map(({ entity }) => areas.sweep(entity)),
    ...published.map(({ kind }) => areas.publish(kind)),
    ...(held ? [areas.heldDays] : []),
    ...(token ? [areas.token(token.source)] : []),
  ]
  return {
    command,
    ...(source === undefined ? {} : { source }),
    ...('thrown' in end ? { ended: endOf(end.thrown) } : {}),
    failures: failures.map(failedPart),
    checks,
    unpublished: published.flatMap(({ kind, error }) =>
      error ? [{ place: kind, code: error.code, exitCode: error.exitCode }] : [],
    ),
    ...(held ? { heldDays: held } : {}),
    ...(token ? { token } : {}),
    covered,
    now: clock.now(),
    timeZone: config.timezone,
  }
}

function endOf(thrown: unknown): { readonly code: string; readonly exitCode: number } {
  return thrown instanceof HubdwhError
    ? { code: thrown.code, exitCode: thrown.exitCode }
    : { code: 'bug', exitCode: ExitCode.bug }
}

/** Models have the names of their tables; `gold` are all marts of a source. */
function failedPart({ source, entity, error }: PartFailure): FailedPart {
  const step = entity === 'gold' || entity.includes('.') ? 'build' : 'load'
  return { source, entity, step, code: error.code, exitCode: error.exitCode }
}

/** Undefined where nothing can be known of it now: it is looked at again after the next command. */
async function heldNow(context: Context): Promise<readonly string[] | undefined> {
  if (!context.config.alaqan || !(await warehouseExists(context))) return undefined
  try {
    return await withWarehouse(context, 'read', heldDays)
  } catch (error) {
    context.reporter.debug(`Days that are held back could not be looked up: ${messageOf(error)}`)
    return undefined
  }
}

async function tokenOf({ amocrm }: Config): Promise<CommandResult['token']> {
  if (!amocrm) return undefined
  try {
    const endsAt = await accessEndsAt(amocrm.auth)
    return endsAt === undefined ? undefined : { source: 'amocrm', way: amocrm.auth.kind, endsAt }
  } catch {
    // Without a usable file nothing can be loaded, which is told by itself.
    return undefined
  }
}
