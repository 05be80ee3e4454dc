import type { Command } from 'commander'
import { UsageError } from '../../errors.js'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'

/** @param to the other configuration, opened as this one */
export type Copy = (context: Context, to: Context) => Promise<Outcome>

/** `hubdwh copy --to CONFIG` */
export function addCopy(program: Command, run: RunAction, copy: Copy): void {
  program
    .command('copy')
    .summary('copy everything into another warehouse')
    .description(
      'Copies every table into the warehouse that another configuration names, say from the DuckDB file of a trial into ' +
        'the lakehouse, and compares them row by row. Broken off, it goes on where it was.',
    )
    .option('--to <file>', 'the other configuration')
    .addHelpText(
      'after',
      `
The landing is not copied: let the other configuration name the same folder, so that the archive stays with its
warehouse. Afterwards use the other configuration alone.

Examples:
  hubdwh copy --to lakehouse.yaml
  hubdwh --config trial.yaml copy --to lakehouse.yaml --json`,
    )
    .action(({ to }: { readonly to?: string }, command: Command) =>
      run(command, async session => {
        if (to === undefined) {
          throw new UsageError('usage', 'It must be said where to copy to: --to FILE.', {
            advice: 'See "hubdwh copy --help".',
          })
        }
        const context = await openContext(session)
        const other = await openContext({ ...session, options: { ...session.options, config: to } })
        return copy(context, other)
      }),
    )
}
