import type { Command } from 'commander'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'

export type ShowStatus = (context: Context) => Promise<Outcome>

/** `hubdwh status` */
export function addStatus(program: Command, run: RunAction, showStatus: ShowStatus): void {
  program
    .command('status')
    .summary('how fresh and complete each table is')
    .description('Shows per table: last load, watermark, gaps, rows, freshness, rejects, checks.')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh status
  hubdwh status --json`,
    )
    .action((_: object, command: Command) =>
      run(command, async session => showStatus(await openContext(session))),
    )
}
