/** What all ways of reading a list have in common. A reading is one module: it can be replaced alone. */
import { createHash } from 'node:crypto'
import type { AnswerMessage, ExtractionMessage, NoticeMessage, RejectedRecord } from '../../extraction.js'
import { isJsonObject, type JsonValue } from '../../json.js'
import type { AmocrmClient, Page } from './client.js'
import type { Entity, List } from './entities.js'
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

/** `with` and `limit` of the entity. */
export function commonQuery({ with: extras, limit }: Entity): Query {
  const query: [string, string][] = []
  if (extras) query.push(['with', extras.join(',')])
  if (limit !== undefined) query.push(['limit', String(limit)])
  return query
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

/** A page and those that follow it. */
export async function* pagesFrom(
  context: ReadingContext,
  first: string,
): AsyncGenerator<Page, void, undefined> {
  for (let next: string | undefined = first; next !== undefined; ) {
    const page: Page = await askPage(context, next, next !== first)
    yield page
    next = page.next
  }
}

/**
 * A page as a message.
 * @param isRepeated tells records that another answer of the extraction brings
 */
export function pageMessage(
  entity: Entity,
  list: List,
  page: Page,
  isRepeated: (record: JsonValue) => boolean = () => false,
): AnswerMessage {
  const { request, status, receivedAt, body } = page.answer
  const rows: AnswerMessage['rows'][number][] = []
  const rejects: RejectedRecord[] = []
  let repeated = 0
  for (const [position, record] of page.records.entries()) {
    if (isRepeated(record)) {
      repeated += 1
      continue
    }
    const judged = judgeRecord(entity, record, { list, position, receivedAt })
    if (judged.kind === 'row') rows.push(judged.row)
    else rejects.push(judged.reject)
  }
  const answer = { request, status, receivedAt, body }
  return { type: 'answer', answer, received: page.records.length, repeated, rows, rejects }
}

/** A name for the record within its list: its id, or a hash of what has none. */
export function nameOf(record: JsonValue): string {
  const id = isJsonObject(record) ? record.id : undefined
  if (typeof id === 'number' || typeof id === 'string') return String(id)
  return createHash('sha256').update(JSON.stringify(record)).digest('hex')
}

/** The record's time in this field, Unix seconds; undefined where it has none that can be compared. */
export function timeOf(record: JsonValue, field: 'updated_at' | 'created_at'): number | undefined {
  const time = isJsonObject(record) ? record[field] : undefined
  return typeof time === 'number' && Number.isSafeInteger(time) ? time : undefined
}

export function warning(code: string, message: string): NoticeMessage {
  return { type: 'notice', level: 'warn', code, message }
}
