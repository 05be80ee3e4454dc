import type { Command } from 'commander'
import { UsageError } from '../../errors.js'
import type { JsonObject, JsonValue } from '../../json.js'
import { type Context, openContext } from '../context.js'
import { csvRecord } from '../csv.js'
import type { Outcome, RunAction } from '../session.js'
import type { TableColumn } from '../table.js'

/** What a query gives, row by row, so that a large one need not fit into memory. */
export interface QueryResult {
  readonly columns: readonly TableColumn[]
  /** Values are what JSON can hold; numbers that JSON would round are texts. */
  readonly rows: AsyncIterable<readonly JsonValue[]>
}

/** Runs a query that only reads, and hands its result over while the warehouse is open. */
export type RunQuery = (
  context: Context,
  sql: string,
  use: (result: QueryResult) => Promise<Outcome>,
) => Promise<Outcome>

/** A person does not read more lines of a table; --csv and --json give all. */
const rowsInTable = 1000

/** `hubdwh sql "…" [--csv]` */
export function addSql(program: Command, run: RunAction, runQuery: RunQuery): void {
  program
    .command('sql')
    .summary('run a query that reads the warehouse')
    .description('Runs a query and shows its result as a table, as CSV or, with --json, as a JSON object.')
    .argument('<query>', 'SQL')
    .option('--csv', 'CSV (RFC 4180) with a heading')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh sql "select * from gold.alaqan_monthly_summary limit 10"
  hubdwh sql --csv "select * from gold.amocrm_sales_funnel" > funnel.csv`,
    )
    .action((query: string, { csv }: { readonly csv?: true }, command: Command) =>
      run(command, async session => {
        if (query.trim() === '')
          throw new UsageError('usage', 'The query is empty.', {
            advice: 'Name what there is: hubdwh sql "show tables from gold".',
          })
        if (csv && session.options.json)
          throw new UsageError('usage', '--csv and --json exclude each other.', {
            advice: 'Leave out one of them; see "hubdwh sql --help".',
          })
        const context = await openContext(session)
        if (csv) return runQuery(context, query, result => printCsv(context, result))
        return runQuery(context, query, result =>
          session.options.json ? collect(result) : printTable(context, result),
        )
      }),
    )
}

async function printCsv(
  { io: { stdout }, signal }: Context,
  { columns, rows }: QueryResult,
): Promise<Outcome> {
  stdout.write(csvRecord(columns.map(column => column.name)))
  for await (const row of rows) {
    signal.throwIfAborted()
    if (stdout.isClosed()) break
    stdout.write(csvRecord(row))
    await stdout.settled()
  }
  return {}
}

async function printTable({ results, reporter }: Context, { columns, rows }: QueryResult): Promise<Outcome> {
  const shown: (readonly JsonValue[])[] = []
  let isCut = false
  for await (const row of rows) {
    isCut = shown.length === rowsInTable
    if (isCut) break
    shown.push(row)
  }
  results.table(columns, shown)
  if (isCut) reporter.warn(`Only the first ${rowsInTable} rows are shown; --csv and --json give all.`)
  return {}
}

async function collect({ columns, rows }: QueryResult): Promise<Outcome> {
  const names = columns.map(column => column.name)
  const collected: JsonValue[] = []
  for await (const row of rows) collected.push(row)
  const json: JsonObject = { columns: names, rows: collected }
  return { json }
}
