/** The same within JSON: in every text, in every number that is no technical one, and in names of members. */
import { isJsonObject, type JsonValue } from '../json.js'
import type { ErasedPeople } from './erased-people.js'
import { type LookOptions, withoutMarks } from './marks-in-text.js'

/** Numbers under these names are ids and times, which only look like somebody's number. */
const technicalName = /^id$|_(?:id|at|by|till)$/

/**
 * The value without what it says of erased people; the value itself where it says nothing. A number becomes null,
 * since a column of numbers holds no stars.
 * @param name under which the value stands
 */
export function jsonWithoutMarks(
  value: JsonValue,
  erased: ErasedPeople,
  look: LookOptions,
  name = '',
): JsonValue {
  if (typeof value === 'string') return withoutMarks(value, erased, look)
  if (typeof value === 'number') {
    if (technicalName.test(name)) return value
    const text = String(value)
    return withoutMarks(text, erased, look) === text ? value : null
  }
  if (Array.isArray(value)) {
    const items = value.map(item => jsonWithoutMarks(item, erased, look, name))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  if (!isJsonObject(value)) return value
  let isChanged = false
  const entries = Object.entries(value).map(([key, item]) => {
    const [newKey, newItem] = [withoutMarks(key, erased, look), jsonWithoutMarks(item, erased, look, key)]
    if (newKey !== key || newItem !== item) isChanged = true
    return [newKey, newItem] as const
  })
  return isChanged ? Object.fromEntries(entries) : value
}
