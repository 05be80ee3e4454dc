/**
 * Offset paging that cannot skip: the next request starts a few rows before the end of what was read, and the answer
 * must prove that it is joined to it; if it is not (deletions have moved things up), further back. Why this misses
 * nothing is told in docs/extraction.md ("Overlapped pages").
 */
import { z } from 'zod'
import type { JsonValue } from '../../json.js'
import type { Page } from './client.js'
import { isAscending, nameOf, timeOf, versionOf } from './reading.js'

export const walkSchema = z.object({
  /** So many rows of the list had been read, as it stood at the last answer. */
  end: z.number(),
  /** The next request starts so many rows before the end. */
  back: z.number(),
  /** Whether the end is only a guess: then the first answer may be far from joined. */
  isGuess: z.boolean(),
  /** The longest page that the server gives. */
  longest: z.number(),
  /** The key of the last row that was read; null where there is none. */
  reached: z.number().nullable(),
  /** The versions on the page that reached it. */
  seam: z.array(z.string()),
  /** The versions read last, which can come again. */
  taken: z.array(z.string()),
  /** Answers so far. */
  pages: z.number(),
  /** Answers in a row that led no further. */
  stalled: z.number(),
})
/** How far a list has been read. JSON: it is its own cursor. */
export type Walk = z.infer<typeof walkSchema>

/** The order in which a list is expected. */
export interface WalkOrder {
  /** A number that never falls along the list; undefined where the record, or the list, has none. */
  readonly key: (record: JsonValue) => number | undefined
  /** Whether no two records have the same key. */
  readonly isUnique: boolean
}

/** Ascending ids. */
export const byId: WalkOrder = { key: idOf, isUnique: true }
/** The newest change first. */
export const newestFirst: WalkOrder = {
  key: record => {
    const time = timeOf(record, 'updated_at')
    return time === undefined ? undefined : -time
  },
  isUnique: false,
}
/** Some order that is the same from request to request. */
export const unknownOrder: WalkOrder = { key: () => undefined, isUnique: false }

/** So many versions are remembered, so that what comes again within a few pages is not taken twice. */
const remembered = 1000
/** So many answers in a row that lead no further are enough. */
const mostStalled = 50

/** @param longest records a page at most; 250 */
export function beginWalk(longest: number): Walk {
  return {
    end: 0,
    back: 0,
    isGuess: false,
    longest,
    reached: null,
    seam: [],
    taken: [],
    pages: 0,
    stalled: 0,
  }
}

/**
 * Reads on in a part of the list that was walked: what was reached is reached in the part too.
 * @param guess how many rows of the part have been read, about
 */
export function walkFrom(walk: Walk, guess: number): Walk {
  const { longest, reached, taken } = walk
  return { ...beginWalk(longest), end: guess, back: usualOverlap(longest), isGuess: true, reached, taken }
}

/** Where to read on. */
export interface Place {
  /** From 1. */
  readonly page: number
  readonly limit: number
}

/** The rows before a place. */
function offsetOf({ page, limit }: Place): number {
  return (page - 1) * limit
}

/** A few rows, so that a few deletions between two requests do no harm. */
function usualOverlap(longest: number): number {
  return Math.ceil(longest / 50)
}

/**
 * The page that starts at least `back` rows before the end and leads furthest. Pages start at multiples of their
 * length: among lengths a little below the longest one there is nearly always one that fits.
 */
export function nextPlace({ end, back, longest }: Pick<Walk, 'end' | 'back' | 'longest'>): Place {
  const start = Math.max(0, end - back)
  let best: Place = { page: 1, limit: longest }
  for (let limit = longest; limit >= Math.max(1, Math.floor(longest * 0.8) - 4); limit -= 1) {
    const place = { page: Math.floor(start / limit) + 1, limit }
    if (offsetOf(place) + limit > offsetOf(best) + best.limit) best = place
  }
  return best
}

