import { isJsonObject, type JsonValue } from '../json.js'
import { jsonText } from '../json-text.js'
import type { Row } from '../warehouse/engine.js'

const day = /^\d{4}-\d\d-\d\d([ T].*)?$/
const hash = /^[0-9a-f]{64}$/
const loadId = /^[a-z0-9_]+-[a-z0-9_]+-\d{8}T\d{6}Z-[0-9a-f]+(-[a-z]+)?$/
const email = /[^\s@,;<>"']+@[^\s@,;<>"']+/g
const longNumber = /\+?\d(?:[ ()\-.]?\d){8,}/g
const largestId = 2 ** 31 - 1

/**
 * A failing row as JSON text for `meta.check_failures`. Silver and gold are masked already; a check of the user's may
 * read Bronze, so that whatever looks like an ИИН, a phone or an e-mail is covered here.
 */
export function maskedRow(row: Row): string {
  return jsonText(masked(row))
}

function masked(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(masked)
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item)]))
  if (typeof value === 'number') return Math.abs(value) > largestId ? maskedText(String(value)) : value
  return typeof value === 'string' ? maskedText(value) : value
}

/** A text without numbers of nine or more digits and without e-mail addresses. */
export function maskedText(text: string): string {
  if (day.test(text) || hash.test(text) || loadId.test(text)) return text
  return text
    .replace(email, '***')
    .replace(longNumber, found => `${'*'.repeat(8)}${found.replace(/\D/g, '').slice(-4)}`)
}
