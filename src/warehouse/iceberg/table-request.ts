/** A table as the REST catalog of Iceberg is asked to make it: pure (REST specification, CreateTableRequest). */
import { type ColumnType, type Partition, partitionsOf, type Table } from '../../tables/table.js'
import { commentOf, type TimeAs } from '../ddl.js'
import { refuseOtherColumns } from '../other-columns.js'

export type IcebergType =
  | string
  | {
      readonly type: 'list'
      readonly 'element-id': number
      readonly element: IcebergType
      readonly 'element-required': boolean
    }

export interface IcebergField {
  readonly id: number
  readonly name: string
  readonly required: boolean
  readonly type: IcebergType
  readonly doc?: string
}

export interface TableRequest {
  readonly name: string
  readonly schema: {
    readonly type: 'struct'
    readonly 'schema-id': 0
    readonly fields: readonly IcebergField[]
  }
  readonly 'partition-spec': {
    readonly 'spec-id': 0
    readonly fields: readonly {
      readonly 'source-id': number
      readonly 'field-id': number
      readonly name: string
      readonly transform: Partition['transform']
    }[]
  }
  readonly properties: Readonly<Record<string, string>>
}

/** Iceberg numbers the fields of partitions from here. */
const firstPartitionField = 1000

/**
 * The request that makes a table, with comments on it and on its columns, partitioned as its definition says.
 * @param timeAs what a column of time becomes: Spark cannot read a table that has one of Iceberg's type `time`
 */
export function tableRequest(table: Table, timeAs: TimeAs): TableRequest {
  const ids = new Map(table.columns.map(({ name }, index) => [name, index + 1]))
  // Elements of lists have numbers of their own, after all columns.
  let lastId = table.columns.length
  const fields = table.columns.map(({ name, type, comment }, index) => ({
    id: index + 1,
    name,
    required: false,
    type: icebergType(type, timeAs, () => {
      lastId += 1
      return lastId
    }),
    doc: commentOf(comment),
  }))
  return {
    name: table.name,
    schema: { type: 'struct', 'schema-id': 0, fields },
    'partition-spec': {
      'spec-id': 0,
      fields: partitionsOf(table).map(({ column, transform }, index) => ({
        'source-id': ids.get(column) ?? unknownColumn(table, column),
        'field-id': firstPartitionField + index,
        // As Spark names them.
        name: transform === 'identity' ? column : `${column}_${transform}`,
        transform,
      })),
    },
    properties: {
      'format-version': '2',
      comment: commentOf(table.comment),
      'write.parquet.compression-codec': 'zstd',
      // What was judged on an older state is not put on top of a newer one: the whole unit of work is done again.
      'commit.retry.num-retries': '0',
    },
  }
}

const plainTypes: Readonly<Record<string, string>> = {
  int: 'int',
  bigint: 'long',
  string: 'string',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamptz',
  timestamp_local: 'timestamp',
  double: 'double',
}

/** Iceberg's name of a column type. @param nextId numbers the elements of a list */
export function icebergType(type: ColumnType, timeAs: TimeAs, nextId: () => number): IcebergType {
  if (type === 'time') return timeAs === 'time' ? 'time' : 'string'
  const element = /^array<(.+)>$/.exec(type)?.[1]
  if (element !== undefined) {
    const elementId = nextId()
    return { type: 'list', 'element-id': elementId, element: plain(element), 'element-required': false }
  }
  const decimal = /^decimal\((\d+),(\d+)\)$/.exec(type)
  return decimal ? `decimal(${decimal[1]}, ${decimal[2]})` : plain(type)
}

/**
 * @param found the table's columns as the catalog tells them
 * @throws UsageError `table_columns`, see {@link refuseOtherColumns}
 */
export function refuseOtherFields(
  table: Table,
  found: readonly { readonly name: string; readonly type: IcebergType }[],
  timeAs: TimeAs,
): void {
  refuseOtherColumns(
    table,
    found.map(({ name, type }) => ({ name, type: typeText(type) })),
    type => typeText(icebergType(type, timeAs, () => 0)),
  )
}

function typeText(type: IcebergType): string {
  return typeof type === 'string' ? type.replaceAll(' ', '') : `list<${typeText(type.element)}>`
}

function plain(type: string): string {
  const name = plainTypes[type]
  if (name === undefined) throw new Error(`Iceberg has no type for ${type}.`)
  return name
}

function unknownColumn(table: Table, name: string): never {
  throw new Error(`${table.schema}.${table.name} is partitioned by ${name}, which it does not have.`)
}
