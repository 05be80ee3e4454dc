/**
 * A copy of silver and gold as one DuckDB file, replaced in one step: a BI tool that held the warehouse itself open would
 * keep the night's run from writing. Readers that have the old copy open go on with it until they open the file anew.
 */
import { chmod, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { PublishFileConfig } from '../config/config.js'
import { syncFolder } from '../durable-file.js'
import { InterruptedError } from '../errors.js'
import { withScratch } from '../landing/scratch.js'
import { type PipelineContext, withWarehouse } from '../pipeline/context.js'
import { sendRows } from '../pipeline/copy.js'
import { configuredModels } from '../pipeline/model-settings.js'
import { placeId } from '../place-id.js'
import { qualifiedName, type Table } from '../tables/table.js'
import { createSchema, createTable } from '../warehouse/ddl.js'
import { openScratch } from '../warehouse/duckdb/file.js'
import type { Engine } from '../warehouse/engine.js'
import { columnList, literal } from '../warehouse/sql-text.js'
import { createFolder, fileError, fileModes, folderModes } from './folder.js'
import type { Publisher } from './publisher.js'

/** What the copy is called in a session. */
const copy = 'marts'

export function martsFilePublisher(config: PublishFileConfig, context: PipelineContext): Publisher {
  const { path, readableBy } = config
  return {
    kind: 'file',
    place: `the file ${path}`,
    id: placeId('file', [path]),
    refreshes: 'changes',
    isLost: async () => (await modeOf(path)) !== fileModes[readableBy],
    publish: async (_changed, signal) => {
      try {
        await createFolder(dirname(path), folderModes[readableBy])
        const { tables, rows } = await writeCopy(config, context, signal)
        return `${tables} tables, ${rows} rows`
      } catch (error) {
        throw fileError(error, path)
      }
    },
    probe: async () => {
      const closed = readableBy === 'owner' ? undefined : await closedFolder(path)
      return closed === undefined
        ? 'is replaced after gold'
        : `is replaced after gold; only the owner of ${closed} gets there (open it with: chmod go+x ${closed})`
    },
  }
}

/** Undefined where there is no such file. */
async function modeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found === undefined ? undefined : found.mode & 0o777
}

/** The first folder on the way that others cannot pass through. */
async function closedFolder(path: string): Promise<string | undefined> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined)
    if (found && (found.mode & 0o011) === 0) return folder
    if (folder === dirname(folder)) return undefined
  }
}

interface Copied {
  readonly tables: number
  readonly rows: number
}

async function writeCopy(
  { path, readableBy }: PublishFileConfig,
  context: PipelineContext,
  signal: AbortSignal,
): Promise<Copied> {
  const draft = `${path}.draft`
  const drop = async (): Promise<void> => {
    for (const file of [draft, `${draft}.wal`]) await rm(file, { force: true })
  }
  await drop()
  try {
    const copied = await withWarehouse(context, 'read', source => copyInto(draft, source, context, signal))
    await chmod(draft, fileModes[readableBy])
    const file = await open(draft, 'r')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
    await syncFolder(dirname(path))
    return copied
  } finally {
    await drop()
  }
}

async function copyInto(
  draft: string,
  source: Engine,
  context: PipelineContext,
  signal: AbortSignal,
): Promise<Copied> {
  const { config, clock } = context
  // DuckDB reads and writes in one session; rows of another engine are sent over.
  const writer =
    source.name === 'duckdb' ? source : await openScratch({ timeZone: config.timezone, clock, signal })
  try {
    await writer.run(`attach ${literal(draft)} as ${copy}`)
    try {
      return await copyTables({ source, writer, context, signal })
    } finally {
      await writer.run(`detach ${copy}`)
    }
  } finally {
    if (writer !== source) await writer.close()
  }
}

interface Copying {
  readonly source: Engine
  readonly writer: Engine
  readonly context: PipelineContext
  readonly signal: AbortSignal
}

async function copyTables(copying: Copying): Promise<Copied> {
  const { source, writer, context, signal } = copying
  const { config, reporter } = context
  const present = await source.presentColumns()
  const tables = (await configuredModels(config)).map(({ table }) => table)
  for (const schema of new Set(tables.map(table => table.schema))) {
    await writer.run(createSchema(schema, { engine: 'duckdb', catalog: copy }))
  }
  let count = 0
  let rows = 0
  for (const [done, table] of tables.entries()) {
    if (signal.aborted) throw new InterruptedError()
    reporter.progress({ label: 'copying marts', done, total: tables.length, unit: 'tables' })
    const columns = present.get(qualifiedName(table))
    // One that has other columns yet is made anew by the next build.
    if (!columns || !table.columns.every(({ name }) => columns.includes(name))) continue
    const { timeAs } = config.warehouse
    for (const statement of createTable(table, { engine: 'duckdb', catalog: copy, timeAs })) {
      await writer.run(statement)
    }
    rows += await copyRows(table, copying)
    count += 1
  }
  reporter.progress({ label: 'copying marts', done: tables.length, total: tables.length, unit: 'tables' })
  return { tables: count, rows }
}

async function copyRows(table: Table, { source, writer, context, signal }: Copying): Promise<number> {
  const name = qualifiedName(table)
  const target = `${copy}.${name}`
  if (writer === source) {
    const columns = columnList(table.columns.map(column => column.name))
    await writer.run(`insert into ${target} select ${columns} from ${name}`)
    const [row] = (await writer.query(`select count(*) as row_count from ${target}`)).rows
    return Number(row?.row_count ?? 0)
  }
  const { config, clock } = context
  return withScratch(config.landing.path, { clock, signal }, async openFiles => {
    const sent = await sendRows({ source, target: writer, openScratch: openFiles }, table, target)
    return sent.rows
  })
}
