/** A session with DuckDB as the pipeline's engine, wherever its tables are. */
import type { DuckDBConnection, DuckDBResult, DuckDBValue } from '@duckdb/node-api'
import { InterruptedError, messageOf } from '../../errors.js'
import type { RowsFile } from '../../rows-file.js'
import { type Column, qualifiedName, type Table } from '../../tables/table.js'
import { typeName } from '../ddl.js'
import type { Engine, QueryResult, ResultColumn, ResultStream, Value } from '../engine.js'
import { type Conflict, redoing } from '../redo.js'
import { identifier, literal } from '../sql-text.js'
import { plainValueIn } from './values.js'

export interface SessionOptions {
  readonly connection: DuckDBConnection
  readonly commits: Engine['commits']
  /** The session's zone, IANA: how instants are shown. Models do not depend on it. */
  readonly timeZone: string
  /** Stops a statement that is under way. */
  readonly signal?: AbortSignal | undefined
  /** What DuckDB says, as an error that tells a person what to do; anything else as it is. */
  readonly understood: (error: unknown) => unknown
  readonly remakesInCommit: boolean
  /** Makes a table that is missing. */
  readonly createTable: (table: Table, run: Engine['run']) => Promise<void>
  readonly dropTable: (table: Table, run: Engine['run']) => Promise<void>
  /** Where DuckDB's own list of columns does not tell them. */
  readonly presentColumns?: Engine['presentColumns']
  /** Ends what the session holds, after the last statement. */
  readonly close: () => Promise<void>
  /** Where somebody else can have changed the same tables meanwhile. */
  readonly conflict?: Conflict
}

export function duckdbSession(options: SessionOptions): Engine {
  const { connection, commits, understood, conflict } = options
  const plain = plainValueIn(options.timeZone)
  const interrupt = () => connection.interrupt()
  options.signal?.addEventListener('abort', interrupt)

  const speak = async <T>(work: () => Promise<T>): Promise<T> => {
    if (options.signal?.aborted) throw new InterruptedError()
    try {
      return await work()
    } catch (error) {
      throw understood(error)
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
  const query: Engine['query'] = (sql, limit) =>
    speak(async (): Promise<QueryResult> => {
      const reader = await within(limit, () => connection.runAndReadAll(sql))
      const columns = columnsOf(reader)
      return {
        columns,
        rows: reader
          .getRows()
          .map(row => Object.fromEntries(columns.map(({ name }, at) => [name, plain(row[at] ?? null)]))),
      }
    })
  let isInCommit = false
  /** One transaction of DuckDB. */
  const inTransaction = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isInCommit) return work()
    await run('begin transaction')
    isInCommit = true
    let result: Awaited<T>
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
  const atomically: Engine['atomically'] = async work => {
    if (isInCommit) return work()
    return redoing(() => (commits === 'together' ? inTransaction(work) : work()), conflict)
  }

  return {
    name: 'duckdb',
    commits,
    run,
    query,
    stream: sql =>
      speak(async (): Promise<ResultStream> => {
        const result = await connection.stream(sql)
        return { columns: columnsOf(result), rows: plainRows(result, plain, speak) }
      }),
    atomically,
    changeRows: (table, removed, added) =>
      inTransaction(async () => {
        const name = qualifiedName(table)
        await run(
          `delete from ${name} as target using ${removed} as removed
           where ${table.key.map(column => `target.${identifier(column)} = removed.${identifier(column)}`).join(' and ')}`,
        )
        await run(`insert into ${name} select * from ${added}`)
      }),
    replaceRows: (table, select) =>
      inTransaction(async () => {
        await run(`delete from ${qualifiedName(table)}`)
        await run(`insert into ${qualifiedName(table)} ${select}`)
      }),
    remakesInCommit: options.remakesInCommit,
    remakeTable: async table => {
      await options.dropTable(table, run)
      await options.createTable(table, run)
    },
    presentColumns:
      options.presentColumns ??
      (async () => {
        const { rows } = await query(
          `select table_schema || '.' || table_name as name, list(column_name) as columns
           from information_schema.columns
           where table_catalog = current_catalog() and table_schema in ('bronze', 'silver', 'gold', 'meta')
           group by all`,
        )
        return new Map(
          rows.map(({ name, columns }) => [String(name), Array.isArray(columns) ? columns.map(String) : []]),
        )
      }),
    hasTable: async name => {
      const parts = name.split('.')
      // Where a name says no schema, a query looks in that of the session: `main` of a file, `bronze` of a catalog.
      const { rows } = await query('select current_schema() as schema')
      const within = ['iceberg', String(rows[0]?.schema)].slice(0, Math.max(0, 3 - parts.length))
      try {
        // The schemas' list would name it too; but a catalog is then asked for each table that it has.
        await query(`select 1 from ${[...within, ...parts].map(identifier).join('.')} limit 0`)
        return true
      } catch (error) {
        if (/^Catalog Error: .*does not exist/.test(messageOf(error))) return false
        throw error
      }
    },
    materialize: (name, select) => run(`create or replace temp table ${identifier(name)} as ${select}`),
    // Read anew by each statement, which costs less than a copy of all that it does not ask for.
    openRows: (name, file, columns) =>
      run(`create or replace temp view ${identifier(name)} as ${rowsOfJson(file, columns)}`),
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
    rowsOfFile: async (path, kind) =>
      kind === 'csv'
        ? `read_csv(${literal(path)}, header = true, all_varchar = true)`
        : `read_parquet(${literal(path)})`,
    close: async () => {
      options.signal?.removeEventListener('abort', interrupt)
      await options.close()
    },
  }
}

/**
 * How long DuckDB lets a line be that it reads, unless it is told: bytes. It takes twice as much memory, however short the
 * lines are.
 */
const usualLimit = 16 << 20
/** Where nothing says how long they are. */
const generousLimit = 256 << 20

/** A SELECT of the rows of a file, in its order, numbered from 1 as `row_no`. */
export function rowsOfJson(
  { path, longest = generousLimit }: RowsFile,
  columns: readonly Pick<Column, 'name' | 'type'>[],
): string {
  const types = columns.map(column => `${literal(column.name)}: ${literal(typeName(column.type, 'duckdb'))}`)
  return (
    `select *, row_number() over () as row_no from read_json(${literal(path)}, ` +
    `format = 'newline_delimited', compression = 'gzip', maximum_object_size = ${Math.max(usualLimit, longest)}, ` +
    `columns = {${types.join(', ')}})`
  )
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
