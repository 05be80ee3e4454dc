/**
 * The order of millions of records in eight bytes each: the key (an unsigned 32-bit number, such as Unix seconds)
 * above the record's ordinal, in one array of 64-bit words that the engine sorts natively.
 */
export interface SortedIndex {
  readonly size: number
  keyAt(position: number): number
  ordinalAt(position: number): number
  /** How many entries have a smaller key. */
  countBelow(key: number): number
  /** Where an entry stands, or -1. */
  positionOf(key: number, ordinal: number): number
}

/** Takes one entry: its key and its ordinal, both from 0 to 2^32 - 1. */
export type Push = (key: number, ordinal: number) => void

// The two halves of a word, as the processor stores them.
const isLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1
const lowHalf = isLittleEndian ? 0 : 1
const highHalf = isLittleEndian ? 1 : 0

/**
 * Builds an index, ascending by key and, within a key, by ordinal.
 * @param fill pushes every entry once, in any order
 * @param expected how many entries there will be, roughly; only speed depends on it
 */
export function sortedIndex(expected: number, fill: (push: Push) => void): SortedIndex {
  let halves = new Uint32Array(2 * Math.max(16, Math.ceil(expected)))
  let size = 0
  fill((key, ordinal) => {
    if (2 * size === halves.length) {
      const grown = new Uint32Array(2 * Math.ceil(size * 1.25))
      grown.set(halves)
      halves = grown
    }
    halves[2 * size + lowHalf] = ordinal
    halves[2 * size + highHalf] = key
    size += 1
  })
  if (2 * size < halves.length) halves = halves.slice(0, 2 * size)
  new BigUint64Array(halves.buffer).sort()

  const keyAt = (position: number) => halves[2 * position + highHalf] ?? 0
  const ordinalAt = (position: number) => halves[2 * position + lowHalf] ?? 0
  const firstPosition = (isBefore: (position: number) => boolean) => {
    let low = 0
    let high = size
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBefore(middle)) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    size,
    keyAt,
    ordinalAt,
    countBelow: key => firstPosition(position => keyAt(position) < key),
    positionOf: (key, ordinal) => {
      const position = firstPosition(at => keyAt(at) < key || (keyAt(at) === key && ordinalAt(at) < ordinal))
      return position < size && keyAt(position) === key && ordinalAt(position) === ordinal ? position : -1
    },
  }
}

export const emptyIndex: SortedIndex = sortedIndex(0, () => {})
