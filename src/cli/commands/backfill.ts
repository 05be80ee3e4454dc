import type { Command } from 'commander'
import type { Day, DayRange } from '../../calendar.js'
import { dayArgument, presentDays, readDayRange, wrongOption } from '../arguments.js'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'

export interface BackfillOptions {
  readonly range: DayRange
  /** Otherwise the newest day comes first: it is the one that people ask for. */
  readonly oldestFirst: boolean
}

export type BackfillAlaqan = (context: Context, options: BackfillOptions) => Promise<Outcome>

interface Flags {
  readonly from: Day
  readonly to: Day
  readonly oldestFirst?: true
}

/** `hubdwh backfill alaqan --from D --to D [--oldest-first]` */
export function addBackfill(program: Command, run: RunAction, backfillAlaqan: BackfillAlaqan): void {
  program
    .command('backfill')
    .summary('load history, resumable')
    .description('Loads history. Stopped, it goes on where it was when it is started again.')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh backfill alaqan --from 2024-01-01 --to 2024-12-31
  hubdwh backfill alaqan --help`,
    )
    .command('alaqan')
    .summary('visits of many days at the gates')
    .description('Loads the visits of many days, newest first.')
    .requiredOption('--from <day>', 'first day, YYYY-MM-DD', dayArgument('--from'))
    .requiredOption('--to <day>', 'last day', dayArgument('--to'))
    .option('--oldest-first', 'oldest day first')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh backfill alaqan --from 2024-01-01 --to 2024-12-31
  hubdwh backfill alaqan --from 2023-01-01 --to 2023-12-31 --oldest-first`,
    )
    .action(({ from, to, oldestFirst }: Flags, command: Command) =>
      run(command, async session => {
        const context = await openContext(session)
        const range = readDayRange({ from, to }, presentDays(context.clock.now(), context.config.timezone))
        if (range === undefined) throw wrongOption('--from', 'it is needed')
        return backfillAlaqan(context, { range, oldestFirst: oldestFirst === true })
      }),
    )
}
