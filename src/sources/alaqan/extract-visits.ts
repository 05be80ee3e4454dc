/** How Alaqan is read: which requests, in which order, until when. */
import type { Day } from '../../calendar.js'
import type { Extraction } from '../../extraction.js'
import { isJsonObject, type JsonValue } from '../../json.js'
import { inOrder } from '../in-order.js'
import type { AlaqanClient, DayAnswer, PersonQuery } from './client.js'
import { dayMessages, personMessage } from './visit-messages.js'

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
    yield* dayMessages(day.answer, day.date, day.survey, day.erased)
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
  yield await personMessage(answer, person.iin, digestKey)
  yield { type: 'checkpoint', cursor: { next: 1 } }
}

function nextOf(cursor: JsonValue): number {
  return isJsonObject(cursor) && typeof cursor.next === 'number' ? cursor.next : 0
}

interface AskedDay extends DayAnswer {
  readonly date: Day
}
