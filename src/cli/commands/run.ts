import { Argument, type Command } from 'commander'
import { type Source, sources } from '../arguments.js'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'

export interface RunOptions {
  /** Absent: every source that the configuration has. */
  readonly source: Source | undefined
}

export type RunPipeline = (context: Context, options: RunOptions) => Promise<Outcome>

/** `hubdwh run [alaqan|amocrm]` */
export function addRun(program: Command, run: RunAction, runPipeline: RunPipeline): void {
  program
    .command('run')
    .summary('load, rebuild silver and gold, check')
    .description(
      'Does everything: loads what is new, rebuilds silver and gold where something changed, checks.',
    )
    .addArgument(sourceArgument())
    .option('--skip-code', 'exit with 99 where there was nothing to do')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh run                  all sources
  hubdwh run amocrm           only amoCRM
  hubdwh run --skip-code      for Airflow: 99 marks the task as skipped`,
    )
    .action((source: Source | undefined, _: object, command: Command) =>
      run(command, async session => runPipeline(await openContext(session), { source })),
    )
}

/** `[source]`: one source, or all of them. */
export function sourceArgument(): Argument {
  return new Argument('[source]', 'only this source').choices(sources)
}
