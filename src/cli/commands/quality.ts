import { type Command, Option } from 'commander'
import { closest } from '../../closest.js'
import { UsageError } from '../../errors.js'
import { allTables } from '../../tables/catalogue.js'
import { qualifiedName } from '../../tables/table.js'
import { type Source, sources } from '../arguments.js'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'

export interface QualityOptions {
  /** Absent: every source that the configuration has. */
  readonly source: Source | undefined
  /** A qualified name. Absent: every table. */
  readonly table: string | undefined
}

export type ShowQuality = (context: Context, options: QualityOptions) => Promise<Outcome>

/** `hubdwh quality` */
export function addQuality(program: Command, run: RunAction, showQuality: ShowQuality): void {
  program
    .command('quality')
    .summary('carry out all checks on the tables as they stand')
    .description(
      'Carries out all checks on whole tables, built-in ones and those of the folder checks/. Ends with exit code 4 ' +
        'where a blocking check fails. Failing rows are kept, masked, in meta.check_failures.',
    )
    .addOption(new Option('--source <source>', 'only checks of this source').choices(sources))
    .option('--table <table>', 'only checks of this table, as silver.amocrm_leads', tableArgument)
    .addHelpText(
      'after',
      `
Examples:
  hubdwh quality
  hubdwh quality --source alaqan
  hubdwh quality --table silver.amocrm_leads --json`,
    )
    .action(({ source, table }: Partial<QualityOptions>, command: Command) =>
      run(command, async session => showQuality(await openContext(session), { source, table })),
    )
}

/** For commander: reads the name of a table, with or without its catalog. */
export function tableArgument(text: string): string {
  const names = allTables.map(qualifiedName)
  const name = text.replace(/^iceberg\./, '')
  if (names.includes(name)) return name
  const meant = closest(name, names)
  throw new UsageError('usage', `--table: there is no table ${JSON.stringify(text)}.`, {
    advice: meant ? `Did you mean ${meant}?` : '"hubdwh status" lists the tables.',
  })
}
