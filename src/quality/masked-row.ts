import { isJsonObject, type JsonValue } from '../json.js'
import { jsonText } from '../json-text.js'
import type { Row } from '../warehouse/engine.js'
import type { Check } from './check.js'

/** A day, a moment or a wall-clock time, and nothing after it. */
const time = /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?)?$/
const hash = /^[0-9a-f]{64}$/
const loadId = /^[a-z0-9_]+-[a-z0-9_]+-\d{8}T\d{6}Z-[0-9a-f]+(-[a-z]+)?$/
const email = /[^\s@,;<>"']+(?:@|\\u0040|%40)[^\s@,;<>"']+/gi
const longNumber = /\+?\d(?:[ ()\-.\u00a0]{0,3}\d){8,}/g
const idName = /(^|_)ids?$/
const longestText = 500

/**
 * A failing row as JSON text for `meta.check_failures`. Silver and gold are masked already; a check of the user's may
 * read Bronze, so that whatever looks like an ИИН, a phone or an e-mail is covered here.
 */
export function maskedRow(row: Row, { isOwn }: Pick<Check, 'isOwn'>): string {
  return jsonText(masked(row, { isOwn, isId: false }))
}

interface Place {
  /** Built-in checks return no personal number as a number; what one of the user's returns is not known. */
  readonly isOwn: boolean
  /** Whether the column is called an id: ids of amoCRM are as long as some numbers of persons. */
  readonly isId: boolean
}

function masked(value: JsonValue, place: Place): JsonValue {
  if (Array.isArray(value)) return value.map(item => masked(item, place))
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, masked(item, { ...place, isId: idName.test(key) })]),
    )
  }
  if (typeof value === 'number') {
    const text = maskedText(String(value))
    return place.isOwn && !place.isId && text !== String(value) ? text : value
  }
  return typeof value === 'string' ? maskedText(value) : value
}

/** A text without numbers of nine or more digits and without e-mail addresses, cut where it is long. */
export function maskedText(text: string): string {
  if (time.test(text) || hash.test(text) || loadId.test(text)) return text
  const isLong = text.length > longestText
  // What is cut in two might not be known for what it is: the last word and the digits before it go, too.
  const shown = isLong
    ? text
        .slice(0, longestText)
        .replace(/\S*$/, '')
        .replace(/[\d\s+().-]*$/, '')
    : text
  const masked = shown
    .replace(email, '***')
    .replace(longNumber, found => `${'*'.repeat(8)}${found.replace(/\D/g, '').slice(-4)}`)
  return isLong ? `${masked}…` : masked
}
