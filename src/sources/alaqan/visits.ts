/** Alaqan's answers as bronze rows (spec 1.3, 1.5): pure, from a body to rows and rejects. */
import { createHash, createHmac } from 'node:crypto'
import { type Day, isDay } from '../../calendar.js'
import type { BronzeRow, RejectedRecord } from '../../extraction.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../../json.js'
import { jsonText } from '../../json-text.js'
import { maskIin } from '../http/redact.js'
import { maskedRecord } from '../masked-record.js'
import { type JsonMember, jsonMembers, memberTexts } from './json-members.js'

export type Endpoint = 'byDate' | 'byIin'

/** What an answer of Alaqan holds. */
export interface Visits {
  /** Records: each event of a list, and each value that should have been a list. */
  readonly received: number
  readonly rows: readonly BronzeRow[]
  readonly rejects: readonly RejectedRecord[]
  /** For the ledger, one per visit date: `{visit_date, endpoint, events, people?, digest}`. */
  readonly facts: readonly JsonObject[]
}

/**
 * What is wrong with an answer's shape, or undefined. An empty day is `[]` (PHP's empty object) or `{}`; an
 * answer without `data` is an error (decisions, "Silver: Alaqan").
 */
export function problemWithVisits(json: JsonValue): string | undefined {
  if (!isJsonObject(json)) return 'JSON that is not an object'
  const { data } = json
  if (data === undefined) return 'an object without data'
  if (Array.isArray(data)) return data.length === 0 ? undefined : 'data that is a list of something'
  return isJsonObject(data) ? undefined : 'data that is neither an object nor an empty list'
}

/**
 * The visits in an answer of `byDate`. A malformed ИИН stays: Silver validates it.
 * @param body checked with {@link problemWithVisits}
 * @param digestKey keys the digest, without which the only visitor of a quiet day could be guessed from it;
 *   undefined where ИИН are not masked anyway
 */
export function visitsByDate(body: Buffer, date: Day, digestKey: string | undefined): Visits {
  const members = dataMembers(body)
  const found = newFindings()
  for (const [iin, lists] of grouped(members)) found.addPerson({ date, iin, lists, endpoint: 'byDate' })
  const people = new Set(members.map(([iin]) => iin)).size
  const digest = digestOf(members, digestKey)
  const { received, rows, rejects } = found
  const fact = { visit_date: date, endpoint: 'byDate', events: received(), people, digest }
  return { received: received(), rows, rejects, facts: [fact] }
}

/** The visits in an answer of `byIin`, whose keys are dates. See {@link visitsByDate}. */
export function visitsByIin(body: Buffer, iin: string, digestKey: string | undefined): Visits {
  const found = newFindings()
  const facts: JsonObject[] = []
  for (const [date, lists] of grouped(dataMembers(body))) {
    const before = found.received()
    if (!isDay(date)) {
      found.rejectAll('visit_date_invalid', 'the key is not a date', iin, lists)
      continue
    }
    found.addPerson({ date, iin, lists, endpoint: 'byIin' })
    const digest = digestOf([[iin, lists]], digestKey)
    facts.push({ visit_date: date, endpoint: 'byIin', events: found.received() - before, digest })
  }
  return { received: found.received(), rows: found.rows, rejects: found.rejects, facts }
}

interface Person {
  readonly date: Day
  readonly iin: string
  /** The values that stood under the person's key: one, unless the answer has the key twice. */
  readonly lists: readonly JsonValue[]
  readonly endpoint: Endpoint
}

const keptKeys = new Set(['event', 'time'])

function newFindings() {
  const rows: BronzeRow[] = []
  const rejects: RejectedRecord[] = []
  let position = 0
  const reject = (rule: string, detail: string, iin: string, value: JsonValue): void => {
    const record = `{"iin":"${maskIin(iin)}","value":${maskedRecord(value, keptKeys)}}`
    rejects.push({ rule, detail, record, position })
    position += 1
  }
  return {
    rows,
    rejects,
    received: () => position,
    rejectAll: (rule: string, detail: string, iin: string, lists: readonly JsonValue[]): void => {
      for (const value of lists.flatMap(recordsIn)) reject(rule, detail, iin, value)
    },
    addPerson: ({ date, iin, lists, endpoint }: Person): void => {
      const rawJson = jsonText(lists.filter(isList).flat())
      let eventNo = 0
      for (const list of lists) {
        if (!isList(list)) {
          reject('events_not_array', `the events are ${kindOf(list)}, not a list`, iin, list)
          continue
        }
        for (const item of list) {
          if (isJsonObject(item)) {
            rows.push({
              visit_date: date,
              iin,
              event: asText(item.event),
              event_time: asText(item.time),
              raw_json: rawJson,
              endpoint,
              event_no: eventNo,
            })
            position += 1
          } else {
            reject('event_not_object', `the event is ${kindOf(item)}, not an object`, iin, item)
          }
          eventNo += 1
        }
      }
    },
  }
}

function dataMembers(body: Buffer): readonly JsonMember[] {
  const data = memberTexts(body.toString())?.findLast(([key]) => key === 'data')?.[1]
  return (data === undefined ? undefined : jsonMembers(data)) ?? []
}

/** The values under each key, keys in the order in which they first appear. */
function grouped(members: readonly JsonMember[]): ReadonlyMap<string, readonly JsonValue[]> {
  const groups = new Map<string, JsonValue[]>()
  for (const [key, value] of members) {
    const group = groups.get(key)
    if (group) group.push(value)
    else groups.set(key, [value])
  }
  return groups
}

function recordsIn(value: JsonValue): readonly JsonValue[] {
  return isList(value) ? value : [value]
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** As received where it is text; anything else as its JSON text, so that Silver can say what is wrong. */
function asText(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : jsonText(value)
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'null'
  if (isList(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** In the order as received; white space does not count. */
function digestOf(value: JsonValue, key: string | undefined): string {
  const hash = key === undefined ? createHash('sha256') : createHmac('sha256', key)
  return hash.update(JSON.stringify(value)).digest('hex')
}
