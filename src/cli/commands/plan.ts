import type { Command } from 'commander'
import type { Source } from '../arguments.js'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'
import { sourceArgument } from './run.js'

export interface PlanOptions {
  /** Absent: every source that the configuration has. */
  readonly source: Source | undefined
}

export type ShowPlan = (context: Context, options: PlanOptions) => Promise<Outcome>

/** `hubdwh plan [alaqan|amocrm]` */
export function addPlan(program: Command, run: RunAction, showPlan: ShowPlan): void {
  program
    .command('plan')
    .summary('what the next run would do, and why')
    .description(
      'Shows what the next run would fetch and rebuild, and why. Asks no source and changes nothing.',
    )
    .addArgument(sourceArgument())
    .addHelpText(
      'after',
      `
Examples:
  hubdwh plan
  hubdwh plan alaqan --json`,
    )
    .action((source: Source | undefined, _: object, command: Command) =>
      run(command, async session => showPlan(await openContext(session), { source })),
    )
}
