import { Argument, type Command, Option } from 'commander'
import { type Source, sources, wordArgument, wrongOption } from '../arguments.js'
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
  /** A day or a load: Bronze is rebuilt from the archive from there on. Absent: Bronze stays as it is. */
  readonly replay: string | undefined
  /** With `replay`: only the tables of these entities; empty for all. */
  readonly entities: readonly string[]
}

export type Transform = (context: Context, options: TransformOptions) => Promise<Outcome>

interface Flags {
  readonly source?: Source
  readonly full?: true
  readonly accept: readonly string[]
  readonly replay?: string
  readonly entity: readonly string[]
}

/** `hubdwh transform [silver|gold] [--source S] [--full] [--replay FROM [--entity E]]` */
export function addTransform(
  program: Command,
  run: RunAction,
  { transform, entities }: { readonly transform: Transform; readonly entities: readonly string[] },
): void {
  const readEntity = wordArgument('--entity', entities)
  program
    .command('transform')
    .summary('rebuild silver and gold where something changed')
    .description(
      'Rebuilds silver and gold from bronze: what changed since the last time, or everything. With --replay bronze itself ' +
        'is rebuilt first: the answers in the archive are read again, as this version of the program reads them.',
    )
    .addArgument(new Argument('[layer]', 'only this layer').choices(layers))
    .addOption(new Option('--source <source>', 'only tables of this source').choices(sources))
    .option('--full', 'rebuild everything')
    .addOption(acceptOption())
    .option('--replay <from>', 'rebuild bronze from the archive since this day (YYYY-MM-DD) or load')
    .addOption(
      new Option('--entity <entity>', 'with --replay: only the tables of this entity (can be repeated)')
        .argParser((text: string, named: readonly string[]) => [...named, readEntity(text)])
        .default([], 'all'),
    )
    .option('--skip-code', 'exit with 99 where there was nothing to do')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh transform
  hubdwh transform gold --source alaqan
  hubdwh transform --full
  hubdwh transform --accept visits_of_day_not_few
  hubdwh transform --replay 2025-01-01
  hubdwh transform --replay 2025-01-01 --entity leads`,
    )
    .action((layer: TransformOptions['layer'], flags: Flags, command: Command) =>
      run(command, async session => {
        const { source, full, accept, replay, entity } = flags
        if (replay !== undefined && layer !== undefined) {
          throw wrongOption('--replay', `it rebuilds bronze and all that reads it, not only ${layer}`)
        }
        if (replay === undefined && entity.length > 0) throw wrongOption('--entity', 'it needs --replay')
        const options = { layer, source, full: full === true, accept, replay, entities: [...new Set(entity)] }
        return transform(await openContext(session), options)
      }),
    )
}
