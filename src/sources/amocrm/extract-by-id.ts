/**
 * Records asked for one by one: those that a whole reading has missed. Pages shift and rights narrow, so that an id
 * counts as gone only when its own address says so.
 */
import type { Answer, AnswerMessage, Extraction } from '../../extraction.js'
import { isJsonObject, type JsonValue } from '../../json.js'
import type { ErasedPeople } from '../../privacy/erased-people.js'
import type { HttpAnswer } from '../http/http-request.js'
import { inOrder } from '../in-order.js'
import { type AmocrmClient, target } from './client.js'
import { type Entity, type EntityName, entityNamed } from './entities.js'
import { recordWithoutErased, withJson } from './erased-records.js'
import { goneRow, judgeRecord } from './records.js'

export interface AskedPlan {
  readonly entity: EntityName
  /** The same for every run of one package. */
  readonly ids: readonly number[]
}

export interface AskedOptions {
  readonly signal?: AbortSignal
  /** Who must not come back; absent where nobody was erased. */
  readonly erased?: ErasedPeople
}

const concurrency = 4

/**
 * Asks for each id: a record that answers is a row like any other, one that does not is a row that says it is gone
 * (`row_source` sweep). Each answer counts as one record received. Of an erased contact not even that is kept.
 * @param cursor `{next}`, the index of the first id that has not been asked for; null for the beginning
 */
export async function* extractById(
  client: AmocrmClient,
  { entity: name, ids }: AskedPlan,
  { signal, erased }: AskedOptions,
  cursor: JsonValue = null,
): Extraction {
  const entity = entityNamed(name)
  let next = isJsonObject(cursor) && typeof cursor.next === 'number' ? cursor.next : 0
  const ask = (id: number, asked: AbortSignal) => client.record(addressOf(entity, id), asked)
  for await (const answer of inOrder(ids.slice(next), concurrency, ask, signal)) {
    const id = ids[next]
    if (id !== undefined) {
      yield erased
        ? messageWithoutErased(entity, id, answer, erased)
        : askedMessage(entity, id, answer, answer.json)
    }
    next += 1
    yield { type: 'checkpoint', cursor: { next } }
  }
}

function addressOf({ lists, with: extras }: Entity, id: number): string {
  const [list] = typeof lists === 'function' ? [] : lists
  if (!list) throw new Error('Records of several lists are not asked for by id.')
  return target(`${list.path}/${id}`, extras ? [['with', extras.join(',')]] : [])
}

function messageWithoutErased(
  entity: Entity,
  id: number,
  answer: HttpAnswer,
  erased: ErasedPeople,
): AnswerMessage {
  const { json, request, status, receivedAt } = answer
  // Asked by its id, so that one that is gone is known for theirs too.
  const isTheirs = recordWithoutErased(entity.table.name, { id }, erased) === undefined
  const kept = json === undefined ? undefined : recordWithoutErased(entity.table.name, json, erased)
  if (isTheirs || (json !== undefined && kept === undefined)) {
    const nothing = { request, status, receivedAt, body: Buffer.alloc(0) }
    return { type: 'answer', answer: nothing, received: 1, repeated: [], erased: 1, rows: [], rejects: [] }
  }
  if (kept === undefined || kept === json) return askedMessage(entity, id, answer, json)
  return askedMessage(entity, id, withJson(answer, kept), kept)
}

/**
 * What the answer says of the record that was asked for.
 * @param json undefined where there is no such record
 */
export function askedMessage(
  entity: Entity,
  id: number,
  { request, status, receivedAt, body }: Answer,
  json: JsonValue | undefined,
): AnswerMessage {
  const answer = { request, status, receivedAt, body }
  const kept = { type: 'answer', answer, received: 1, repeated: [] } as const
  if (json === undefined) return { ...kept, rows: [goneRow(entity.table, id, receivedAt)], rejects: [] }
  // A record in the bin may answer at its own address, with nothing but the mark.
  const isMark = isJsonObject(json) && json.is_deleted === true
  const list = typeof entity.lists === 'function' ? undefined : entity.lists[0]
  const judged = judgeRecord(isMark ? { ...entity, rowSource: 'bin' } : entity, json, {
    list: list ?? { path: '' },
    position: 0,
    receivedAt,
  })
  return judged.kind === 'row'
    ? { ...kept, rows: [judged.row], rejects: [] }
    : { ...kept, rows: [], rejects: [judged.reject] }
}
