/**
 * The warehouse in a DuckDB file, attached to a session in memory as `iceberg`, so that `iceberg.bronze.…` means
 * the same here as in production. The file is locked by whoever has it open for writing: sessions are short, and
 * one that meets a lock waits its turn.
 */
import { existsSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type DuckDBConnection, DuckDBInstance, type DuckDBResult, type DuckDBValue } from '@duckdb/node-api'
import { createPrivateFolder } from '../../durable-file.js'
import type { Clock } from '../../effects.js'
import { InterruptedError, messageOf, UnavailableError, UsageError } from '../../errors.js'
import { allTables } from '../../tables/catalogue.js'
import { qualifiedName, type Schema } from '../../tables/table.js'
import { createSchema, createTable, type TimeAs, typeName } from '../ddl.js'
import type { Engine, QueryResult, ResultColumn, ResultStream, Value } from '../engine.js'
import { identifier, literal } from '../sql-text.js'
import { isLockConflict, lockedError } from './lock-conflict.js'
import { plainValueIn } from './values.js'

export interface DuckdbOptions {
  /** Absolute path of the file; made where it is missing, unless only read. */
  readonly path: string
  readonly access: 'read' | 'write'
  /** The session's zone, IANA: how instants are shown. Models do not depend on it. */
  readonly timeZone: string
  readonly timeAs: TimeAs
  readonly clock: Clock
  /** How long to wait for another process to finish with the file, milliseconds. */
  readonly patience?: number
  /** Stops a statement that is under way. */
  readonly signal?: AbortSignal
}

const catalog = 'iceberg'
const schemas: readonly Schema[] = ['bronze', 'silver', 'gold', 'meta']
const secondsOfPatience = 60
const pollEvery = 250

/**
 * Opens the warehouse and, for writing, makes what is missing of its schemas and tables.
 * @throws UnavailableError `warehouse_locked`, `warehouse_unreadable`, `disk_full`
 * @throws UsageError `warehouse_missing` where it is to be read and does not exist yet
 */
export async function openDuckdb(options: DuckdbOptions): Promise<Engine> {
  const { path, access } = options
  if (access === 'read' && !existsSync(path)) {
    throw new UsageError('warehouse_missing', `There is no warehouse at ${path} yet.`, {
      advice: 'Load something first: hubdwh run.',
    })
  }
  if (access === 'write') await createPrivateFolder(dirname(path))
  const instance = await instanceFor(path)
  const connection = await instance.connect()
  try {
    await connection.run(`set TimeZone = ${literal(options.timeZone)}`)
    await attach(connection, options)
    await connection.run(`use ${catalog}`)
    const engine = duckdbEngine(instance, connection, options)
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
  options: Pick<DuckdbOptions, 'timeZone' | 'clock' | 'signal'>,
): Promise<Engine> {
  const path = ':memory:'
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  await connection.run(`set TimeZone = ${literal(options.timeZone)}`)
  await connection.run(`attach ${literal(path)} as ${catalog}`)
  await connection.run(`use ${catalog}`)
  return duckdbEngine(instance, connection, { ...options, path, access: 'write', timeAs: 'time' })
}

/** Instances that no session uses now, by warehouse: making one costs more than most sessions do. */
const idleInstances = new Map<string, DuckDBInstance[]>()

async function instanceFor(path: string): Promise<DuckDBInstance> {
  const idle = idleInstances.get(path)?.pop()
  if (idle) return idle
  // What does not fit into memory is spilled beside the warehouse, where only its owner can read.
  return DuckDBInstance.create(':memory:', { temp_directory: `${path}.spill` })
}

function keepForLater(instance: DuckDBInstance, path: string): void {
  idleInstances.set(path, [...(idleInstances.get(path) ?? []), instance])
}

async function attach(connection: DuckDBConnection, options: DuckdbOptions): Promise<void> {
  const { path, access, clock } = options
  const statement = `attach ${literal(path)} as ${catalog}${access === 'read' ? ' (read_only)' : ''}`
  const deadline = clock.now() + (options.patience ?? secondsOfPatience * 1000)
  for (;;) {
    try {
      await connection.run(statement)
      return
    } catch (error) {
      if (!isLockConflict(error)) throw understood(error, path)
      if (clock.now() >= deadline) throw lockedError(error, path)
      await clock.sleep(pollEvery, options.signal)
    }
  }
}

/** What DuckDB says, as an error that tells a person what to do; anything else as it is. */
function understood(error: unknown, path: string): unknown {
  const message = messageOf(error)
  if (/INTERRUPT/.test(message)) return new InterruptedError()
  if (/no space left|disk full|max_temp_directory_size|failed to offload/i.test(message)) {
    return new UnavailableError(
      'disk_full',
      `The disk that holds ${path} is full; nothing was half-written.`,
      {
        advice: 'Free some space and run the same command again.',
        cause: error,
      },
    )
  }
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
        advice: 'Check the path under warehouse.path and its permissions.',
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
    for (const schema of schemas) await engine.run(createSchema(schema, { engine: 'duckdb' }))
    for (const table of missing) {
      for (const statement of createTable(table, { engine: 'duckdb', timeAs })) await engine.run(statement)
    }
  })
}

