/**
 * Chance without state: the answer to "what does the dice say about record 17, question 3" is always the same
 * for one seed, so that any record can be made on demand, in any order, and nothing need be kept.
 */

/** A number in [0, 1) for a record and a question about it. */
export type Draw = (ordinal: number, question: number) => number

/**
 * @param seed the world's seed
 * @param stream what the draws are about; two streams of one seed know nothing of each other
 */
export function drawing(seed: number, stream: number): Draw {
  const start = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(stream + 1, 0xc2b2ae35)
  return (ordinal, question) => {
    let hash = start ^ Math.imul(ordinal + 0x7f4a7c15, 0x9e3779b1)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash ^= Math.imul(question + 1, 0xc2b2ae35)
    hash = Math.imul(hash ^ (hash >>> 13), 0x27d4eb2f)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    hash ^= hash >>> 16
    return (hash >>> 0) / 4_294_967_296
  }
}

/** The streams of the generated world, so that no two parts share one by accident. */
export const Stream = {
  lead: 1,
  contact: 2,
  company: 3,
  task: 4,
  person: 5,
  visit: 6,
  gateDay: 7,
  relation: 8,
  fault: 10,
  event: 11,
  life: 12,
  arm: 13,
} as const

/** An integer in [0, below) for a fraction in [0, 1). */
export function integer(fraction: number, below: number): number {
  return Math.floor(fraction * below)
}

/** The member of a list, which must not be empty, that a fraction in [0, 1) points at. */
export function pick<Item>(items: readonly Item[], fraction: number): Item {
  const item = items[integer(fraction, items.length)]
  if (item === undefined) throw new RangeError('There is nothing to pick from.')
  return item
}
