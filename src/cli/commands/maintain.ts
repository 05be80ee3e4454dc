import type { Command } from 'commander'
import { wrongOption } from '../arguments.js'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'

export interface MaintainFlags {
  readonly keepDays: number
  readonly isDryRun: boolean
}

export type Maintain = (context: Context, options: MaintainFlags) => Promise<Outcome>

/** `hubdwh maintain` */
export function addMaintain(program: Command, run: RunAction, maintain: Maintain): void {
  program
    .command('maintain')
    .summary('take care of Iceberg tables: files, snapshots')
    .description(
      'Puts small files together, lets old snapshots go and removes files that no snapshot names. It tells first what each ' +
        'table needs and why. On Spark it is done by Iceberg’s own procedures; DuckDB has none, so there the statements for ' +
        'Spark are printed. A DuckDB file needs no care.',
    )
    .option('--keep-days <days>', 'snapshots younger than so many days stay', keepDaysArgument, 7)
    .option('--dry-run', 'only tell')
    .addHelpText(
      'after',
      `
Once a week is enough for daily loads.

Examples:
  hubdwh maintain --dry-run
  hubdwh maintain --keep-days 30`,
    )
    .action(({ keepDays, dryRun }: { readonly keepDays: number; readonly dryRun?: true }, command: Command) =>
      run(command, async session =>
        maintain(await openContext(session), { keepDays, isDryRun: dryRun === true }),
      ),
    )
}

function keepDaysArgument(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw wrongOption('--keep-days', 'a whole number of days, 0 or more')
  return Number(text)
}
