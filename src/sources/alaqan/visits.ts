/** Alaqan's answers as bronze rows (spec 1.3, 1.5): pure, from a body to rows and rejects. */
import { type AnswerBody, bodyChunks } from '../../answer-body.js'
import { type Day, isDay } from '../../calendar.js'
import type { BronzeRow, RejectedRecord } from '../../extraction.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../../json.js'
import { jsonText } from '../../json-text.js'
import { type Shape, type Shapes, shapeGatherer, shapeOf } from '../../record-shape.js'
import { maskIin } from '../http/redact.js'
import { maskedRecord } from '../masked-record.js'
import { dataMembers } from './data-members.js'
import { type DaySurvey, digestOf, isList, recordsIn } from './survey-day.js'

export type Endpoint = 'byDate' | 'byIin'

/** Records of an answer that have been looked at. */
export interface Findings {
  readonly rows: readonly BronzeRow[]
  readonly rejects: readonly RejectedRecord[]
  readonly shape: Shape
}

/** What an answer of Alaqan holds. */
export interface Visits extends Omit<Findings, 'shape'> {
  readonly shapes: Shapes
  /** Records: each event of a list, and each value that should have been a list. */
  readonly received: number
  /** For the ledger, one per visit date: `{visit_date, endpoint, events, people?, digest}`. */
  readonly facts: readonly JsonObject[]
}

/** So many records are handed on together; usual days hold fewer. */
const batchRecords = 10_000

/**
 * The visits in an answer of `byDate`, in batches, at least one. A malformed ИИН stays: Silver validates it. What
 * stands under a key that comes twice belongs together, so that much of a large answer is held meanwhile.
 * @param survey of this body: it has been found whole
 */
export async function* visitsOfDay(
  body: AnswerBody,
  date: Day,
  survey: DaySurvey,
): AsyncGenerator<Findings, void, undefined> {
  const together = await valuesByKey(body, survey.doubles)
  let found = newFindings(0)
  for await (const members of dataMembers(bodyChunks(body))) {
    for (const [iin, value] of members) {
      const lists = survey.doubles.has(iin) ? together.get(iin) : [value]
      together.delete(iin)
      if (lists) found.addPerson({ date, iin, lists, endpoint: 'byDate' })
      if (found.rows.length + found.rejects.length < batchRecords) continue
      yield found.findings()
      found = newFindings(found.position())
    }
  }
  if (found.position() === 0 || found.rows.length + found.rejects.length > 0) yield found.findings()
}

/** What the ledger notes about an answer of `byDate`. */
export function factOfDay(date: Day, { received, people, digest }: DaySurvey): JsonObject {
  return { visit_date: date, endpoint: 'byDate', events: received, people, digest }
}

/**
 * The visits in an answer of `byIin`, whose keys are dates. One person's days are few: they are held.
 * @param digestKey see {@link digestOf}
 */
export async function visitsByIin(
  body: AnswerBody,
  iin: string,
  digestKey: string | undefined,
): Promise<Visits> {
  const found = newFindings(0)
  const facts: JsonObject[] = []
  let answers: Shape | undefined
  const days = await valuesByKey(body, undefined, around => {
    answers = shapeOf(around)
  })
  for (const [date, lists] of days) {
    const before = found.position()
    if (!isDay(date)) {
      found.rejectAll('visit_date_invalid', 'the key is not a date', iin, lists)
      continue
    }
    found.addPerson({ date, iin, lists, endpoint: 'byIin' })
    const digest = digestOf([[iin, lists]], digestKey)
    facts.push({ visit_date: date, endpoint: 'byIin', events: found.position() - before, digest })
  }
  const { rows, rejects, shape } = found.findings()
  const shapes = { records: shape, ...(answers && { answers }) }
  return { received: found.position(), rows, rejects, facts, shapes }
}

interface Person {
  readonly date: Day
  readonly iin: string
  /** The values that stood under the person's key: one, unless the answer has the key twice. */
  readonly lists: readonly JsonValue[]
  readonly endpoint: Endpoint
}

const keptKeys = new Set(['event', 'time'])

/** @param first the position of the next record in its answer */
function newFindings(first: number) {
  const rows: BronzeRow[] = []
  const rejects: RejectedRecord[] = []
  const gatherer = shapeGatherer(new Set())
  let position = first
  const reject = (rule: string, detail: string, iin: string, value: JsonValue): void => {
    const record = `{"iin":"${maskIin(iin)}","value":${maskedRecord(value, keptKeys)}}`
    rejects.push({ rule, detail, record, position })
    position += 1
  }
  return {
    rows,
    rejects,
    /** How many records of the answer have been looked at. */
    position: () => position,
    findings: (): Findings => ({ rows, rejects, shape: gatherer.shape() }),
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
            gatherer.add(item)
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

/**
 * The values under each key, keys in the order in which they first appear.
 * @param wanted all keys, where it is absent
 * @param tellAround see {@link dataMembers}
 */
async function valuesByKey(
  body: AnswerBody,
  wanted?: ReadonlySet<string>,
  tellAround?: (answer: JsonObject) => void,
): Promise<Map<string, readonly JsonValue[]>> {
  const values = new Map<string, JsonValue[]>()
  if (wanted?.size === 0) return values
  for await (const members of dataMembers(bodyChunks(body), tellAround)) {
    for (const [key, value] of members) {
      if (wanted && !wanted.has(key)) continue
      const group = values.get(key)
      if (group) group.push(value)
      else values.set(key, [value])
    }
  }
  return values
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
