import type { Command } from 'commander'
import type { Outcome, RunAction, Session } from '../session.js'

/** Starts the sandbox, runs everything against it in a temporary folder and shows what came of it. */
export type RunDemo = (session: Session) => Promise<Outcome>

/** `hubdwh demo` */
export function addDemo(program: Command, run: RunAction, runDemo: RunDemo): void {
  program
    .command('demo')
    .summary('see it work, with invented data')
    .description(
      'Sandbox, run and results in a temporary folder: no credentials, no configuration, invented people.',
    )
    .addHelpText(
      'after',
      `
Example:
  hubdwh demo`,
    )
    .action((_: object, command: Command) => run(command, runDemo))
}
