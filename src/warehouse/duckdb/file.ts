/**
 * The warehouse in a DuckDB file, attached to a session in memory as `iceberg`, so that `iceberg.bronze.…` means
 * the same here as in production. The file is locked by whoever has it open for writing: sessions are short, and
 * one that meets a lock waits its turn.
 */
import { existsSync } from 'node:fs'
import { chmod, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { createPrivateFolder } from '../../durable-file.js'
import type { Clock } from '../../effects.js'
import { InterruptedError, messageOf, UnavailableError, UsageError } from '../../errors.js'
import { allTables, warehouseSchemas } from '../../tables/catalogue.js'
import { qualifiedName } from '../../tables/table.js'
import { createSchema, createTable, type TimeAs } from '../ddl.js'
import type { Engine } from '../engine.js'
import { sessionFunctions } from '../session-functions.js'
import { literal } from '../sql-text.js'
import type { OpenOptions, Warehouse } from '../warehouse.js'
import { DuckDBInstance } from './library.js'
import { instanceSettings, shortageIn, withMemoryFor } from './limits.js'
import { isLockConflict, lockedError } from './lock-conflict.js'
import { rewriteFile } from './rewrite-file.js'
import { duckdbSession } from './session.js'

export interface FileOptions {
  /** Absolute path of the file; made where it is missing, unless only read. */
  readonly path: string
  readonly access: 'read' | 'write'
  /** The session's zone, IANA: how instants are shown. Models do not depend on it. */
  readonly timeZone: string
  readonly timeAs: TimeAs
  /** How much memory DuckDB may hold, as it is told: `2000MB`; absent: its own limit. */
  readonly memoryLimit?: string | undefined
  readonly clock: Clock
  /** How long to wait for another process to finish with the file, milliseconds. */
  readonly patience?: number
  /** Stops a statement that is under way. */
  readonly signal?: AbortSignal
}

const catalog = 'iceberg'
const secondsOfPatience = 60
const pollEvery = 250

/** The warehouse in a file. @param options whose `path`, zone and clock are those of every session */
export function duckdbFile(
  options: Pick<FileOptions, 'path' | 'timeZone' | 'timeAs' | 'memoryLimit' | 'clock'>,
): Warehouse {
  const { path, clock } = options
  return {
    place: path,
    exists: async () => existsSync(path),
    open: (how: OpenOptions) => openDuckdb({ ...withMemoryFor(options, how), ...how }),
    // DuckDB uses free blocks again by itself.
    facts: async () => undefined,
    size: async () => (await stat(path)).size,
    // While the file is open for writing nobody else spills.
    dropLeftovers: () => rm(spillFolder(path), { recursive: true, force: true }),
    purge: signal => rewriteFile({ path, clock, ...(signal ? { signal } : {}) }),
  }
}

const spillFolder = (path: string) => `${path}.spill`

/**
 * Opens the warehouse and, for writing, makes what is missing of its schemas and tables.
 * @throws UnavailableError `warehouse_locked`, `warehouse_unreadable`, `disk_full`
 * @throws UsageError `warehouse_missing` where it is to be read and does not exist yet
 */
export async function openDuckdb(options: FileOptions): Promise<Engine> {
  const { path, access } = options
  if (access === 'read' && !existsSync(path)) {
    throw new UsageError('warehouse_missing', `There is no warehouse at ${path} yet.`, {
      advice: 'Load something first: hubdwh run.',
    })
  }
  if (access === 'write') await createPrivateFolder(dirname(path))
  const instance = await instanceFor(options)
  const connection = await instance.connect()
  try {
    await connection.run(`set TimeZone = ${literal(options.timeZone)}`)
    await attach(connection, options)
    await connection.run(`use ${catalog}`)
    await connection.run(sessionFunctions.duckdb)
    const engine = engineOf(instance, connection, options)
    if (access === 'write') {
      await chmod(path, 0o600)
      await createMissingTables(engine, options.timeAs)
    }
    return engine
  } catch (error) {
    connection.closeSync()
    instance.closeSync()
    throw error
  }
}

/** A session with an empty warehouse that is gone with it: to look at files where there is no warehouse yet. */
export async function openScratch(
  options: Pick<FileOptions, 'timeZone' | 'clock' | 'signal'>,
): Promise<Engine> {
  const path = ':memory:'
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  await connection.run(`set TimeZone = ${literal(options.timeZone)}`)
  await connection.run(`attach ${literal(path)} as ${catalog}`)
  await connection.run(`use ${catalog}`)
  await connection.run(sessionFunctions.duckdb)
  return engineOf(instance, connection, { ...options, path, timeAs: 'time' })
}

type Instanced = Pick<FileOptions, 'path' | 'memoryLimit'>

/** Instances that no session uses now: making one costs more than most sessions do. */
const idleInstances = new Map<string, DuckDBInstance[]>()
const instanceName = ({ path, memoryLimit = '' }: Instanced) => JSON.stringify([path, memoryLimit])

async function instanceFor(options: Instanced): Promise<DuckDBInstance> {
  const idle = idleInstances.get(instanceName(options))?.pop()
  if (idle) return idle
  // What does not fit into memory is spilled beside the warehouse, where only its owner can read.
  const settings = instanceSettings({ ...options, spill: spillFolder(options.path) })
  return DuckDBInstance.create(':memory:', settings)
}

function keepForLater(instance: DuckDBInstance, options: Instanced): void {
  const name = instanceName(options)
  idleInstances.set(name, [...(idleInstances.get(name) ?? []), instance])
}

async function attach(connection: DuckDBConnection, options: FileOptions): Promise<void> {
  const { path, access, clock } = options
  const statement = `attach ${literal(path)} as ${catalog}${access === 'read' ? ' (read_only)' : ''}`
  const deadline = clock.now() + (options.patience ?? secondsOfPatience * 1000)
  for (;;) {
    try {
      await connection.run(statement)
      return
    } catch (error) {
      if (!isLockConflict(error)) throw understoodOf(path, error)
      if (clock.now() >= deadline) throw lockedError(error, path)
      await clock.sleep(pollEvery, options.signal)
    }
  }
}

/** What DuckDB says, as an error that tells a person what to do; anything else as it is. */
function understoodOf(path: string, error: unknown): unknown {
  const message = messageOf(error)
  if (/INTERRUPT/.test(message)) return new InterruptedError()
  const shortage = shortageIn(error, path)
  if (shortage) return shortage
  if (/not a valid duckdb|file is not a|serialization|storage version|corrupt|checksum/i.test(message)) {
    return new UnavailableError('warehouse_unreadable', `${path} cannot be read as a DuckDB file.`, {
      advice:
        'If it is another file, name another path under warehouse.path; else restore it from a backup, or move it away and run again: it is rebuilt from the sources.',
      cause: error,
    })
  }
  if (/IO Error|permission denied/i.test(message)) {
    return new UnavailableError(
      'warehouse_unreadable',
      `The warehouse ${path} cannot be opened: ${firstLine(message)}`,
      {
        advice: 'Correct the path under warehouse.path, or its permissions, then run "hubdwh check".',
        cause: error,
      },
    )
  }
  return error
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message
}

async function createMissingTables(engine: Engine, timeAs: TimeAs): Promise<void> {
  const { rows } = await engine.query(
    `select table_schema as "schema", table_name as "name" from information_schema.tables where table_catalog = '${catalog}'`,
  )
  const present = new Set(rows.map(row => `${row.schema}.${row.name}`))
  const missing = allTables.filter(table => !present.has(`${table.schema}.${table.name}`))
  if (missing.length === 0) return
  await engine.atomically(async () => {
    for (const schema of warehouseSchemas) await engine.run(createSchema(schema, { engine: 'duckdb' }))
    for (const table of missing) {
      for (const statement of createTable(table, { engine: 'duckdb', timeAs })) await engine.run(statement)
    }
  })
}

function engineOf(
  instance: DuckDBInstance,
  connection: DuckDBConnection,
  options: Pick<FileOptions, 'path' | 'timeZone' | 'timeAs' | 'memoryLimit' | 'signal'>,
): Engine {
  const { path, timeZone, timeAs, signal } = options
  return duckdbSession({
    connection,
    commits: 'together',
    remakesInCommit: true,
    timeZone,
    signal,
    understood: error => understoodOf(path, error),
    createTable: async (table, run) => {
      for (const statement of createTable(table, { engine: 'duckdb', timeAs })) await run(statement)
    },
    dropTable: (table, run) => run(`drop table ${qualifiedName(table)}`),
    close: async () => {
      // Detaching writes the log into the file and lets go of the lock at once.
      try {
        await connection.run('use memory')
        await connection.run(`detach ${catalog}`)
      } catch (error) {
        connection.closeSync()
        instance.closeSync()
        throw understoodOf(path, error)
      }
      connection.closeSync()
      keepForLater(instance, options)
    },
  })
}
