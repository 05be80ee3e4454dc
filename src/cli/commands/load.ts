import { type Command, Option } from 'commander'
import type { Day, DayRange } from '../../calendar.js'
import type { Sweeps } from '../../pipeline/plan.js'
import {
  dayArgument,
  iinArgument,
  presentDays,
  readDayRange,
  wordsArgument,
  wrongOption,
} from '../arguments.js'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'

export interface LoadAlaqanOptions {
  /** Absent: what is missing, as a run does. Never in the future. */
  readonly range: DayRange | undefined
  /** Absent: everyone (byDate); otherwise this person's visits (byIin). 12 digits; personal data. */
  readonly iin: string | undefined
  /** Takes a day's answer though it holds far less than is known for that day. */
  readonly accept: boolean
}

export interface LoadAmocrmOptions {
  /** Empty: all. */
  readonly entities: readonly string[]
  /** Everything again, not only what changed. */
  readonly full: boolean
  /** What becomes of sweeps that are due; absent: they are done with the rest. */
  readonly sweeps: Sweeps | undefined
  /** Takes for gone whatever no longer answers, however much it is. */
  readonly accept: boolean
}

export interface LoadHandlers {
  readonly loadAlaqan: (context: Context, options: LoadAlaqanOptions) => Promise<Outcome>
  readonly loadAmocrm: (context: Context, options: LoadAmocrmOptions) => Promise<Outcome>
  /** The entities of amoCRM that can be named. */
  readonly entities: readonly string[]
}

interface AlaqanFlags {
  readonly from?: Day
  readonly to?: Day
  readonly iin?: string
  readonly accept?: true
}

interface AmocrmFlags {
  readonly full?: true
  readonly sweeps?: Sweeps
  readonly accept?: true
}

/** `hubdwh load alaqan …`, `hubdwh load amocrm …` */
export function addLoad(
  program: Command,
  run: RunAction,
  { loadAlaqan, loadAmocrm, entities }: LoadHandlers,
): void {
  const load = program
    .command('load')
    .summary('extract into bronze only')
    .description('Extracts one source into bronze.')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh load alaqan                   the days that are missing
  hubdwh load amocrm leads contacts    what changed in these
  hubdwh load amocrm --help            all that can be loaded`,
    )
  load
    .command('alaqan')
    .summary('visits at the gates')
    .description('Loads visits: the days that are missing and the last few, or the days that are named.')
    .option('--from <day>', 'first day, YYYY-MM-DD', dayArgument('--from'))
    .option('--to <day>', 'last day (default: yesterday)', dayArgument('--to'))
    .option('--iin <iin>', 'only this person', iinArgument)
    .option('--accept', 'take a day though its answer holds far less than before')
    .option('--skip-code', 'exit with 99 where there was nothing to do')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh load alaqan
  hubdwh load alaqan --from 2025-01-01 --to 2025-01-31
  hubdwh load alaqan --from 2025-01-30 --to 2025-01-30 --accept`,
    )
    .action((flags: AlaqanFlags, command: Command) =>
      run(command, async session => {
        const context = await openContext(session)
        const range = readDayRange(flags, presentDays(context.clock.now(), context.config.timezone))
        return loadAlaqan(context, { range, iin: flags.iin, accept: flags.accept === true })
      }),
    )
  load
    .command('amocrm')
    .summary('leads, contacts, companies, …')
    .description(`Loads what changed in amoCRM. Entities: ${entities.join(', ')}.`)
    .argument('[entities...]', 'only these entities')
    .option('--full', 'everything again, not only what changed; known records that are missing are asked for')
    .addOption(
      new Option(
        '--sweeps <what>',
        'sweeps that are due, which look for records that vanished: leave them to another command, or do only them',
      ).choices(['left', 'only']),
    )
    .option('--accept', 'with --full: take for deleted what is gone, even if it is more than 1 %')
    .option('--skip-code', 'exit with 99 where there was nothing to do')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh load amocrm
  hubdwh load amocrm leads contacts
  hubdwh load amocrm leads --full
  hubdwh load amocrm leads --sweeps left    and, in another task: hubdwh load amocrm --sweeps only`,
    )
    .action((names: readonly string[], flags: AmocrmFlags, command: Command) =>
      run(command, async session => {
        const { full, sweeps, accept } = flags
        const chosen = wordsArgument('entity', entities)(names)
        if (full && sweeps !== undefined) throw wrongOption('--sweeps', '--full reads everything anyway')
        return loadAmocrm(await openContext(session), {
          entities: chosen,
          full: full === true,
          sweeps,
          accept: accept === true,
        })
      }),
    )
}
