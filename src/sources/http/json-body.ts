import type { AnswerBody } from '../../answer-body.js'
import type { JsonValue } from '../../json.js'

/** The JSON of a body that is held; undefined where it is none. */
export function jsonIn(body: AnswerBody): JsonValue | undefined {
  try {
    return Buffer.isBuffer(body) ? JSON.parse(body.toString().replace(/^\ufeff/, '')) : undefined
  } catch {
    return undefined
  }
}
