import { ExitCode, HubdwhError, messageOf } from '../../errors.js'
import type { JsonObject } from '../../json.js'

/** What one check found. Without secrets. */
export interface Finding {
  /** What was looked at: `alaqan key`. */
  readonly subject: string
  readonly state: 'ok' | 'warning' | 'failed'
  readonly what: string
  /** What to do about it. */
  readonly advice?: string
  /** Of a failure. */
  readonly exitCode?: ExitCode
}

export function ok(subject: string, what: string): Finding {
  return { subject, state: 'ok', what }
}

export function warning(subject: string, what: string, advice: string): Finding {
  return { subject, state: 'warning', what, advice }
}

/** A failure from what was thrown. An interruption and a bug are thrown on: they are no findings. */
export function failed(subject: string, thrown: unknown): Finding {
  if (!(thrown instanceof HubdwhError) || thrown.code === 'interrupted') throw thrown
  const advice = thrown.advice === undefined ? {} : { advice: thrown.advice }
  return { subject, state: 'failed', what: messageOf(thrown), exitCode: thrown.exitCode, ...advice }
}

/** The exit code of all checks: what only a person can mend comes before what time can. */
export function exitCodeOf(findings: readonly Finding[]): ExitCode {
  const codes = findings.map(finding => finding.exitCode)
  const first = [ExitCode.usage, ExitCode.authorization, ExitCode.unavailable].find(code =>
    codes.includes(code),
  )
  return first ?? ExitCode.done
}

const stateWidth = 8
const subjectWidth = 22

/** A line for a person; advice stands beneath. */
export function findingLine({ subject, state, what, advice }: Finding): string {
  const head = `${state.padEnd(stateWidth)} ${subject.padEnd(subjectWidth)} ${what}\n`
  return advice ? `${head}${' '.repeat(stateWidth + 1)}→ ${advice}\n` : head
}

export function findingJson({ subject, state, what, advice }: Finding): JsonObject {
  return { subject, state, what, advice: advice ?? null }
}
