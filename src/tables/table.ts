/**
 * What a table is. Every table of the warehouse is defined once, in this folder; DDL for each engine, loading,
 * documentation and tests derive from that definition.
 */

export type Schema = 'bronze' | 'silver' | 'gold' | 'meta'

/** A column type in the field's common names; each engine's DDL maps it (warehouse/ddl.ts). */
export type ColumnType =
  | 'int'
  | 'bigint'
  | 'string'
  | 'boolean'
  | 'date'
  /** Wall-clock time of day. STRING `HH:MM:SS` where the engine or its readers have no TIME. */
  | 'time'
  /** An instant. */
  | 'timestamp'
  /** Wall clock without a zone. */
  | 'timestamp_local'
  | 'double'
  | `decimal(${number},${number})`
  | 'array<int>'
  | 'array<string>'

export interface Text {
  readonly ru: string
  readonly en: string
}

export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly comment: Text
  /** Whether the column goes beyond the user's specification. Such columns follow the spec's last one. */
  readonly isExtra: boolean
}

export interface Table<Name extends string = string> {
  readonly schema: Schema
  readonly name: Name
  readonly comment: Text
  readonly columns: readonly Column[]
  /** What makes a row unique. Empty where the table is a log or a history of versions. */
  readonly key: readonly string[]
  /** In a history of versions (Bronze): the columns that name the record which a row is a version of. */
  readonly recordKey?: readonly string[]
  readonly partitionBy: readonly string[]
  /** Whether the measures that the configuration takes from ARM's report follow its columns; see measures.ts. */
  readonly hasMeasures?: boolean
}

/** A column of the user's specification. */
export function column(name: string, type: ColumnType, ru: string, en: string): Column {
  return { name, type, comment: { ru, en }, isExtra: false }
}

/** A column beyond the user's specification. */
export function extraColumn(name: string, type: ColumnType, ru: string, en: string): Column {
  return { name, type, comment: { ru, en }, isExtra: true }
}

/** `bronze.alaqan_visits`: how models, messages and the ledger name a table. */
export function qualifiedName(table: Pick<Table, 'schema' | 'name'>): string {
  return `${table.schema}.${table.name}`
}

/** How a column parts a table: by its value, or by the month of a day. */
export interface Partition {
  readonly column: string
  readonly transform: 'identity' | 'month'
}

/**
 * How a table is parted. One that the specification parts by a day is parted by its month: three years of days would be a
 * thousand files of some kilobytes, which nothing can put together, and a query of one day still reads one file
 * (measured: docs/iceberg.md, "Partitions").
 */
export function partitionsOf({
  partitionBy,
  columns,
}: Pick<Table, 'partitionBy' | 'columns'>): readonly Partition[] {
  return partitionBy.map(column => ({
    column,
    transform: columns.find(({ name }) => name === column)?.type === 'date' ? 'month' : 'identity',
  }))
}
