/** Where a column's value stands in a record, when it is not simply under the column's name. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../json.js'
import { jsonText } from '../../json-text.js'

/** Takes the value out of a record; undefined and null both become NULL. */
export interface Field {
  (record: JsonObject): JsonValue | undefined
  /** Where it takes it from: a field, or one of a nested object after a dot. */
  readonly path: string
}

/** The JSON text of a list in `_embedded`. */
export function embedded(name: string): Field {
  return field(`_embedded.${name}`, record => {
    const lists = record._embedded
    return asJson(isJsonObject(lists) ? lists[name] : undefined)
  })
}

/** The JSON text of whatever stands under the name. */
export function json(name: string): Field {
  return field(name, record => asJson(record[name]))
}

/** A value further down: `inside('rights', 'is_admin')`. */
export function inside(outer: string, inner: string): Field {
  return field(`${outer}.${inner}`, record => {
    const object = record[outer]
    return isJsonObject(object) ? object[inner] : undefined
  })
}

/** The text of a task's result, which is `[]` where there is none. */
export const resultText: Field = field('result', ({ result }) => {
  if (Array.isArray(result) && result.length === 0) return null
  return isJsonObject(result) ? result.text : result
})

function field(path: string, take: (record: JsonObject) => JsonValue | undefined): Field {
  return Object.assign((record: JsonObject) => take(record), { path })
}

function asJson(value: JsonValue | undefined): string | null {
  return value === undefined || value === null ? null : jsonText(value)
}
