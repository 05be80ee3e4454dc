import { Argument, type Command, Option } from 'commander'
import { type Source, sources } from '../arguments.js'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'
import { acceptOption } from './run.js'

const layers = ['silver', 'gold'] as const

export interface TransformOptions {
  /** Absent: silver, then gold. */
  readonly layer: (typeof layers)[number] | undefined
  /** Absent: the tables of every source. */
  readonly source: Source | undefined
  /** Everything, not only what changed. */
  readonly full: boolean
  /** Checks whose failure is taken as it is. */
  readonly accept: readonly string[]
}

export type Transform = (context: Context, options: TransformOptions) => Promise<Outcome>

interface Flags {
  readonly source?: Source
  readonly full?: true
  readonly accept: readonly string[]
}

/** `hubdwh transform [silver|gold] [--source S] [--full]` */
export function addTransform(program: Command, run: RunAction, transform: Transform): void {
  program
    .command('transform')
    .summary('rebuild silver and gold where something changed')
    .description('Rebuilds silver and gold from bronze: what changed since the last time, or everything.')
    .addArgument(new Argument('[layer]', 'only this layer').choices(layers))
    .addOption(new Option('--source <source>', 'only tables of this source').choices(sources))
    .option('--full', 'rebuild everything')
    .addOption(acceptOption())
    .option('--skip-code', 'exit with 99 where there was nothing to do')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh transform
  hubdwh transform gold --source alaqan
  hubdwh transform --full
  hubdwh transform --accept visits_fewer_than_usual`,
    )
    .action((layer: TransformOptions['layer'], { source, full, accept }: Flags, command: Command) =>
      run(command, async session =>
        transform(await openContext(session), { layer, source, full: full === true, accept }),
      ),
    )
}
