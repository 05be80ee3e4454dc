import { ConfigError } from '../config/mistake.js'
import { ExitCode, HubdwhError, messageOf } from '../errors.js'
import type { JsonObject } from '../json.js'

/** How a command failed, for a person (`text`) and for a machine (`json`). Without secrets. */
export interface Failure {
  readonly exitCode: ExitCode
  readonly text: string
  readonly json: JsonObject
}

export interface FailureOptions {
  /** The command that failed, `hubdwh load alaqan`: its help is named where an error says no more. */
  readonly command?: string
  readonly verbose: boolean
  readonly redact: (text: string) => string
}

/** What to say about anything that was thrown: expected errors in a sentence with advice, others as a bug. */
export function describeFailure(
  thrown: unknown,
  { command = 'hubdwh', verbose, redact }: FailureOptions,
): Failure {
  const isExpected = thrown instanceof HubdwhError
  const exitCode = isExpected ? thrown.exitCode : ExitCode.bug
  const code = isExpected ? thrown.code : 'bug'
  const message = redact(messageOf(thrown))
  const advice = isExpected ? redact(thrown.advice ?? seeHelp(command)) : reportIt(verbose)
  const mistakes = thrown instanceof ConfigError ? { mistakes: mistakesOf(thrown, redact) } : {}
  const lines = [
    isExpected ? `error: ${message}` : `bug: ${message}`,
    advice,
    ...(verbose ? [redact(traceOf(thrown))] : []),
  ]
  return {
    exitCode,
    text: lines.join('\n'),
    json: { ok: false, error: { code, message, advice, ...mistakes }, exit_code: exitCode },
  }
}

function seeHelp(command: string): string {
  return `See "${command} --help".`
}

function reportIt(verbose: boolean): string {
  const trace = verbose ? 'with the trace below' : 'with the trace that --verbose shows'
  return `This should not happen: please report it, ${trace}.`
}

function mistakesOf(error: ConfigError, redact: (text: string) => string): JsonObject[] {
  return error.mistakes.map(({ position, path, found, expected }) => ({
    line: position?.line ?? null,
    column: position?.column ?? null,
    path,
    found: redact(found),
    expected: redact(expected),
  }))
}

const longestChain = 10

/** The stack, and those of the causes. */
function traceOf(thrown: unknown): string {
  const stacks: string[] = []
  let current = thrown
  while (current !== undefined && stacks.length < longestChain) {
    stacks.push(current instanceof Error ? (current.stack ?? current.message) : String(current))
    current = current instanceof Error ? current.cause : undefined
  }
  return stacks.join('\ncaused by: ')
}
