import { Argument, type Command } from 'commander'
import type { PublishConfig } from '../../config/config.js'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'

const kinds = ['superset', 'metabase', 'powerbi', 'webhook', 'report', 'file'] as const

export interface PublishOptions {
  /** Only places of these kinds; empty for all. */
  readonly kinds: readonly PublishConfig['kind'][]
  /** Everything anew, also what a place knows already. */
  readonly full: boolean
}

export type PublishMarts = (context: Context, options: PublishOptions) => Promise<Outcome>

/** `hubdwh publish [place…] [--full]` */
export function addPublish(program: Command, run: RunAction, publish: PublishMarts): void {
  program
    .command('publish')
    .summary('bring BI tools, the report and copies up to date')
    .description(
      'Brings the places that publish: lists up to date, each with the tables that are new to it. "hubdwh run" does so by itself.',
    )
    .addArgument(new Argument('[places...]', 'only places of these kinds').choices(kinds).default([], 'all'))
    .option('--full', 'everything anew, also what a place knows already')
    .option('--skip-code', 'exit with 99 where there was nothing to do')
    .addHelpText(
      'after',
      `
Ends with 3 where a place cannot be had now, with 5 where it does not let us in, and with 2 where it refuses: the others
are brought up to date all the same, and the next run tries again.

Examples:
  hubdwh publish
  hubdwh publish superset report
  hubdwh publish file --full
  hubdwh publish --skip-code      for Airflow: 99 marks the task as skipped`,
    )
    .action(
      (places: readonly PublishConfig['kind'][], { full }: { readonly full?: true }, command: Command) =>
        run(command, async session =>
          publish(await openContext(session), { kinds: [...new Set(places)], full: full === true }),
        ),
    )
}
