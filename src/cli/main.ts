import { type Command, CommanderError } from 'commander'
import { ExitCode, UnavailableError, UsageError } from '../errors.js'
import type { Io } from './io.js'
import { createProgram } from './program.js'
import { actionRunner, namesOf, tellFailure } from './session.js'
import { version } from './version.js'

/**
 * Runs the command line.
 * @param argv the arguments, without the node binary and the script
 * @returns the exit code; everything that was written has been taken by then
 */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.done
  const program = createProgram(
    version,
    actionRunner(io, code => {
      exitCode = code
    }),
  )
  leaveEndingToMain(program, io)
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (thrown) {
    exitCode = afterParsing(thrown, { program, argv, io })
  }
  await io.stdout.settled()
  const failure = io.stdout.failure()
  if (failure && exitCode === ExitCode.done) exitCode = tellFailure(io, outputLost(failure), plainly)
  await io.stderr.settled()
  return exitCode
}

/** The innermost command that the words name, whatever stands between them. */
function commandIn(argv: readonly string[], program: Command): Command {
  return argv.reduce(
    (command, word) => command.commands.find(child => child.name() === word) ?? command,
    program,
  )
}

const plainly = { json: false, verbose: false, command: 'hubdwh', redact: (text: string) => text }

function outputLost(cause: Error): UnavailableError {
  return new UnavailableError('output_lost', `The output could not be written whole: ${cause.message}.`, {
    advice: 'Free some space where it goes and run the command again.',
    cause,
  })
}

/** Commander would end the process and write on its own; for each command, as commands inherit it when they are made. */
function leaveEndingToMain(command: Command, io: Io): void {
  command.exitOverride().configureOutput({
    writeOut: text => io.stdout.write(text),
    writeErr: text => io.stderr.write(text),
    outputError: () => {},
    getOutHelpWidth: () => io.stdout.columns ?? 100,
    getErrHelpWidth: () => io.stderr.columns ?? 100,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  })
  for (const child of command.commands) leaveEndingToMain(child, io)
}

/** Help and version are no failures; wrong usage is, with commander's suggestion. */
function afterParsing(
  thrown: unknown,
  { program, argv, io }: { readonly program: Command; readonly argv: readonly string[]; readonly io: Io },
): ExitCode {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return ExitCode.done
  const options = {
    json: isGiven('--json', argv),
    verbose: isGiven('--verbose', argv),
    command: namesOf(commandIn(argv, program)),
    redact: (text: string) => text,
  }
  return tellFailure(io, thrown instanceof CommanderError ? usageError(thrown) : thrown, options)
}

function usageError({ code, message }: CommanderError): UsageError {
  if (code === 'commander.help') {
    return new UsageError('usage', 'A command is needed.', {
      advice: 'See the list above, or "hubdwh --help".',
    })
  }
  // An unknown option's value is not repeated: it can be a secret that has no business there.
  const sentence = message
    .replace(/^error: /, '')
    .replace(/\n\(/, ' (')
    .replace(/^(unknown option '[^'=]*)=.*?'( \(|$)/s, "$1'$2")
  return new UsageError('usage', sentence)
}

function isGiven(option: string, argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return (end < 0 ? argv : argv.slice(0, end)).includes(option)
}
