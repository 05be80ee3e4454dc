/** How Alaqan is read: which requests, in which order, until when. */
import type { Day } from '../../calendar.js'
import type { AnswerMessage, Extraction } from '../../extraction.js'
import { isJsonObject, type JsonValue } from '../../json.js'
import type { HttpAnswer } from '../http/http-client.js'
import { inOrder } from '../in-order.js'
import type { AlaqanClient, PersonQuery } from './client.js'
import { type Visits, visitsByDate, visitsByIin } from './visits.js'

export interface VisitOptions {
  /** See {@link visitsByDate}. */
  readonly digestKey?: string
  readonly signal?: AbortSignal
}

export interface ByDateOptions extends VisitOptions {
  /** In the order in which they are to be read. The same for every run of one package. */
  readonly dates: readonly Day[]
  /** So many days are asked for at the same time, within the rate; 8 by default. */
  readonly concurrency?: number
}

/**
 * Reads whole days, in the order given, a checkpoint after each.
 * @param cursor `{next}`, the index of the first date that has not been read; null for the beginning
 */
export async function* extractVisitsByDate(
  client: AlaqanClient,
  options: ByDateOptions,
  cursor: JsonValue = null,
): Extraction {
  const { dates, concurrency = 8, digestKey, signal } = options
  let next = nextOf(cursor)
  const ask = async (date: Day, asked: AbortSignal): Promise<AnswerMessage> => {
    const answer = await client.byDate(date, asked)
    return asMessage(answer, visitsByDate(answer.body, date, digestKey))
  }
  for await (const message of inOrder(dates.slice(next), concurrency, ask, signal)) {
    yield message
    next += 1
    yield { type: 'checkpoint', cursor: { next } }
  }
}

/** Reads one person's visits, in one request; nothing where the cursor says that it has been done. */
export async function* extractVisitsByIin(
  client: AlaqanClient,
  person: PersonQuery,
  options: VisitOptions = {},
  cursor: JsonValue = null,
): Extraction {
  if (nextOf(cursor) > 0) return
  const { digestKey, signal } = options
  const answer = await client.byIin(person, signal)
  yield asMessage(answer, visitsByIin(answer.body, person.iin, digestKey))
  yield { type: 'checkpoint', cursor: { next: 1 } }
}

function nextOf(cursor: JsonValue): number {
  return isJsonObject(cursor) && typeof cursor.next === 'number' ? cursor.next : 0
}

function asMessage(answer: HttpAnswer, visits: Visits): AnswerMessage {
  const { request, status, receivedAt, body } = answer
  const { facts, received, rows, rejects } = visits
  return {
    type: 'answer',
    answer: { request, status, receivedAt, body, facts },
    received,
    repeated: 0,
    rows,
    rejects,
  }
}
