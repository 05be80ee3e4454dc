/** A record of amoCRM as a bronze row or a reject: pure, and led by the table's columns and types. */
import { hash } from 'node:crypto'
import type { BronzeRow, RejectedRecord } from '../../extraction.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../../json.js'
import { jsonText } from '../../json-text.js'
import type { Column, Table } from '../../tables/table.js'
import { maskedRecord } from '../masked-record.js'
import type { Entity, List } from './entities.js'

export type Judged =
  | { readonly kind: 'row'; readonly row: BronzeRow }
  | { readonly kind: 'reject'; readonly reject: RejectedRecord }

/** Where and when a record was met. */
export interface Meeting {
  readonly list: List
  /** Position in the answer, from 0. */
  readonly position: number
  /** Unix milliseconds. */
  readonly receivedAt: number
}

/** Columns that are filled when the package is loaded, or here but not from the record. */
const technicalColumns: ReadonlySet<string> = new Set([
  'loaded_at',
  'load_id',
  'load_date',
  'row_source',
  'observed_at',
  'row_hash',
])

/** Values that a reject may show: references and times, nothing that a person wrote. */
const shownKeys = new Set([
  ...['id', 'account_id', 'entity_id', 'entity_type', 'catalog_id', 'pipeline_id', 'status_id', 'group_id'],
  ...[
    'responsible_user_id',
    'created_by',
    'updated_by',
    'loss_reason_id',
    'task_type_id',
    'field_id',
    'enum_id',
  ],
  ...[
    'created_at',
    'updated_at',
    'closed_at',
    'complete_till',
    'closest_task_at',
    'type',
    'field_type',
    'sort',
  ],
  ...['field_code', 'enum_code', 'price', 'score', 'labor_cost', 'duration'],
])

/** Brings a record to its table, or says why it does not fit (decisions, "Bronze"). */
export function judgeRecord(entity: Entity, record: JsonValue, meeting: Meeting): Judged {
  const reject = (rule: string, detail: string): Judged => ({
    kind: 'reject',
    reject: { rule, detail, record: maskedRecord(record, shownKeys), position: meeting.position },
  })
  if (!isJsonObject(record)) return reject('not_an_object', 'the record is not an object')
  const row: Record<string, JsonValue> = {}
  for (const column of contentColumns(entity.table)) {
    const value = valueIn(entity, column, record, meeting.list)
    const problem = column.name === 'id' ? problemWithId(column, value) : problemWithValue(column, value)
    if (problem) return reject(problem.rule, problem.detail)
    row[column.name] = value
  }
  const digest = hashOf(row)
  row.row_source = entity.rowSource
  row.observed_at = new Date(meeting.receivedAt).toISOString()
  row.row_hash = digest
  return { kind: 'row', row }
}

/**
 * A row that says that a record no longer exists.
 * @param at when that was seen, Unix milliseconds
 */
export function goneRow(table: Table, id: number, at: number): BronzeRow {
  const content: Record<string, JsonValue> = Object.fromEntries(
    contentColumns(table).map(column => [column.name, null]),
  )
  content.id = id
  content.is_deleted = true
  return {
    ...content,
    row_source: 'sweep',
    observed_at: new Date(at).toISOString(),
    row_hash: hashOf(content),
  }
}

const contentOf = new WeakMap<Table, readonly Column[]>()

/** The columns that hold what the record says. */
export function contentColumns(table: Table): readonly Column[] {
  const known = contentOf.get(table)
  if (known) return known
  const columns = table.columns.filter(column => !technicalColumns.has(column.name))
  contentOf.set(table, columns)
  return columns
}

function valueIn(entity: Entity, column: Column, record: JsonObject, list: List): JsonValue {
  const told = list.columns?.[column.name]
  if (told !== undefined) return told
  const field = entity.fields[column.name]
  return (field ? field(record) : record[column.name]) ?? null
}

interface Problem {
  readonly rule: string
  readonly detail: string
}

function problemWithId(column: Column, value: JsonValue): Problem | undefined {
  const isId = column.type === 'string' ? typeof value === 'string' && value !== '' : Number.isInteger(value)
  if (!isId) return { rule: 'id_missing', detail: `the id is no ${column.type}` }
  const problem = problemWithValue(column, value)
  return problem && { rule: 'id_out_of_range', detail: problem.detail }
}

function problemWithValue(column: Column, value: JsonValue): Problem | undefined {
  if (value === null) return undefined
  switch (column.type) {
    case 'int':
      return problemWithNumber(column, value, -(2 ** 31), 2 ** 31 - 1)
    case 'bigint':
      // Beyond these JSON.parse has already rounded the number.
      return problemWithNumber(column, value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
    case 'boolean':
      return typeof value === 'boolean' ? undefined : wrongType(column)
    case 'string':
      return typeof value === 'string' ? undefined : wrongType(column)
    default:
      throw new Error(`a bronze table of amoCRM has the ${column.type} column ${column.name}`)
  }
}

function problemWithNumber(
  column: Column,
  value: JsonValue,
  least: number,
  most: number,
): Problem | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return wrongType(column)
  if (value >= least && value <= most) return undefined
  return { rule: 'number_out_of_range', detail: `${column.name} does not fit into ${column.type}` }
}

function wrongType(column: Column): Problem {
  return { rule: 'wrong_type', detail: `${column.name} is not ${column.type}` }
}

/**
 * The hash of a version: of what is there, so that a column that is added later and empty does not make every version
 * look new.
 * @param content by column, in the order of the table
 */
export function hashOf(content: JsonObject): string {
  const known = Object.entries(content).filter(([, value]) => value !== null)
  return hash('sha256', jsonText(known))
}
