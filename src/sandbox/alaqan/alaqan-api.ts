/** Alaqan's two endpoints (specification, section 1). */
import { type Day, isDay } from '../../calendar.js'
import type { JsonValue } from '../../json.js'
import { type Answer, json, streamedJson } from '../answer.js'
import { parseQuery } from '../query.js'
import type { Gate } from '../world/world.js'

export const alaqanPrefix = '/api/astanahub/'

export interface AlaqanRequest {
  readonly method: string
  /** The path of the URL, from `/api/astanahub/` on. */
  readonly path: string
  /** What follows the `?`. */
  readonly search: string
  /** The `X-Api-Key` header. */
  readonly apiKey: string | undefined
  /** The present instant, Unix milliseconds: what lies after it has not happened. */
  readonly now: number
}

const piece = 65_536

/** `{"data":{"key":value,…}}`, or `{"data":[]}` where there is nothing, in pieces of some size. */
function* keyed(entries: Iterable<readonly [key: string, value: unknown]>): Generator<string> {
  let text = ''
  let isFirst = true
  for (const [key, value] of entries) {
    text += `${isFirst ? '{"data":{' : ','}${JSON.stringify(key)}:${JSON.stringify(value)}`
    isFirst = false
    if (text.length >= piece) {
      yield text
      text = ''
    }
  }
  yield isFirst ? '{"data":[]}' : `${text}}}`
}

function rejected(message: string): Answer {
  return json(400, { message })
}

function byDate(gate: Gate, date: string | undefined, now: number): Answer {
  if (date === undefined || date === '') return rejected('The date field is required.')
  if (!isDay(date)) return rejected('The date does not match the format Y-m-d.')
  const day = gate.onDay(date, now)
  return day.kind === 'literal' ? json(200, { data: day.data }) : streamedJson(keyed(day.people))
}

function byIin(
  gate: Gate,
  named: Readonly<Record<'iin' | 'start_date' | 'end_date', string | undefined>>,
  now: number,
): Answer {
  const { iin, start_date: from, end_date: to } = named
  const missing = Object.entries(named).find(([, value]) => value === undefined || value === '')
  if (missing || !iin || !from || !to) return rejected(`The ${missing?.[0] ?? 'iin'} field is required.`)
  if (!/^\d{12}$/.test(iin)) return rejected('The iin must be 12 digits.')
  if (!isDay(from)) return rejected('The start_date does not match the format Y-m-d.')
  if (!isDay(to)) return rejected('The end_date does not match the format Y-m-d.')
  if (to < from) return rejected('The end_date must be a date after or equal to start_date.')
  const days: Iterable<readonly [Day, JsonValue]> = gate.ofPerson(iin, from, to, now)
  return streamedJson(keyed(days))
}

/** Answers a request to Alaqan. */
export function answerAlaqan(request: AlaqanRequest, gate: Gate, apiKey: string): Answer {
  if (request.apiKey !== apiKey) return json(401, { message: 'Unauthenticated.' })
  const query = parseQuery(request.search)
  switch (request.path) {
    case `${alaqanPrefix}employees/byDate`:
      if (request.method !== 'GET') return json(405, { message: 'Method not allowed.' })
      return byDate(gate, query.one('date'), request.now)
    case `${alaqanPrefix}employees/byIin`:
      if (request.method !== 'GET') return json(405, { message: 'Method not allowed.' })
      return byIin(
        gate,
        { iin: query.one('iin'), start_date: query.one('start_date'), end_date: query.one('end_date') },
        request.now,
      )
    default:
      return json(404, { message: 'Not found.' })
  }
}
