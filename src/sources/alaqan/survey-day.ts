/** The first look at a day's answer: whether it is whole, and what it holds in all. No row counts before it. */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { type AnswerBody, bodyChunks } from '../../answer-body.js'
import type { JsonObject, JsonValue } from '../../json.js'
import { dataMembers } from './data-members.js'

export interface DaySurvey {
  /** Records: each event of a list, and each value that should have been a list. */
  readonly received: number
  /** Different keys. */
  readonly people: number
  /** See {@link digestOf}. */
  readonly digest: string
  /** Keys that come more than once. */
  readonly doubles: ReadonlySet<string>
  /** The answer without the members of its `data`. */
  readonly around: JsonObject
}

/**
 * Reads an answer of `byDate` to its end.
 * @param digestKey see {@link digestOf}
 * @throws UnusableBodyError
 */
export async function surveyDay(body: AnswerBody, digestKey: string | undefined): Promise<DaySurvey> {
  const seen = new Set<string>()
  const doubles = new Set<string>()
  const hash = openDigest(digestKey)
  let received = 0
  let isFirst = true
  let around: JsonObject = {}
  hash.update('[')
  const members = dataMembers(bodyChunks(body), answer => {
    around = answer
  })
  for await (const batch of members) {
    // The digest of all members, as if they stood in one list.
    hash.update(`${isFirst ? '' : ','}${JSON.stringify(batch).slice(1, -1)}`)
    isFirst = false
    for (const [iin, value] of batch) {
      received += recordsIn(value).length
      if (seen.has(iin)) doubles.add(iin)
      else seen.add(iin)
    }
  }
  hash.update(']')
  return { received, people: seen.size, digest: hash.digest('hex'), doubles, around }
}

/**
 * By which an unchanged answer is known. In the order as received; white space does not count.
 * @param key without which the only visitor of a quiet day could be guessed from it; undefined where ИИН are not
 *   masked anyway
 */
export function digestOf(value: JsonValue, key: string | undefined): string {
  return openDigest(key).update(JSON.stringify(value)).digest('hex')
}

/** The records under one key: the events of the list, or the value that should have been a list. */
export function recordsIn(value: JsonValue): readonly JsonValue[] {
  return isList(value) ? value : [value]
}

export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function openDigest(key: string | undefined): Hash | Hmac {
  return key === undefined ? createHash('sha256') : createHmac('sha256', key)
}