/** What a page of a walk came to. */
export interface Step {
  /** Whether it is joined to what was read before, so that nothing lies between. */
  readonly isJoined: boolean
  /** Tells what the walk has already taken. */
  readonly isTaken: (record: JsonValue) => boolean
  /** What is remembered of the versions taken, this page's among them. */
  readonly taken: readonly string[]
  /** The order was not obeyed, or the walk leads nowhere. */
  readonly isLost: boolean
  /** How to go on; undefined at the end of the list. */
  readonly rest: Walk | undefined
}

/** Judges the page that came for {@link nextPlace}. */
export function stepOn(walk: Walk, page: Page, order: WalkOrder): Step {
  const asked = nextPlace(walk)
  const { records } = page
  const keys = records.flatMap(record => order.key(record) ?? [])
  const seam = new Set(walk.seam)
  const isJoined =
    offsetOf(asked) === 0 ||
    records.some(record => seam.has(versionOf(record))) ||
    isBefore(keys, walk, order)
  const taken = new Set(walk.taken)
  const versions = records.map(versionOf)
  const stalled = leadsOn(keys, versions, walk, taken) ? 0 : walk.stalled + 1
  const isInOrder = isAscending(keys)
  const known = [...new Set([...walk.taken, ...versions])].slice(-remembered)
  const common = { ...walk, pages: walk.pages + 1, stalled, taken: known }
  const judged = { isJoined, isTaken: (record: JsonValue) => taken.has(versionOf(record)), taken: known }
  const isLost = !isInOrder || stalled > mostStalled
  if (!isJoined) {
    const rest = walk.isGuess
      ? { ...common, end: Math.floor(walk.end / 2) }
      : { ...common, back: Math.max(1, walk.back) * 2 }
    return { ...judged, isLost, rest }
  }
  if (page.next === undefined) return { ...judged, isLost, rest: undefined }
  const reached = keys.at(-1) ?? null
  const isFurther = walk.reached === null || reached === null || reached >= walk.reached
  const rest: Walk = {
    ...common,
    end: offsetOf(asked) + records.length,
    back: usualOverlap(walk.longest),
    isGuess: false,
    // A page that is much shorter than asked for, and not the last: a longer one is not to be had.
    longest: records.length > 0 && records.length < asked.limit / 2 ? records.length : walk.longest,
    reached: isFurther ? (reached ?? walk.reached) : walk.reached,
    seam: isFurther ? versions : walk.seam,
  }
  return { ...judged, isLost: isLost || !canGoOn(rest), rest }
}

/**
 * Whether the page begins with exactly the rows at which the one before ended, and repeats no other: so it does while
 * the list stands still.
 */
export function isAsExpected(walk: Walk, page: Page): boolean {
  const overlap = Math.min(walk.end - offsetOf(nextPlace(walk)), walk.seam.length)
  const versions = page.records.map(versionOf)
  const expected = overlap > 0 ? walk.seam.slice(-overlap) : []
  return expected.every((version, index) => versions[index] === version)
}

/** Whether some page starts before the end and ends behind it: not always, where pages are very short. */
function canGoOn(walk: Walk): boolean {
  const place = nextPlace(walk)
  return offsetOf(place) + place.limit > walk.end
}

/** Whether the page starts before what was reached, so that what it holds is joined to it. */
function isBefore(keys: readonly number[], { reached }: Walk, { isUnique }: WalkOrder): boolean {
  const [first] = keys
  if (first === undefined || reached === null) return false
  return isUnique ? first <= reached : first < reached
}

function leadsOn(
  keys: readonly number[],
  versions: readonly string[],
  { reached }: Walk,
  taken: ReadonlySet<string>,
): boolean {
  const last = keys.at(-1)
  if (last !== undefined && (reached === null || last > reached)) return true
  return versions.some(version => !taken.has(version))
}

function idOf(record: JsonValue): number | undefined {
  const name = nameOf(record)
  const id = Number(name)
  return Number.isSafeInteger(id) && String(id) === name ? id : undefined
}
