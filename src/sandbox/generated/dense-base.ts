import type { JsonObject, JsonValue } from '../../json.js'
import type { Base, Place, SortField } from '../world/collection.js'
import { type SortedIndex, sortedIndex } from '../world/sorted-index.js'

/** Ids that grow with the ordinal and leave gaps, as a real account's do. */
export interface Ids {
  idOf(ordinal: number): number
  ordinalOf(id: number | string): number | undefined
}

/** `first`, `first + step`, … for so many records. */
export function spacedIds(count: number, first: number, step: number): Ids {
  return {
    idOf: ordinal => first + step * ordinal,
    ordinalOf: id => {
      const ordinal = (Number(id) - first) / step
      return Number.isInteger(ordinal) && ordinal >= 0 && ordinal < count ? ordinal : undefined
    },
  }
}

/** A base whose ordinals are 0 to count - 1; its orders are made when first asked for, and kept. */
export function denseBase(parts: {
  readonly count: number
  readonly ids: Ids
  readonly placeOf: (ordinal: number) => Place
  readonly key: (ordinal: number, field: SortField) => number
  readonly peek?: (ordinal: number, field: string) => JsonValue | undefined
  readonly record: (ordinal: number) => JsonObject
}): Base {
  const { count, ids, placeOf, key } = parts
  const indexes = new Map<string, SortedIndex>()
  return {
    index: (place, field) => {
      const name = `${place} ${field}`
      const known = indexes.get(name)
      if (known) return known
      const made = sortedIndex(place === 'list' ? count : count / 20, push => {
        for (let ordinal = 0; ordinal < count; ordinal += 1) {
          if (placeOf(ordinal) === place) push(key(ordinal, field), ordinal)
        }
      })
      indexes.set(name, made)
      return made
    },
    ordinalOf: ids.ordinalOf,
    placeOf,
    key,
    peek: (ordinal, field) =>
      field === 'id' ? ids.idOf(ordinal) : parts.peek ? parts.peek(ordinal, field) : undefined,
    record: parts.record,
  }
}
