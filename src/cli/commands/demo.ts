import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { wrongOption } from '../arguments.js'
import type { Outcome, RunAction, Session } from '../session.js'

/** Where the demo puts its tables. */
export type DemoWarehouse =
  | { readonly kind: 'file' }
  | {
      readonly kind: 'iceberg'
      /** Of a REST catalog that asks nobody who they are. */
      readonly uri: string
      /** Absolute path of a folder with DuckDB's extensions; undefined: DuckDB's own. */
      readonly extensions: string | undefined
    }
  | {
      readonly kind: 'spark'
      readonly host: string
      readonly port: number
      /** Absolute path of a folder that the server can read too. */
      readonly staging: string
    }

/** Starts the sandbox, runs everything against it in a temporary folder and shows what came of it. */
export type RunDemo = (session: Session, warehouse: DemoWarehouse) => Promise<Outcome>

interface Flags {
  readonly iceberg?: string | true
  readonly extensions?: string
  readonly engine: 'duckdb' | 'spark'
  readonly spark?: string
  readonly staging?: string
}

/** As `npm run servers` has them. */
const usual = { catalog: 'http://127.0.0.1:8181', spark: '127.0.0.1:10000', staging: 'data/servers/staging' }

/** `hubdwh demo` */
export function addDemo(program: Command, run: RunAction, runDemo: RunDemo): void {
  program
    .command('demo')
    .summary('see it work, with invented data')
    .description(
      'Sandbox, run and results in a temporary folder: no credentials, no configuration, invented people. The tables are in ' +
        'a DuckDB file there, or in a catalog that has none of hubdwh with rows yet.',
    )
    .option('--iceberg [uri]', `tables in an Iceberg REST catalog; without an address ${usual.catalog}`)
    .option('--extensions <folder>', "DuckDB's extensions, where it cannot fetch them itself")
    .addOption(
      new Option('--engine <name>', 'what reads and writes the tables')
        .choices(['duckdb', 'spark'])
        .default('duckdb'),
    )
    .option('--spark <host:port>', `Spark's Thrift server (default: ${usual.spark})`)
    .option('--staging <folder>', `a folder that Spark can read too (default: ${usual.staging})`)
    .addHelpText(
      'after',
      `
Examples:
  hubdwh demo
  hubdwh demo --iceberg                          in the catalog that "npm run servers" has started
  hubdwh demo --iceberg http://127.0.0.1:8182 --extensions duckdb-extensions
  hubdwh demo --engine spark                     on the Spark that "npm run servers" has started
  hubdwh demo --engine spark --spark 127.0.0.1:10001 --staging servers/staging`,
    )
    .action((flags: Flags, command: Command) =>
      run(command, async session => runDemo(session, warehouseOf(flags, session.io.cwd))),
    )
}

/** @throws UsageError where options do not belong together */
function warehouseOf(flags: Flags, cwd: string): DemoWarehouse {
  const { iceberg, extensions, engine, spark = usual.spark, staging = usual.staging } = flags
  if (engine === 'spark') {
    if (iceberg !== undefined)
      throw wrongOption('--iceberg', 'Spark knows itself in which catalog the tables are')
    if (extensions !== undefined) throw wrongOption('--extensions', 'they are for DuckDB, not for Spark')
    return { kind: 'spark', ...serverOf(spark), staging: resolve(cwd, staging) }
  }
  for (const option of ['spark', 'staging'] as const) {
    if (flags[option] !== undefined) throw wrongOption(`--${option}`, 'it needs --engine spark')
  }
  if (iceberg === undefined) {
    if (extensions !== undefined) throw wrongOption('--extensions', 'it needs --iceberg')
    return { kind: 'file' }
  }
  return {
    kind: 'iceberg',
    uri: iceberg === true ? usual.catalog : addressOf(iceberg),
    extensions: extensions === undefined ? undefined : resolve(cwd, extensions),
  }
}

function addressOf(text: string): string {
  if (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text
  throw wrongOption('--iceberg', `the address of a catalog is wanted, as ${usual.catalog}`)
}

function serverOf(text: string): { readonly host: string; readonly port: number } {
  const [, host = '', digits] = /^([a-z0-9.-]+):(\d+)$/i.exec(text) ?? []
  const port = Number(digits)
  if (port >= 1 && port <= 65_535) return { host, port }
  throw wrongOption('--spark', `a host and a port are wanted, as ${usual.spark}`)
}
