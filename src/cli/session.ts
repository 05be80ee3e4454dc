import type { Command } from 'commander'
import { ExitCode } from '../errors.js'
import type { JsonObject } from '../json.js'
import { describeFailure, type FailureOptions } from './failure.js'
import type { Io } from './io.js'
import type { Work } from './noticing.js'
import { createRedaction, type Redaction } from './redaction.js'
import { type CliReporter, createReporter } from './reporter.js'
import { watchForStop } from './signals.js'
import { renderTable, type TableColumn } from './table.js'

/** The options that every command takes. */
export interface GlobalOptions {
  readonly config: string
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
}

/** Results, on stdout. With --json nothing but the object at the end stands there. */
export interface Results {
  /** Writes a text of whole lines. */
  print(text: string): void
  table(columns: readonly TableColumn[], rows: readonly (readonly unknown[])[]): void
}

/** A command that runs, before it has read the configuration. */
export interface Session {
  readonly io: Io
  readonly options: GlobalOptions
  readonly reporter: CliReporter
  readonly redaction: Redaction
  readonly results: Results
  /** Aborted by Ctrl-C or SIGTERM, with an InterruptedError as its reason. */
  readonly signal: AbortSignal
}

/** What a command has to say at its end. */
export interface Outcome {
  /** Fields of the JSON object that --json prints, besides `ok`. */
  readonly json?: JsonObject
  /** There was nothing to do: exit code 99 where --skip-code asks for it. */
  readonly nothingToDo?: boolean
  /** Default 0. */
  readonly exitCode?: ExitCode
  /** What was loaded, built and checked, for notices. */
  readonly work?: Work
  /** The command has printed its JSON object itself, as one that runs until it is stopped does. */
  readonly isTold?: boolean
}

/** Runs one command's action and turns what comes of it into output and an exit code. Never throws. */
export type RunAction = (command: Command, action: (session: Session) => Promise<Outcome>) => Promise<void>

/** @param done told the exit code */
export function actionRunner(io: Io, done: (exitCode: ExitCode) => void): RunAction {
  return async (command, action) => {
    const options = globalOptions(command)
    const redaction = createRedaction()
    const { redact } = redaction
    const level = options.verbose ? 'verbose' : options.quiet ? 'quiet' : 'normal'
    const reporter = createReporter({ output: io.stderr, clock: io.clock, level, redact })
    const stop = watchForStop(io, message => reporter.info(message))
    try {
      const results = resultsOn(io, options.json, reporter)
      const outcome = await action({ io, options, reporter, redaction, results, signal: stop.signal })
      reporter.close()
      const exitCode = exitCodeOf(outcome, command.opts<{ skipCode?: boolean }>().skipCode === true)
      const ok = exitCode === ExitCode.done || exitCode === ExitCode.nothingToDo
      if (options.json && !outcome.isTold)
        io.stdout.write(jsonLine({ ok, ...outcome.json, exit_code: exitCode }))
      done(exitCode)
    } catch (thrown) {
      reporter.close()
      const cause = stop.signal.aborted && isAbort(thrown) ? stop.signal.reason : thrown
      done(tellFailure(io, cause, { ...options, command: namesOf(command), redact }))
    } finally {
      stop.dispose()
    }
  }
}

/** Tells a failure on stderr and, with `json`, on stdout. */
export function tellFailure(
  io: Pick<Io, 'stdout' | 'stderr'>,
  thrown: unknown,
  { json, ...options }: { readonly json: boolean } & FailureOptions,
): ExitCode {
  const failure = describeFailure(thrown, options)
  io.stderr.write(`${failure.text}\n`)
  if (json) io.stdout.write(jsonLine(failure.json))
  return failure.exitCode
}

/** `hubdwh load alaqan`: the words by which a command is called. */
export function namesOf(command: Command): string {
  return command.parent ? `${namesOf(command.parent)} ${command.name()}` : command.name()
}

function exitCodeOf({ exitCode = ExitCode.done, nothingToDo = false }: Outcome, skipCode: boolean): ExitCode {
  return exitCode === ExitCode.done && nothingToDo && skipCode ? ExitCode.nothingToDo : exitCode
}

function globalOptions(command: Command): GlobalOptions {
  const { config, json, quiet, verbose } = command.optsWithGlobals<Partial<GlobalOptions>>()
  return {
    config: config ?? 'hubdwh.yaml',
    json: json === true,
    quiet: quiet === true,
    verbose: verbose === true,
  }
}

function resultsOn({ stdout }: Io, json: boolean, reporter: CliReporter): Results {
  const print = (text: string) => {
    if (json || text === '') return
    reporter.close()
    stdout.write(text)
  }
  return { print, table: (columns, rows) => print(renderTable(columns, rows)) }
}

/** One line: JSON escapes line feeds; the line separators of Unicode are escaped too. */
function jsonLine(value: JsonObject): string {
  return `${JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'AbortError'
}
