import type { SortedIndex } from './sorted-index.js'

/** A record as a collection knows it: an ordinal of the base (0 and up), or `-1 - slot` of the overlay. */
export type Ref = number

/** The order of a collection: that of its base, without what was edited, with the overlay merged in. */
export interface MergedOrder {
  readonly size: number
  /** What stands at a rank from 0 to size - 1. */
  at(rank: number): Ref
  /** How many records have a smaller key. */
  countBelow(key: number): number
}

/** An edited or added record in its place. */
export interface OverlayEntry {
  readonly key: number
  readonly ref: Ref
}

/** The number of members for which the test, true for a first part of the list, holds. */
function countWhile(size: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = size
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Merges without copying the base: finding a rank takes O(log² n), whatever was edited.
 * @param removed positions of the base that no longer count, ascending
 * @param overlay ascending by key; among equal keys it stands after the base
 */
export function mergedOrder(
  base: SortedIndex,
  removed: readonly number[],
  overlay: readonly OverlayEntry[],
): MergedOrder {
  const removedBefore = (position: number) =>
    countWhile(removed.length, index => (removed[index] ?? 0) < position)
  const left = (position: number) => position - removedBefore(position)
  const overlayRanks = overlay.map((entry, index) => left(base.countBelow(entry.key + 1)) + index)

  return {
    size: base.size - removed.length + overlay.length,
    at: rank => {
      const before = countWhile(overlayRanks.length, index => (overlayRanks[index] ?? 0) < rank)
      const entry = overlay[before]
      if (entry && overlayRanks[before] === rank) return entry.ref
      const wanted = rank - before
      // The last position with `wanted` counting positions before it is the one that itself counts.
      const position = removed.length === 0 ? wanted : countWhile(base.size, at => left(at + 1) <= wanted)
      return base.ordinalAt(position)
    },
    countBelow: key =>
      left(base.countBelow(key)) + countWhile(overlay.length, index => (overlay[index]?.key ?? 0) < key),
  }
}
