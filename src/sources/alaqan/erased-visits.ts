/**
 * Erased people in what Alaqan answers. Their keys are taken out of `data`, and 12 digits that are theirs
 * out of everything else. However large the answer is, one batch of it is in memory.
 */
import { type AnswerBody, bodyChunks, receiveBody } from '../../answer-body.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../../json.js'
import { jsonText } from '../../json-text.js'
import type { ErasedPeople } from '../../privacy/erased-people.js'
import { jsonWithoutMarks } from '../../privacy/marks-in-json.js'
import { holdsErasedIin } from '../../privacy/marks-in-text.js'
import type { AlaqanClient } from './client.js'
import { dataMembers, type JsonMember } from './data-members.js'
import { recordsIn, surveyDay } from './survey-day.js'

const look = { contacts: true, names: false } as const

export interface CleanBody {
  readonly body: AnswerBody
  /** Records that were erased people's. */
  readonly erased: number
}

/**
 * The answer without erased people; the same body where it shows none.
 * @param body of an answer that has been found whole
 * @param packAbove as `receiveBody` takes it, bytes
 */
export async function bodyWithoutErased(
  body: AnswerBody,
  erased: ErasedPeople,
  packAbove: number,
): Promise<CleanBody> {
  let [count, isChanged] = [0, false]
  let around: JsonObject = {}
  const tellAround = (told: JsonObject): void => {
    around = told
  }
  for await (const members of dataMembers(bodyChunks(body), tellAround)) {
    for (const member of members) {
      const kept = memberWithoutErased(member, erased)
      if (kept === undefined) count += recordsIn(member[1]).length
      if (kept !== member) isChanged = true
    }
  }
  const cleanAround = jsonWithoutMarks(around, erased, look)
  if (!isChanged && cleanAround === around) return { body, erased: 0 }
  return { body: await receiveBody(keptChunks(body, cleanAround, erased), packAbove), erased: count }
}

/** @param around what stood around the members of `data` */
async function* keptChunks(
  body: AnswerBody,
  around: JsonValue,
  erased: ErasedPeople,
): AsyncGenerator<Buffer, void, undefined> {
  let isFirst = true
  const { data: _, ...others } = isJsonObject(around) ? around : {}
  const before = Object.entries(others).map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)},`,
  )
  yield Buffer.from(`{${before.join('')}"data":{`)
  for await (const members of dataMembers(bodyChunks(body))) {
    const kept = members.flatMap(member => {
      const clean = memberWithoutErased(member, erased)
      return clean ? [`${JSON.stringify(clean[0])}:${JSON.stringify(clean[1])}`] : []
    })
    if (kept.length === 0) continue
    yield Buffer.from(`${isFirst ? '' : ','}${kept.join(',')}`)
    isFirst = false
  }
  yield Buffer.from('}}')
}

/** @returns the member itself where it says nothing of erased people; undefined where it is theirs */
function memberWithoutErased(member: JsonMember, erased: ErasedPeople): JsonMember | undefined {
  const [key, value] = member
  if (holdsErasedIin(key, erased)) return undefined
  const clean: JsonValue = jsonWithoutMarks(value, erased, look)
  return clean === value ? member : [key, clean]
}

/** A larger body is packed while it is made. Bytes. */
const largestHeld = 4 << 20

/** A client whose answers come without erased people. */
export function withoutErased(client: AlaqanClient, erased: ErasedPeople): AlaqanClient {
  return {
    byIin: async (query, signal) => {
      const answer = await client.byIin(query, signal)
      return { ...answer, body: (await bodyWithoutErased(answer.body, erased, largestHeld)).body }
    },
    byDate: async (date, signal, digestKey) => {
      const day = await client.byDate(date, signal, digestKey)
      const clean = await bodyWithoutErased(day.answer.body, erased, largestHeld)
      if (clean.body === day.answer.body) return day
      return {
        answer: { ...day.answer, body: clean.body },
        survey: await surveyDay(clean.body, digestKey),
        erased: clean.erased,
      }
    },
  }
}

/** The row of a visit without erased people: the row itself where it says nothing of them, undefined where it is theirs. */
export function visitWithoutErased(row: JsonObject, erased: ErasedPeople): JsonObject | undefined {
  if (typeof row.iin === 'string' && holdsErasedIin(row.iin, erased)) return undefined
  const [event, time] = ['event', 'event_time'].map(name => jsonWithoutMarks(row[name] ?? null, erased, look))
  const rawJson = rawJsonWithoutErased(row.raw_json, erased)
  if (event === row.event && time === row.event_time && rawJson === row.raw_json) return row
  return { ...row, event: event ?? null, event_time: time ?? null, raw_json: rawJson ?? null }
}

function rawJsonWithoutErased(text: JsonValue | undefined, erased: ErasedPeople): JsonValue | undefined {
  if (typeof text !== 'string') return text
  const value: JsonValue = JSON.parse(text)
  const clean = jsonWithoutMarks(value, erased, look)
  return clean === value ? text : jsonText(clean)
}
