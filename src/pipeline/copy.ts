/**
 * Copying a warehouse into another, whatever engines they stand on: every table, verified by its number of rows and
 * a digest of them. It can be broken off at any point and begun again: what is equal already is not copied twice, and the
 * ledger comes last, so that the new warehouse never says that it holds what it does not hold yet.
 */
import { createHash } from 'node:crypto'
import type { Config } from '../config/config.js'
import type { Clock, Reporter } from '../effects.js'
import { CheckFailedError, InterruptedError, UnavailableError, UsageError } from '../errors.js'
import { type ScratchFiles, withScratch } from '../landing/scratch.js'
import { allTables } from '../tables/catalogue.js'
import { metaLoads, metaModelLoads, metaModels, metaPendingScopes } from '../tables/meta.js'
import { qualifiedName, type Table } from '../tables/table.js'
import { type Engine, numberOf, rowsOf, type Value } from '../warehouse/engine.js'
import { columnList, literal } from '../warehouse/sql-text.js'
import type { PipelineContext } from './context.js'
import { warehouseOf } from './warehouse-of.js'

export interface CopiedTable {
  readonly table: string
  readonly rows: number
  /** It was equal before. */
  readonly wasThere: boolean
}

export interface CopySummary {
  readonly from: string
  readonly to: string
  readonly tables: readonly CopiedTable[]
  /** Marts with other columns under the other configuration: the next run builds them. */
  readonly leftToBuild: readonly string[]
}

/** Rows that are written at a time. */
const chunkRows = 100_000

/** What says of a table what it holds comes after the tables, the ledger at the very end. */
const lastTables: readonly Table[] = [metaPendingScopes, metaModelLoads, metaModels, metaLoads]

/**
 * Copies everything into the warehouse of another configuration.
 * @throws UsageError `copy_onto_itself`, `copy_target_used` where the other one holds loads that this one does not know;
 *   UnavailableError `copy_overtaken` where this one was written to meanwhile; CheckFailedError `copy_differs`
 */
export async function copyWarehouse(context: PipelineContext, to: Config): Promise<CopySummary> {
  const { config, clock, reporter, signal } = context
  const here = warehouseOf(context)
  // Instants are compared as they are shown, so both are shown in one zone.
  const there = warehouseOf({ config: { ...to, timezone: config.timezone }, clock })
  if (here.place === there.place) {
    throw new UsageError('copy_onto_itself', `Both configurations name the same warehouse, ${here.place}.`, {
      advice: 'Name with --to a configuration whose section warehouse is another.',
    })
  }
  return withScratch(config.landing.path, { clock, signal }, async openScratch => {
    const source = await here.open({ access: 'read', signal })
    try {
      const target = await there.open({ access: 'write', signal })
      try {
        await refuseForeign(source, target, there.place)
        const loads = await loadsIn(source)
        const copied = await copyAll({ source, target, openScratch, clock, reporter, signal })
        if ((await loadsIn(source)) !== loads) throw overtaken(here.place)
        return { from: here.place, to: there.place, ...copied }
      } finally {
        await target.close()
      }
    } finally {
      await source.close()
    }
  })
}

interface Copying {
  readonly source: Engine
  readonly target: Engine
  readonly openScratch: (name: string) => Promise<ScratchFiles>
  readonly clock: Clock
  readonly reporter: Reporter
  readonly signal: AbortSignal
}

async function copyAll(copying: Copying): Promise<Pick<CopySummary, 'tables' | 'leftToBuild'>> {
  const { source, target, reporter, signal } = copying
  const order = [...allTables.filter(table => !lastTables.includes(table)), ...lastTables]
  const tables: CopiedTable[] = []
  const leftToBuild: string[] = []
  for (const [done, table] of order.entries()) {
    if (signal.aborted) throw new InterruptedError()
    reporter.progress({ label: 'copying', done, total: order.length, unit: 'tables' })
    const columns = await columnsOf(source, table)
    if (table.hasMeasures === true && columns.join() !== (await columnsOf(target, table)).join()) {
      leftToBuild.push(qualifiedName(table))
      continue
    }
    tables.push(await copyTable(copying, table))
  }
  // A mart that was left out has to look as if it had never been built.
  if (leftToBuild.length > 0) {
    await target.run(`delete from meta.models where model in (${leftToBuild.map(literal).join(', ')})`)
  }
  return { tables, leftToBuild }
}

async function columnsOf(engine: Engine, table: Table): Promise<readonly string[]> {
  const { columns } = await engine.query(`select * from ${qualifiedName(table)} limit 0`)
  return columns.map(({ name }) => name)
}

