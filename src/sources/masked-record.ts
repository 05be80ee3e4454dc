import { isJsonObject, type JsonValue } from '../json.js'
import { jsonText } from '../json-text.js'

const hidden = '***'
/** A kept text is a technical word or a time; anything longer could be somebody's. */
const longestKept = 40
const hasManyDigits = /\d{7}/

/**
 * A record as JSON text for `meta.rejects`: its shape, and the values of the named technical keys. Every other
 * text and number could be personal and becomes `***`; the original stays in the archive.
 */
export function maskedRecord(record: JsonValue, keptKeys: ReadonlySet<string>): string {
  return jsonText(masked(record, keptKeys, undefined))
}

function masked(value: JsonValue, kept: ReadonlySet<string>, key: string | undefined): JsonValue {
  if (Array.isArray(value)) return value.map(item => masked(item, kept, undefined))
  if (isJsonObject(value)) {
    // Keys are the source's words, but an ИИН may be one.
    const entries = Object.entries(value).map(([name, item]) => [maskedKey(name), masked(item, kept, name)])
    return Object.fromEntries(entries)
  }
  if (value === null || typeof value === 'boolean') return value
  if (typeof value !== 'string' && typeof value !== 'number') return hidden
  const isKept = key !== undefined && kept.has(key)
  if (typeof value === 'number') return isKept ? value : hidden
  return isKept && value.length <= longestKept && !hasManyDigits.test(value) ? value : hidden
}

function maskedKey(name: string): string {
  return name.length <= longestKept && !hasManyDigits.test(name) ? name : hidden
}
