/**
 * What the pipeline asks of an engine. Behind this interface stand DuckDB (a local file, or an Iceberg catalog) and
 * Spark; models and loading speak to it alone.
 */
import type { RowsFile } from '../rows-file.js'
import type { Column, Table } from '../tables/table.js'
import { identifier } from './sql-text.js'

/**
 * A value as it comes out of the warehouse: whole numbers as numbers (as text beyond 2^53), decimals as text,
 * dates `YYYY-MM-DD`, times `HH:MM:SS`, instants ISO 8601 with the offset of the session's zone, arrays as arrays.
 */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }
export type Row = Readonly<Record<string, Value>>

export interface ResultColumn {
  readonly name: string
  /** The engine's name of its type. */
  readonly type: string
}

export interface QueryResult {
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly Row[]
}

/** A result that is read row by row, values in the order of the columns. */
export interface ResultStream {
  readonly columns: readonly ResultColumn[]
  readonly rows: AsyncIterable<readonly Value[]>
}

/** A session with the warehouse. Tables are named `bronze.alaqan_visits`; temporary relations have plain names. */
export interface Engine {
  /** The dialect of its SQL. */
  readonly name: 'duckdb' | 'spark'
  /**
   * What {@link Engine.atomically} can promise: that all changes of the work are seen together or not at all, or that
   * each statement is a commit of its own. In the second case the work has to be one that can be done again from any
   * point at which it was broken off: docs/architecture.md, "Commits".
   */
  readonly commits: 'together' | 'one by one'
  /** Carries out one statement or several. */
  run(sql: string): Promise<void>
  /**
   * Answers a query. Everything comes into memory: for results of a bounded size.
   * @param limit stops it; it then fails with the limit's reason
   */
  query(sql: string, limit?: AbortSignal): Promise<QueryResult>
  /** Answers a query of any size. Read it before the next statement. */
  stream(sql: string): Promise<ResultStream>
  /**
   * Carries out the work as one commit, as far as {@link Engine.commits} goes; within one, it is a part of that. Where
   * somebody else has changed the same tables meanwhile the work is done again, so it begins by reading what it rests on.
   */
  atomically<T>(work: () => Promise<T>): Promise<T>
  /**
   * Replaces rows of a table in a single commit.
   * @param removed relation of the rows that go, by the table's key
   * @param added relation of the rows that come, with the table's columns in their order
   */
  changeRows(table: Table, removed: string, added: string): Promise<void>
  /**
   * Replaces all rows of a table in a single commit.
   * @param select rows with the table's columns in their order; it does not read the table
   */
  replaceRows(table: Table, select: string): Promise<void>
  /**
   * Makes a table anew, empty, with the columns that its definition has now: as a part of the commit under way where
   * `remakesInCommit`, and else at once, before a commit begins.
   */
  remakeTable(table: Table): Promise<void>
  readonly remakesInCommit: boolean
  /** The tables of the warehouse, `meta.loads`, with the names of their columns: bronze, silver, gold and meta. */
  presentColumns(): Promise<ReadonlyMap<string, readonly string[]>>
  /**
   * Whether somebody has made a table or view of that name, in whatever case; `schema.table` is looked for in the
   * warehouse's catalog, `catalog.schema.table` where it says.
   */
  hasTable(name: string): Promise<boolean>
  /** Keeps the rows of a query under a name that only this session sees, instead of what the name stood for. */
  materialize(name: string, select: string): Promise<void>
  /**
   * Gives a name to the rows of a file, in its order and numbered from 1 as `row_no`, as {@link Engine.materialize} does to
   * those of a query. They may be read from the file each time: it has to stay until then.
   */
  openRows(name: string, file: RowsFile, columns: readonly Pick<Column, 'name' | 'type'>[]): Promise<void>
  /** Like {@link Engine.materialize}, with pairs of texts. */
  materializePairs(
    name: string,
    columns: readonly [string, string],
    pairs: Iterable<readonly [string, string]>,
  ): Promise<void>
  /**
   * The rows of a file of others, as a text that can stand after FROM. All values of a CSV are texts, so that a
   * number keeps its leading zeros; its first line names the columns.
   */
  rowsOfFile(path: string, kind: 'csv' | 'parquet'): Promise<string>
  close(): Promise<void>
}

/** The rows of a query; see {@link Engine.query}. */
export async function rowsOf(engine: Engine, sql: string, limit?: AbortSignal): Promise<readonly Row[]> {
  return (await engine.query(sql, limit)).rows
}

/**
 * Numbers that queries answer with, by name, in one statement: each costs a round trip to an engine that is a server.
 * @param queries each answers with one row of one whole number, NULL for 0
 */
export async function numbersOf<Name extends string>(
  engine: Engine,
  queries: Readonly<Record<Name, string>>,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(queries) as Name[]
  const selects = names.map(name => `(${queries[name]}) as ${identifier(name)}`)
  const [row] = await rowsOf(engine, `select ${selects.join(', ')}`)
  return Object.fromEntries(names.map(name => [name, Number(row?.[name] ?? 0)])) as Record<Name, number>
}

/**
 * How many rows of a relation meet each condition, in one statement.
 */
export async function countsIn<Name extends string>(
  engine: Engine,
  relation: string,
  conditions: Readonly<Record<Name, string>>,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(conditions) as Name[]
  const counts = names.map(name => `count(case when ${conditions[name]} then 1 end) as ${identifier(name)}`)
  const [row] = await rowsOf(engine, `select ${counts.join(', ')} from ${relation}`)
  return Object.fromEntries(names.map(name => [name, Number(row?.[name] ?? 0)])) as Record<Name, number>
}

/**
 * The one whole number that a query answers with, 0 for NULL.
 * @throws Error where the query answers anything else: queries come from the program, so that is a bug.
 */
export async function numberOf(engine: Engine, sql: string, limit?: AbortSignal): Promise<number> {
  const row = (await rowsOf(engine, sql, limit))[0]
  const value = row === undefined ? undefined : Object.values(row)[0]
  if (value === null) return 0
  const number = Number(value)
  if (value === undefined || !Number.isFinite(number)) throw new Error(`Not one number: ${sql}`)
  return number
}
