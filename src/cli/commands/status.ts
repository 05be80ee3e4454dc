import type { Command } from 'commander'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'

export interface StatusOptions {
  /** Where to write the metrics, as it was typed; absent: nowhere. */
  readonly prometheus: string | undefined
}

export type ShowStatus = (context: Context, options: StatusOptions) => Promise<Outcome>

/** `hubdwh status [--prometheus FILE]` */
export function addStatus(program: Command, run: RunAction, showStatus: ShowStatus): void {
  program
    .command('status')
    .summary('how fresh and complete each table is, and what to do next')
    .description(
      'Shows per table: last load, watermark, gaps, rows, freshness, rejects, checks; and what to do next.',
    )
    .option('--prometheus <file>', "also write metrics for node_exporter's textfile collector (a name.prom)")
    .addHelpText(
      'after',
      `
Ends with 0 however things stand (the field "state" of --json tells: ok, warning, failed), and with 3 where the
warehouse cannot be opened.

Examples:
  hubdwh status
  hubdwh status --json
  hubdwh status --prometheus /var/lib/node_exporter/textfile/hubdwh.prom > /dev/null`,
    )
    .action(({ prometheus }: { readonly prometheus?: string }, command: Command) =>
      run(command, async session => showStatus(await openContext(session), { prometheus })),
    )
}
