import { type Command, Option } from 'commander'
import { type Source, sources, wholeNumberArgument } from '../arguments.js'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'
import { tableArgument } from './quality.js'

export interface RejectsOptions {
  /** Absent: both. */
  readonly source: Source | undefined
  /** A qualified name. Absent: every table. */
  readonly table: string | undefined
  /** Absent: every rule. */
  readonly rule: string | undefined
  /** Examples a rule. */
  readonly limit: number
}

export interface RejectsHandlers {
  readonly showRejects: (context: Context, options: RejectsOptions) => Promise<Outcome>
  readonly replayRejects: (context: Context, options: RejectsOptions) => Promise<Outcome>
}

interface Flags extends Partial<Omit<RejectsOptions, 'limit'>> {
  readonly limit: number
  readonly replay?: true
}

const usualExamples = 3
const mostExamples = 1000

/** `hubdwh rejects [--replay]` */
export function addRejects(
  program: Command,
  run: RunAction,
  { showRejects, replayRejects }: RejectsHandlers,
): void {
  program
    .command('rejects')
    .summary('what was set aside, by rule; read it again')
    .description(
      'Shows the records that bronze and silver have set aside, by table and rule, with examples (personal values ' +
        'masked). With --replay their originals are read again, from the archive and from bronze, after a mapping or ' +
        'rule was changed: what passes leaves the list, and silver and gold are rebuilt where it belongs.',
    )
    .addOption(new Option('--source <source>', 'only tables of this source').choices(sources))
    .option('--table <table>', 'only this table, as bronze.amocrm_leads', tableArgument)
    .option('--rule <rule>', 'only what breaks this rule')
    .option('--limit <n>', 'examples a rule', wholeNumberArgument('--limit', 0, mostExamples), usualExamples)
    .option('--replay', 'read them again')
    .option('--skip-code', 'exit with 99 where nothing is set aside or, with --replay, nothing passed')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh rejects
  hubdwh rejects --table silver.alaqan_visits --rule iin_format --limit 20
  hubdwh rejects --replay
  hubdwh rejects --replay --source amocrm`,
    )
    .action((flags: Flags, command: Command) =>
      run(command, async session => {
        const { source, table, rule, limit, replay } = flags
        const handle = replay ? replayRejects : showRejects
        return handle(await openContext(session), { source, table, rule, limit })
      }),
    )
}
