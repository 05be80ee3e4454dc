import { isJsonObject, type JsonValue } from './json.js'

/**
 * The value with every string made well-formed Unicode: a lone surrogate becomes U+FFFD. JSON may hold
 * `"\ud800"`, and the JSON readers of the engines refuse it, with the whole file.
 */
export function wellFormed(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(wellFormed)
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key.toWellFormed(), wellFormed(item)]),
    )
  }
  return value
}

/** The value as compact JSON text that every engine can read; see {@link wellFormed}. */
export function jsonText(value: JsonValue | object): string {
  const text = JSON.stringify(value)
  // Only an escaped surrogate can be a lone one: a pair is written as it is. The walk is rarely needed.
  return /\\ud[89a-f]/i.test(text) ? JSON.stringify(wellFormed(JSON.parse(text))) : text
}