function duckdbEngine(
  instance: DuckDBInstance,
  connection: DuckDBConnection,
  options: DuckdbOptions,
): Engine {
  const plain = plainValueIn(options.timeZone)
  const interrupt = () => connection.interrupt()
  options.signal?.addEventListener('abort', interrupt)

  const speak = async <T>(work: () => Promise<T>): Promise<T> => {
    if (options.signal?.aborted) throw new InterruptedError()
    try {
      return await work()
    } catch (error) {
      throw understood(error, options.path)
    }
  }
  const run = (sql: string) => speak(async () => void (await connection.run(sql)))
  /** A limit that is reached interrupts the statement, and is what went wrong then. */
  const within = async <T>(limit: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    limit?.throwIfAborted()
    limit?.addEventListener('abort', interrupt)
    try {
      return await work()
    } catch (error) {
      limit?.throwIfAborted()
      throw error
    } finally {
      limit?.removeEventListener('abort', interrupt)
    }
  }
  let isInCommit = false
  const atomically: Engine['atomically'] = async work => {
    if (isInCommit) return work()
    await run('begin transaction')
    isInCommit = true
    let result: Awaited<ReturnType<typeof work>>
    try {
      result = await work()
      await run('commit')
    } catch (error) {
      // The transaction may have ended by itself; what went wrong is what the caller must hear of.
      await connection.run('rollback').catch(() => {})
      throw error
    } finally {
      isInCommit = false
    }
    return result
  }

  return {
    name: 'duckdb',
    commits: 'together',
    run,
    query: (sql, limit) =>
      speak(async (): Promise<QueryResult> => {
        const reader = await within(limit, () => connection.runAndReadAll(sql))
        const columns = columnsOf(reader)
        return {
          columns,
          rows: reader
            .getRows()
            .map(row => Object.fromEntries(columns.map(({ name }, at) => [name, plain(row[at] ?? null)]))),
        }
      }),
    stream: sql =>
      speak(async (): Promise<ResultStream> => {
        const result = await connection.stream(sql)
        return { columns: columnsOf(result), rows: plainRows(result, plain, speak) }
      }),
    atomically,
    changeRows: (table, removed, added) =>
      atomically(async () => {
        const name = qualifiedName(table)
        await run(
          `delete from ${name} as target using ${removed} as removed
           where ${table.key.map(column => `target.${identifier(column)} = removed.${identifier(column)}`).join(' and ')}`,
        )
        await run(`insert into ${name} select * from ${added}`)
      }),
    replaceRows: (table, select) =>
      atomically(async () => {
        await run(`delete from ${qualifiedName(table)}`)
        await run(`insert into ${qualifiedName(table)} ${select}`)
      }),
    remakeTable: table =>
      atomically(async () => {
        await run(`drop table ${qualifiedName(table)}`)
        for (const statement of createTable(table, { engine: 'duckdb', timeAs: options.timeAs })) {
          await run(statement)
        }
      }),
    materialize: (name, select) => run(`create or replace temp table ${identifier(name)} as ${select}`),
    materializeFile: (name, path, columns) => {
      const types = columns.map(
        column => `${literal(column.name)}: ${literal(typeName(column.type, 'duckdb'))}`,
      )
      return run(
        `create or replace temp table ${identifier(name)} as select *, row_number() over () as row_no from ` +
          `read_json(${literal(path)}, format = 'newline_delimited', compression = 'gzip', ` +
          `maximum_object_size = 268435456, columns = {${types.join(', ')}})`,
      )
    },
    materializePairs: (name, [first, second], pairs) =>
      speak(async () => {
        await connection.run(
          `create or replace temp table ${identifier(name)} (${identifier(first)} varchar, ${identifier(second)} varchar)`,
        )
        const appender = await connection.createAppender(name, 'main', 'temp')
        for (const [left, right] of pairs) {
          appender.appendVarchar(left)
          appender.appendVarchar(right)
          appender.endRow()
        }
        appender.closeSync()
      }),
    rowsOfFile: (path, kind) =>
      kind === 'csv'
        ? `read_csv(${literal(path)}, header = true, all_varchar = true)`
        : `read_parquet(${literal(path)})`,
    close: async () => {
      options.signal?.removeEventListener('abort', interrupt)
      // Detaching writes the log into the file and lets go of the lock at once.
      try {
        await connection.run('use memory')
        await connection.run(`detach ${catalog}`)
      } catch (error) {
        connection.closeSync()
        instance.closeSync()
        throw understood(error, options.path)
      }
      connection.closeSync()
      keepForLater(instance, options.path)
    },
  }
}

function columnsOf(
  result: Pick<DuckDBResult, 'deduplicatedColumnNames' | 'columnType'>,
): readonly ResultColumn[] {
  return result
    .deduplicatedColumnNames()
    .map((name, index) => ({ name, type: result.columnType(index).toString() }))
}

async function* plainRows(
  result: DuckDBResult,
  plain: (value: DuckDBValue) => Value,
  speak: <T>(work: () => Promise<T>) => Promise<T>,
): AsyncGenerator<readonly Value[], void, undefined> {
  for (;;) {
    const chunk = await speak(() => result.fetchChunk())
    if (!chunk || chunk.rowCount === 0) return
    for (const row of chunk.getRows()) yield row.map(plain)
  }
}
