/** From what a command came to, to the causes that a person is told. Pure. */
import { dayOf } from '../calendar.js'
import { areas, type Cause, type CauseOf, keyOf } from './cause.js'

/** Something that could not be loaded or built; the rest was. */
export interface FailedPart {
  readonly source: string
  /** An entity, a model, or a layer. */
  readonly entity: string
  readonly step: 'load' | 'build'
  readonly code: string
  readonly exitCode: number
}

/** What a check came to on one table. */
export interface CheckedTable {
  readonly check: string
  readonly table: string
  readonly severity: 'block' | 'warn'
  readonly status: 'passed' | 'failed' | 'accepted'
  readonly failingRows: number
}

/** A place of `publish:` that could not be brought up to date. */
export interface UnpublishedPlace {
  /** Its kind: `superset`. */
  readonly place: string
  readonly code: string
  readonly exitCode: number
}

export interface CommandResult {
  /** With its source, without further arguments, which may hold a person's ИИН: `load alaqan`. */
  readonly command: string
  /** The only source that it was about; absent: all. */
  readonly source?: string
  /** What ended the command before it was through. */
  readonly ended?: { readonly code: string; readonly exitCode: number }
  readonly failures: readonly FailedPart[]
  readonly checks: readonly CheckedTable[]
  readonly unpublished: readonly UnpublishedPlace[]
  /** Days whose newest answer is held back; absent where that could not be found out. */
  readonly heldDays?: readonly string[]
  /** When what gives access to a source ends, Unix milliseconds; absent where that is not known. */
  readonly token?: { readonly source: string; readonly way: 'token' | 'oauth'; readonly endsAt: number }
  /** Areas that were gone through to their end, with or without failures; see `areas`. */
  readonly covered: readonly string[]
  /** Unix milliseconds. */
  readonly now: number
  readonly timeZone: string
}

/** A token is told of so long before its end. */
export const tokenWarningDays = 14
const dayMs = 86_400_000

/**
 * Errors that are no news to anybody: the person who gave wrong arguments sees it, and so does the one who stopped the
 * command.
 */
const untold: ReadonlySet<string> = new Set(['usage', 'source_not_configured', 'interrupted'])

/** Errors that are told by causes of their own. */
const toldOtherwise: ReadonlySet<string> = new Set(['checks_failed', 'sweep_stopped'])

/** One cause a key. */
export function causesOf(result: CommandResult): readonly Cause[] {
  const causes: readonly Cause[] = [
    ...ended(result),
    ...failedParts(result),
    ...failedChecks(result.checks),
    ...result.failures
      .filter(({ code }) => code === 'sweep_stopped')
      .map(({ entity }): Cause => ({ kind: 'sweep_stopped', entity })),
    ...result.unpublished.map((place): Cause => ({ kind: 'not_published', ...place })),
    ...(result.heldDays ?? []).map((day): Cause => ({ kind: 'day_held', day })),
    ...tokenNearItsEnd(result),
  ]
  return [...new Map(causes.map(cause => [keyOf(cause), cause])).values()]
}

function ended({ ended: end, command, source }: CommandResult): readonly CauseOf<'run_failed'>[] {
  if (!end || untold.has(end.code)) return []
  return [
    {
      kind: 'run_failed',
      subject: source ?? 'all',
      code: end.code,
      exitCode: end.exitCode,
      command,
      entities: [],
      area: areas.command(command),
    },
  ]
}

/** One cause a source and error, with everything that it kept from being loaded or built. */
function failedParts({ failures, command }: CommandResult): readonly CauseOf<'run_failed'>[] {
  const groups = new Map<string, CauseOf<'run_failed'>>()
  for (const { source, entity, step, code, exitCode } of failures) {
    if (toldOtherwise.has(code) || untold.has(code)) continue
    const known = groups.get(`${source}:${code}`)
    groups.set(`${source}:${code}`, {
      kind: 'run_failed',
      subject: source,
      code,
      exitCode,
      command,
      entities: [...(known?.entities ?? []), entity],
      area: known?.area ?? areas[step](source),
    })
  }
  return [...groups.values()]
}

/** The causes of checks that failed. What a person has accepted is none. */
export function failedChecks(checks: readonly CheckedTable[]): readonly CauseOf<'check_failed'>[] {
  return checks
    .filter(({ status }) => status === 'failed')
    .map(({ check, table, severity, failingRows }) => ({
      kind: 'check_failed',
      check,
      table,
      severity,
      failingRows,
    }))
}

function tokenNearItsEnd({ token, now, timeZone }: CommandResult): readonly CauseOf<'token_ends'>[] {
  if (!token || token.endsAt - now > tokenWarningDays * dayMs) return []
  const { source, way, endsAt } = token
  return [{ kind: 'token_ends', source, way, endsOn: dayOf(endsAt, timeZone) }]
}
