/** How Alaqan is read: which requests, in which order, until when. */
import type { Day } from '../../calendar.js'
import type { Answer, AnswerMessage, Extraction, RecordsMessage } from '../../extraction.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../../json.js'
import { inOrder } from '../in-order.js'
import type { AlaqanClient, DayAnswer, PersonQuery } from './client.js'
import { factOfDay, visitsByIin, visitsOfDay } from './visits.js'

export interface VisitOptions {
  /** Keys the digests in the facts; see `digestOf` in survey-day.ts. */
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
  const ask = async (date: Day, asked: AbortSignal): Promise<AskedDay> => {
    return { date, ...(await client.byDate(date, asked, digestKey)) }
  }
  for await (const day of inOrder(dates.slice(next), concurrency, ask, signal)) {
    yield* messagesOfDay(day)
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
  const { received, facts, rows, rejects } = await visitsByIin(answer.body, person.iin, digestKey)
  yield { type: 'answer', answer: archived(answer, facts), received, repeated: 0, rows, rejects }
  yield { type: 'checkpoint', cursor: { next: 1 } }
}

function nextOf(cursor: JsonValue): number {
  return isJsonObject(cursor) && typeof cursor.next === 'number' ? cursor.next : 0
}

interface AskedDay extends DayAnswer {
  readonly date: Day
}

/** Rows are made only when they can be taken: of the days that wait for their turn only the bodies are held. */
async function* messagesOfDay({
  date,
  answer,
  survey,
}: AskedDay): AsyncGenerator<AnswerMessage | RecordsMessage, void, undefined> {
  let isFirst = true
  for await (const { rows, rejects } of visitsOfDay(answer.body, date, survey)) {
    if (isFirst) {
      const kept = archived(answer, [factOfDay(date, survey)])
      yield { type: 'answer', answer: kept, received: survey.received, repeated: 0, rows, rejects }
    } else yield { type: 'records', rows, rejects }
    isFirst = false
  }
}

function archived({ request, status, receivedAt, body }: Answer, facts: readonly JsonObject[]): Answer {
  return { request, status, receivedAt, body, facts }
}
