/**
 * A session with Spark as the pipeline's engine. Each statement is a commit of its own. What a session makes for itself
 * (`materialize`) lies as Parquet in the staging: Spark's views are read anew each time and its caches follow the tables,
 * so that neither keeps what was.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createPrivateFolder } from '../../durable-file.js'
import type { Clock } from '../../effects.js'
import { UnavailableError, UsageError } from '../../errors.js'
import { qualifiedName } from '../../tables/table.js'
import { createTable, typeName } from '../ddl.js'
import { openScratch } from '../duckdb/file.js'
import { rowsOfJson } from '../duckdb/session.js'
import type { Engine, Value } from '../engine.js'
import { redoing } from '../redo.js'
import { sessionFunctions as baseFunctions } from '../session-functions.js'
import { identifier, literal } from '../sql-text.js'
import type { SparkConnection } from './connection.js'
import { mergeStatement } from './merge.js'
import { sessionFunctions } from './sql-functions.js'
import type { StagingArea } from './staging.js'
import { inSparkSpelling } from './statement-text.js'
import { columnsOf, hasTable, tablesIn } from './table-columns.js'

export interface SparkSessionOptions {
  readonly connection: SparkConnection
  /** The catalog of the tables, as Spark calls it. */
  readonly catalog: string
  readonly access: 'read' | 'write'
  /** IANA. */
  readonly timeZone: string
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
  readonly staging: StagingArea
  /** Absolute path of a folder for files on their way to the staging. */
  readonly folder: string
  /** Ends what the session holds, after the last statement. */
  readonly close: () => Promise<void>
}

export function sparkSession(options: SparkSessionOptions): Engine {
  const { connection, catalog, clock, signal, staging, timeZone } = options
  const functions = sessionFunctions()
  functions.unfold(baseFunctions.spark)
  let isInUnit = false

  const run = async (sql: string): Promise<void> => {
    for (const statement of functions.unfold(sql)) await connection.carryOut(inSparkSpelling(statement))
  }
  const only = (sql: string): string => {
    const [statement, ...others] = functions.unfold(sql)
    if (statement === undefined || others.length > 0) {
      throw new UsageError('query_failed', 'One query at a time.', { advice: 'Leave out the semicolon.' })
    }
    return statement
  }

  /** Files are numbered: what a name stood for before may still be read while it is made anew. */
  let files = 0
  const fileOf = new Map<string, string>()
  const viewOver = async (name: string, address: string, columns = ''): Promise<void> => {
    await connection.makeView(name, fileView(name, 'parquet', address, columns))
    const before = fileOf.get(name)
    fileOf.set(name, address)
    if (before !== undefined) await staging.remove(before)
  }

  /**
   * Has DuckDB write a Parquet file and hands it over.
   * @returns its address
   */
  const stage = async (
    name: string,
    write: (duckdb: Engine, path: string) => Promise<void>,
  ): Promise<string> => {
    files += 1
    await createPrivateFolder(options.folder)
    const folder = await mkdtemp(join(options.folder, 'stage-'))
    const duckdb = await openScratch({ timeZone, clock, ...(signal ? { signal } : {}) })
    try {
      const path = join(folder, 'rows.parquet')
      await write(duckdb, path)
      return await staging.put(`${name}-${files}.parquet`, path)
    } finally {
      await duckdb.close()
      await rm(folder, { recursive: true, force: true })
    }
  }

  return {
    name: 'spark',
    commits: 'one by one',
    run,
    query: async (sql, limit) => {
      const statements = functions.unfold(sql)
      const { columns, rows } = await connection.ask(statements.at(-1) ?? '', { limit })
      const answered: Record<string, Value>[] = []
      for await (const row of rows) {
        answered.push(Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])))
      }
      return { columns, rows: answered }
    },
    stream: async sql => {
      const statement = only(sql)
      const kind = statementKind(statement)
      if (kind === 'other' && options.access === 'read') throw wouldWrite()
      return connection.ask(statement, { isReadable: kind === 'query' })
    },
    atomically: async work => {
      if (isInUnit) return work()
      isInUnit = true
      try {
        return await redoing(work, {
          isMeant: error =>
            error instanceof UnavailableError &&
            ['commit_conflict', 'spark_connection_lost'].includes(error.code),
          wait: attempt => clock.sleep(100 * 2 ** attempt, signal),
        })
      } finally {
        isInUnit = false
      }
    },
    changeRows: (table, removed, added) => run(mergeStatement(table, removed, added)),
    replaceRows: (table, select) => run(`insert overwrite ${qualifiedName(table)} ${select}`),
    remakesInCommit: false,
    remakeTable: async table => {
      await run(`drop table if exists ${qualifiedName(table)}`)
      for (const statement of createTable(table, { engine: 'spark', catalog }))
        await connection.carryOut(statement)
    },
    presentColumns: async () => {
      const columns = await columnsOf(connection, await tablesIn(connection))
      return new Map([...columns].map(([table, found]) => [table, found.map(({ name }) => name)]))
    },
    hasTable: name => hasTable(connection, name),
    materialize: async (name, select) => {
      files += 1
      const address = staging.folder(`${name}-${files}`)
      await run(`insert overwrite directory ${literal(address)} using parquet ${select}`)
      await viewOver(name, address)
    },
    openRows: async (name, rows, columns) => {
      // Spark has no times of day: they are texts here as in the tables.
      const plain = columns.map(column => ({
        name: column.name,
        type: column.type === 'time' ? ('string' as const) : column.type,
      }))
      const address = await stage(name, (duckdb, file) =>
        duckdb.run(`copy (${rowsOfJson(rows, plain)}) to ${literal(file)} (format parquet)`),
      )
      const typed = plain.map(column => `${identifier(column.name)} ${typeName(column.type, 'spark')}`)
      await viewOver(name, address, [...typed, 'row_no bigint'].join(', '))
    },
    materializePairs: async (name, columns, pairs) => {
      const address = await stage(name, async (duckdb, file) => {
        await duckdb.materializePairs('pairs', columns, pairs)
        await duckdb.run(`copy pairs to ${literal(file)} (format parquet)`)
      })
      await viewOver(name, address, columns.map(column => `${identifier(column)} string`).join(', '))
    },
    rowsOfFile: async (path, kind) => {
      const address = await stage('file', async (duckdb, file) => {
        const rows = await duckdb.rowsOfFile(path, kind)
        await duckdb.run(`copy (select * from ${rows}) to ${literal(file)} (format parquet)`)
      })
      const name = `file_${files}`
      await viewOver(name, address)
      return name
    },
    close: async () => {
      try {
        await staging.clear()
      } finally {
        await options.close()
      }
    },
  }
}

/**
 * The statement of a temporary view over files. A path in the place of a table's name would be looked for in the catalog
 * first, and not every catalog bears such names.
 * @param columns with their types; empty: the files tell
 */
export function fileView(name: string, format: 'parquet' | 'text', address: string, columns = ''): string {
  const typed = columns === '' ? '' : ` (${columns})`
  return `create or replace temporary view ${identifier(name)}${typed} using ${format} options (path ${literal(address)})`
}

function statementKind(statement: string): 'query' | 'look' | 'other' {
  if (/^[\s(]*(select|with|from|values|table)\b/i.test(statement)) return 'query'
  return /^\s*(show|describe|desc|explain)\b/i.test(statement) ? 'look' : 'other'
}

function wouldWrite(): UsageError {
  return new UsageError('query_failed', 'This is no query, and sql only reads.', {
    advice: 'Use select, from, describe, show or explain.',
  })
}
