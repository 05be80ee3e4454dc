import { type Command, Option } from 'commander'
import type { Outcome, RunAction, Session } from '../session.js'

const engines = ['duckdb', 'spark', 'trino'] as const
export type DdlEngine = (typeof engines)[number]

/** The CREATE statements of every table, each without its semicolon. */
export type WriteDdl = (engine: DdlEngine) => Promise<readonly string[]>

/** `hubdwh ddl [--engine duckdb|spark|trino]` */
export function addDdl(program: Command, run: RunAction, writeDdl: WriteDdl): void {
  program
    .command('ddl')
    .summary('the CREATE statements')
    .description('Prints the CREATE statements of every table. Needs no configuration.')
    .addOption(new Option('--engine <engine>', 'whose SQL').choices(engines).default('duckdb'))
    .addHelpText(
      'after',
      `
Examples:
  hubdwh ddl
  hubdwh ddl --engine spark > tables.sql`,
    )
    .action(({ engine }: { readonly engine: DdlEngine }, command: Command) =>
      run(command, session => printDdl(session, engine, writeDdl)),
    )
}

async function printDdl({ results }: Session, engine: DdlEngine, writeDdl: WriteDdl): Promise<Outcome> {
  const statements = await writeDdl(engine)
  results.print(statements.map(statement => `${statement};\n`).join('\n'))
  return { json: { engine, statements } }
}
