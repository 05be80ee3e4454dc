/** What all ways of reading a list have in common. A reading is one module: it can be replaced alone. */
import { createHash } from 'node:crypto'
import type { Clock } from '../../effects.js'
import type {
  Answer,
  AnswerMessage,
  ExtractionMessage,
  NoticeMessage,
  RejectedRecord,
} from '../../extraction.js'
import { isJsonObject, type JsonValue } from '../../json.js'
import { shapeGatherer } from '../../record-shape.js'
import type { AmocrmClient, Page } from './client.js'
import type { Entity, List } from './entities.js'
import { nestedFields } from './expected-fields.js'
import { judgeRecord } from './records.js'

/** What a reading is given. Times are Unix seconds. */
export interface ReadingContext {
  readonly client: AmocrmClient
  readonly entity: Entity
  /** Records that changed at this time or later are wanted; 0: all. */
  readonly since: number
  /** When the extraction started: what changes later may be left to the next one. */
  readonly ceiling: number
  /** See {@link Account.isFilterEnabled}. */
  readonly isFilterEnabled: boolean | undefined
  /** Types of events that are wanted; empty: all. */
  readonly eventTypes: readonly string[]
  /** How many requests may be under way at the same time. */
  readonly concurrency: number
  readonly clock: Clock
  readonly signal?: AbortSignal
}

/**
 * A way to read an entity: messages without a watermark, and checkpoints whose cursors it understands.
 * @param cursor null for the beginning
 */
export type Reading = (
  context: ReadingContext,
  cursor: JsonValue,
) => AsyncGenerator<ExtractionMessage, void, undefined>

export type Query = readonly (readonly [name: string, value: string])[]

/** Bounds of a time, Unix seconds. */
export interface Bounds {
  readonly from: number
  readonly to: number
}

/** No extraction lasts longer. Seconds. */
const aheadSeconds = 7 * 86_400

/** An upper bound that nothing reaches while the extraction lasts. Unix seconds. */
export function farAhead(ceiling: number): number {
  return ceiling + aheadSeconds
}

/** `with` and `limit` of the entity. */
export function commonQuery({ with: extras, limit }: Pick<Entity, 'with' | 'limit'>): Query {
  const query: [string, string][] = []
  if (extras) query.push(['with', extras.join(',')])
  if (limit !== undefined) query.push(['limit', String(limit)])
  return query
}

/** The lists of an entity that has no list for each catalog. */
export function listsOf({ entity }: ReadingContext): readonly List[] {
  return typeof entity.lists === 'function' ? [] : entity.lists
}

/** The most records that a page of the entity has. */
export function pageLimit({ limit = 50 }: Entity): number {
  return limit
}

/** Always both bounds: a bare one has answered "no content" (reference: "Filters"). */
export function updatedBetween({ from, to }: Bounds): Query {
  return [
    ['filter[updated_at][from]', String(from)],
    ['filter[updated_at][to]', String(to)],
  ]
}

/**
 * A page. An empty one is asked for again before it is believed: "no content" is also what a glitch looks
 * like, and it would end the list.
 * @param isPromised whether an earlier answer said that there is something
 */
export async function askPage(context: ReadingContext, path: string, isPromised: boolean): Promise<Page> {
  const { client, entity, signal } = context
  for (let doubts = isPromised ? 3 : 1; ; doubts -= 1) {
    const page = await client.page(path, entity.embedded, signal)
    if (page.records.length > 0 || doubts === 0) return page
  }
}

/** What of a page makes a message. */
export interface ReadPage extends Pick<Page, 'records' | 'kept'> {
  readonly answer: Answer
}

/**
 * A page as a message.
 * @param isRepeated tells records that another answer of the extraction brings
 */
export function pageMessage(
  entity: Entity,
  list: List,
  page: ReadPage,
  isRepeated: (record: JsonValue, position: number) => boolean = () => false,
): AnswerMessage {
  const { request, status, receivedAt, body } = page.answer
  const rows: AnswerMessage['rows'][number][] = []
  const rejects: RejectedRecord[] = []
  const repeated: number[] = []
  const gatherer = shapeGatherer(nestedFields(entity))
  let [erased, position] = [0, 0]
  for (const [index, record] of page.records.entries()) {
    // Asked of every record: the reading remembers what it has met.
    const isAgain = isRepeated(record, index)
    const kept = page.kept ? page.kept[index] : record
    if (kept === undefined) {
      erased += 1
      continue
    }
    const at = position
    position += 1
    if (isAgain) {
      repeated.push(at)
      continue
    }
    if (isJsonObject(kept)) gatherer.add(kept)
    const judged = judgeRecord(entity, kept, { list, position: at, receivedAt })
    if (judged.kind === 'row') rows.push(judged.row)
    else rejects.push(judged.reject)
  }
  const answer = { request, status, receivedAt, body }
  const shapes = { records: gatherer.shape() }
  const counts = { received: page.records.length, repeated, ...(erased > 0 ? { erased } : {}) }
  return { type: 'answer', answer, ...counts, rows, rejects, shapes }
}

/** A name for the record within its list: its id, or a hash of what has none. */
export function nameOf(record: JsonValue): string {
  const id = isJsonObject(record) ? record.id : undefined
  if (typeof id === 'number' || typeof id === 'string') return String(id)
  return createHash('sha256').update(JSON.stringify(record)).digest('hex')
}

/** A name for the record as it stands: another one after every edit. */
export function versionOf(record: JsonValue): string {
  return `${nameOf(record)} ${timeOf(record, 'updated_at') ?? ''}`
}

/** A digest that goes on: equal for equal sequences of versions, however they were cut into pages. */
export function digestWith(digest: string, records: readonly JsonValue[]): string {
  let last = digest
  for (const record of records) {
    last = createHash('sha256')
      .update(`${last} ${versionOf(record)}`)
      .digest('base64')
      .slice(0, 22)
  }
  return last
}

/** The record's time in this field, Unix seconds; undefined where it has none that can be compared. */
export function timeOf(record: JsonValue, field: 'updated_at' | 'created_at'): number | undefined {
  const time = isJsonObject(record) ? record[field] : undefined
  return typeof time === 'number' && Number.isSafeInteger(time) ? time : undefined
}

/** The times of the records that have one, in their order. */
export function timesIn(records: readonly JsonValue[], field: 'updated_at' | 'created_at'): number[] {
  return records.flatMap(record => timeOf(record, field) ?? [])
}

export function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => number >= (numbers[index - 1] ?? Number.NEGATIVE_INFINITY))
}

/** When the server answered by its own clock, or by ours where it does not say. Unix seconds. */
export function secondOf(page: Page): number {
  const told = Date.parse(page.answer.headers.date ?? '')
  return Math.floor((Number.isNaN(told) ? page.answer.receivedAt : told) / 1000)
}

export function warning(code: string, message: string): NoticeMessage {
  return { type: 'notice', level: 'warn', code, message }
}

/** What is said where every page of a list must be read. */
export function orderIgnored({ path }: List): NoticeMessage {
  return warning(
    'order_ignored',
    `${path} does not come in the order that is asked for: every page of it is read, until two readings agree.`,
  )
}