async function copyTable(copying: Copying, table: Table): Promise<CopiedTable> {
  const { source, target, reporter } = copying
  const name = qualifiedName(table)
  const counted = `select count(*) from ${name}`
  const [here, there] = [await numberOf(source, counted), await numberOf(target, counted)]
  if (here === there) {
    if (here === 0) return { table: name, rows: 0, wasThere: true }
    if ((await digestIn(source, table)).digest === (await digestIn(target, table)).digest) {
      return { table: name, rows: here, wasThere: true }
    }
  }
  if (there > 0) await target.run(`delete from ${name}`)
  const sent = await sendRows(copying, table)
  const arrived = await digestIn(target, table)
  if (arrived.rows !== sent.rows || arrived.digest !== sent.digest) {
    throw new CheckFailedError(
      'copy_differs',
      `${name} has ${arrived.rows} rows after the copy, of ${sent.rows}${arrived.rows === sent.rows ? ', and not the same ones' : ''}.`,
      { advice: 'Make sure that nobody else writes to the new warehouse, and run the same command again.' },
    )
  }
  reporter.info(`${name}: ${sent.rows} rows`)
  return { table: name, rows: sent.rows, wasThere: false }
}

/**
 * Sends the rows of a table from one engine to another, in chunks.
 * @param into the table's name in the other one
 */
export async function sendRows(
  { source, target, openScratch }: Pick<Copying, 'source' | 'target' | 'openScratch'>,
  table: Table,
  into = qualifiedName(table),
): Promise<Digested> {
  const name = qualifiedName(table)
  const columns = table.columns.map(column => column.name)
  const digest = rowDigest()
  const { rows } = await source.stream(`select ${columnList(columns)} from ${name}`)
  let chunk: ScratchFiles | undefined
  let inChunk = 0
  const flush = async (): Promise<void> => {
    if (!chunk) return
    await chunk.close()
    await target.openRows('copied', chunk.rows, table.columns)
    await target.run(`insert into ${into} (${columnList(columns)}) select ${columnList(columns)} from copied`)
    chunk = undefined
    inChunk = 0
  }
  for await (const values of rows) {
    digest.add(values)
    chunk ??= await openScratch(name)
    await chunk.addRow(Object.fromEntries(columns.map((column, at) => [column, values[at] ?? null])))
    inChunk += 1
    if (inChunk === chunkRows) await flush()
  }
  await flush()
  return digest.result()
}

export interface Digested {
  readonly rows: number
  /** The same for the same rows in whatever order. */
  readonly digest: string
}

async function digestIn(engine: Engine, table: Table): Promise<Digested> {
  const digest = rowDigest()
  const columns = columnList(table.columns.map(({ name }) => name))
  const { rows } = await engine.stream(`select ${columns} from ${qualifiedName(table)}`)
  for await (const values of rows) digest.add(values)
  return digest.result()
}

const wrap = 1n << 64n

/** The sum of the rows' hashes: a sum, since with an exclusive or two equal rows would be as good as none. */
function rowDigest(): { add(values: readonly Value[]): void; result(): Digested } {
  let rows = 0
  let sum = 0n
  return {
    add: values => {
      rows += 1
      sum += createHash('sha256').update(JSON.stringify(values)).digest().readBigUInt64BE()
      if (sum >= wrap) sum -= wrap
    },
    result: () => ({ rows, digest: sum.toString(16) }),
  }
}

/** Which loads there are, as one text. */
async function loadsIn(engine: Engine): Promise<string> {
  return (await loadIds(engine)).join()
}

async function loadIds(engine: Engine): Promise<readonly string[]> {
  const rows = await rowsOf(engine, 'select load_id from meta.loads order by load_id')
  return rows.map(row => String(row.load_id))
}

async function refuseForeign(source: Engine, target: Engine, place: string): Promise<void> {
  const ours = new Set(await loadIds(source))
  const foreign = (await loadIds(target)).filter(id => !ours.has(id))
  if (foreign.length === 0) return
  throw new UsageError(
    'copy_target_used',
    `${place} holds ${foreign.length} loads that this warehouse does not know, as ${foreign[0]}. Nothing was copied.`,
    { advice: 'Name an empty warehouse: what another one has loaded is not overwritten.' },
  )
}

function overtaken(place: string): UnavailableError {
  return new UnavailableError('copy_overtaken', `${place} was written to while it was copied.`, {
    advice: 'Run the same command again: only what has changed is copied.',
  })
}
