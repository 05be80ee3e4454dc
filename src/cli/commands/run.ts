import { Argument, type Command, Option } from 'commander'
import { type Source, sources } from '../arguments.js'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'

export interface RunOptions {
  /** Absent: every source that the configuration has. */
  readonly source: Source | undefined
  /** Checks whose failure is taken as it is. */
  readonly accept: readonly string[]
}

export type RunPipeline = (context: Context, options: RunOptions) => Promise<Outcome>

/** `hubdwh run [alaqan|amocrm]` */
export function addRun(program: Command, run: RunAction, runPipeline: RunPipeline): void {
  program
    .command('run')
    .summary('load, rebuild silver and gold, check, publish')
    .description(
      'Does everything: loads what is new, rebuilds silver and gold where something changed, checks, publishes.',
    )
    .addArgument(sourceArgument())
    .addOption(acceptOption())
    .option('--skip-code', 'exit with 99 where there was nothing to do')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh run                  all sources
  hubdwh run amocrm           only amoCRM
  hubdwh run --skip-code      for Airflow: 99 marks the task as skipped`,
    )
    .action((source: Source | undefined, { accept }: Pick<RunOptions, 'accept'>, command: Command) =>
      run(command, async session => runPipeline(await openContext(session), { source, accept })),
    )
}

/** `--accept CHECK`, as often as wanted. */
export function acceptOption(): Option {
  return new Option('--accept <check>', 'take what this check found as it is (as often as wanted)')
    .argParser<readonly string[]>((name, before) => [...before, name])
    .default([], 'none')
}

/** `[source]`: one source, or all of them. */
export function sourceArgument(): Argument {
  return new Argument('[source]', 'only this source').choices(sources)
}
