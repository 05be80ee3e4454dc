/** Answers of amoCRM from the archive as the messages that they were when they came. */
import type { Answer, AnswerMessage } from '../../extraction.js'
import { jsonIn } from '../http/json-body.js'
import { recordsOf } from './client.js'
import { type Entity, type EntityName, entityNamed, type List } from './entities.js'
import { askedMessage } from './extract-by-id.js'
import { pageMessage } from './reading.js'

/**
 * A page of an entity's list.
 * @param repeated where the records stand that another answer of the extraction brought
 */
export function replayPage(name: EntityName, answer: Answer, repeated: readonly number[]): AnswerMessage {
  const entity = entityNamed(name)
  const list = listOf(entity, answer.request)
  // Kept with the others, as the page of catalogs is that tells which lists there are; its records are another table's.
  if (!list) return { type: 'answer', answer, received: 0, repeated: [], rows: [], rejects: [] }
  const places = new Set(repeated)
  const records = recordsOf(jsonIn(answer.body), entity.embedded) ?? []
  return pageMessage(entity, list, { answer, records }, (_, position) => places.has(position))
}

/** What was answered to the question for one record; see extractById. */
export function replayAsked(name: EntityName, id: number, answer: Answer): AnswerMessage {
  const isThere = answer.status !== 404 && answer.status !== 204
  return askedMessage(entityNamed(name), id, answer, isThere ? jsonIn(answer.body) : undefined)
}

/** The list that the request asked for. */
function listOf({ lists }: Entity, request: string): List | undefined {
  if (typeof lists !== 'function') return lists[0]
  const [path = ''] = request.split('?', 1)
  const catalogId = /^\/api\/v4\/catalogs\/(\d+)\//.exec(path)?.[1]
  return lists(catalogId === undefined ? [] : [Number(catalogId)]).find(list => list.path === path)
}
