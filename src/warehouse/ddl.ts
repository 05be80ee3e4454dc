/** The CREATE statements of every engine, from the one definition of each table (contract: `ddl`). */
import { type Column, type ColumnType, partitionsOf, type Table, type Text } from '../tables/table.js'
import { identifier, literal } from './sql-text.js'

export const ddlEngines = ['duckdb', 'spark', 'trino'] as const
export type DdlEngine = (typeof ddlEngines)[number]

/** What `event_time` is: TIME, or STRING `HH:MM:SS` for readers that have no TIME (decisions "Time"). */
export type TimeAs = 'time' | 'string'

export interface DdlOptions {
  readonly engine: DdlEngine
  /** Default: `time` in DuckDB and Trino, `string` in Spark, which cannot read a `time` column at all. */
  readonly timeAs?: TimeAs
  /** Default `iceberg`. */
  readonly catalog?: string
}

type PlainType = Exclude<ColumnType, `decimal(${number},${number})`>

const typeNames: Record<DdlEngine, Record<PlainType, string>> = {
  duckdb: {
    int: 'INTEGER',
    bigint: 'BIGINT',
    string: 'VARCHAR',
    boolean: 'BOOLEAN',
    date: 'DATE',
    time: 'TIME',
    timestamp: 'TIMESTAMPTZ',
    timestamp_local: 'TIMESTAMP',
    double: 'DOUBLE',
    'array<int>': 'INTEGER[]',
    'array<string>': 'VARCHAR[]',
  },
  spark: {
    int: 'INT',
    bigint: 'BIGINT',
    string: 'STRING',
    boolean: 'BOOLEAN',
    date: 'DATE',
    time: 'STRING',
    timestamp: 'TIMESTAMP',
    timestamp_local: 'TIMESTAMP_NTZ',
    double: 'DOUBLE',
    'array<int>': 'ARRAY<INT>',
    'array<string>': 'ARRAY<STRING>',
  },
  trino: {
    int: 'INTEGER',
    bigint: 'BIGINT',
    string: 'VARCHAR',
    boolean: 'BOOLEAN',
    date: 'DATE',
    time: 'TIME(6)',
    timestamp: 'TIMESTAMP(6) WITH TIME ZONE',
    timestamp_local: 'TIMESTAMP(6)',
    double: 'DOUBLE',
    'array<int>': 'ARRAY(INTEGER)',
    'array<string>': 'ARRAY(VARCHAR)',
  },
}

/** The engine's name of a column type. */
export function typeName(type: ColumnType, engine: DdlEngine, timeAs?: TimeAs): string {
  if (type === 'time' && timeAs === 'string') return typeNames[engine].string
  return isDecimal(type) ? type.toUpperCase() : typeNames[engine][type]
}

function isDecimal(type: ColumnType): type is Exclude<ColumnType, PlainType> {
  return type.startsWith('decimal(')
}

/** A comment in both languages, Russian first: it is what the users' BI tools show. */
export function commentOf(text: Text): string {
  return text.ru === text.en ? text.ru : `${text.ru} — ${text.en}`
}

/** The statements that make a table with its comments, each without a semicolon. */
export function createTable(table: Table, options: DdlOptions): readonly string[] {
  const { engine, catalog = 'iceberg' } = options
  const name = [catalog, table.schema, table.name].map(quoting[engine]).join('.')
  const typeOf = (column: Column) => typeName(column.type, engine, options.timeAs)
  switch (engine) {
    case 'duckdb': {
      const columns = table.columns.map(column => `  ${quoting.duckdb(column.name)} ${typeOf(column)}`)
      return [
        `CREATE TABLE IF NOT EXISTS ${name} (\n${columns.join(',\n')}\n)`,
        `COMMENT ON TABLE ${name} IS ${literal(commentOf(table.comment))}`,
        ...table.columns.map(
          column =>
            `COMMENT ON COLUMN ${name}.${quoting.duckdb(column.name)} IS ${literal(commentOf(column.comment))}`,
        ),
      ]
    }
    case 'spark': {
      const columns = table.columns.map(
        column =>
          `  ${quoting.spark(column.name)} ${typeOf(column)} COMMENT ${sparkLiteral(commentOf(column.comment))}`,
      )
      const partitions = partitionsOf(table)
        .map(({ column, transform }) =>
          transform === 'month' ? `months(${quoting.spark(column)})` : quoting.spark(column),
        )
        .join(', ')
      return [
        [
          `CREATE TABLE IF NOT EXISTS ${name} (\n${columns.join(',\n')}\n) USING iceberg`,
          ...(partitions ? [`PARTITIONED BY (${partitions})`] : []),
          `COMMENT ${sparkLiteral(commentOf(table.comment))}`,
          `TBLPROPERTIES ('format-version' = '2')`,
        ].join('\n'),
      ]
    }
    case 'trino': {
      const columns = table.columns.map(
        column =>
          `  ${quoting.trino(column.name)} ${typeOf(column)} COMMENT ${literal(commentOf(column.comment))}`,
      )
      const partitions = partitionsOf(table)
        .map(({ column, transform }) => literal(transform === 'month' ? `month(${column})` : column))
        .join(', ')
      const properties = [`format = 'PARQUET'`, 'format_version = 2']
      if (partitions) properties.push(`partitioning = ARRAY[${partitions}]`)
      return [
        `CREATE TABLE IF NOT EXISTS ${name} (\n${columns.join(',\n')}\n)\nCOMMENT ${literal(commentOf(table.comment))}\n` +
          `WITH (${properties.join(', ')})`,
      ]
    }
  }
}

/** The statement that makes a schema. */
export function createSchema(schema: string, options: Pick<DdlOptions, 'engine' | 'catalog'>): string {
  const quote = quoting[options.engine]
  return `CREATE SCHEMA IF NOT EXISTS ${quote(options.catalog ?? 'iceberg')}.${quote(schema)}`
}

const plainName = /^[a-z_][a-z0-9_]*$/
/** Words of our tables that an engine reserves. */
const reserved = new Set(['window', 'rows', 'date', 'month', 'year', 'text', 'type'])
const isPlain = (name: string) => plainName.test(name) && !reserved.has(name)

const quoting: Record<DdlEngine, (name: string) => string> = {
  duckdb: name => (isPlain(name) ? name : identifier(name)),
  spark: name => (isPlain(name) ? name : `\`${name.replaceAll('`', '``')}\``),
  trino: name => (isPlain(name) ? name : identifier(name)),
}

/** Spark reads a backslash in a text as an escape. */
function sparkLiteral(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
