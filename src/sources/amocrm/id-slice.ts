/**
 * A list in ascending order of ids by overlapped pages: whole, or a slice of its `updated_at`. An edit moves nothing in
 * this order; it can only take a record out of a slice, like a deletion. See docs/extraction.md ("Ids").
 */
import { z } from 'zod'
import { target } from './client.js'
import type { List } from './entities.js'
import { beginWalk, byId, nextPlace, stepOn, walkFrom, walkSchema } from './overlapped-pages.js'
import type { Parts, SliceReader, Taken } from './read-slices.js'
import {
  type Bounds,
  commonQuery,
  farAhead,
  pageMessage,
  type ReadingContext,
  timeOf,
  timesIn,
  updatedBetween,
} from './reading.js'
import { noTimes, shareBetween, timeSampleSchema, withTimes } from './time-sample.js'

const spanSchema = z.object({
  /** First second of the slice. */
  from: z.number(),
  /** Its last second; null: whatever is edited meanwhile stays in it. */
  to: z.number().nullable(),
  /** Of the times seen in it: where to cut it, and how much of each part has been read. */
  sample: timeSampleSchema,
})

/** What is edited so fast that it fills pages each time is left to the next extraction. */
const mostRounds = 5

export const idSliceSchema = z.object({
  /** The slice of `updated_at`, Unix seconds; null: the whole list, not filtered. */
  span: spanSchema.nullable(),
  /** Ids up to this one were read before the slice was cut out; null: none. */
  covered: z.number().nullable(),
  walk: walkSchema,
  /** How often what changed meanwhile has been read again. */
  rounds: z.number(),
})
export type IdSlice = z.infer<typeof idSliceSchema>

/** The whole list, not filtered. */
export function everyId(longest: number): IdSlice {
  return { span: null, covered: null, walk: beginWalk(longest), rounds: 0 }
}

/** Everything that changed from a second on. */
export function idsChangedFrom(from: number, longest: number): IdSlice {
  return { span: { from, to: null, sample: noTimes }, covered: null, walk: beginWalk(longest), rounds: 0 }
}

export function idReader(context: ReadingContext, list: List): SliceReader<IdSlice> {
  const { entity, since, ceiling } = context

  /** One second more on each side, since bounds may be exclusive. */
  const boundsOf = ({ span }: IdSlice): Bounds | undefined =>
    span
      ? { from: Math.max(0, span.from - 1), to: span.to === null ? farAhead(ceiling) : span.to + 1 }
      : undefined

  /**
   * A record that comes back, or is edited, while the last slice is read can come in behind what was read: what changed
   * since the beginning is read again until one page holds it, which is a look at a single instant.
   */
  const nextRound = ({ span, walk, rounds }: IdSlice, taken: readonly string[]): IdSlice | undefined => {
    if (span === null || span.to !== null || walk.pages === 0 || rounds === mostRounds) return undefined
    const again = idsChangedFrom(ceiling, walk.longest)
    return { ...again, walk: { ...again.walk, taken: [...taken] }, rounds: rounds + 1 }
  }

  return {
    ask: slice => {
      const { page, limit } = nextPlace(slice.walk)
      const bounds = boundsOf(slice)
      const query = [
        ...commonQuery({ ...entity, limit }),
        ...(bounds ? updatedBetween(bounds) : []),
        ['order[id]', 'asc'] as const,
        ['page', String(page)] as const,
      ]
      return { target: target(list.path, query), isPromised: slice.walk.pages > 0 && page > 1 }
    },

    take: (slice, page): Taken<IdSlice> => {
      const times = timesIn(page.records, 'updated_at')
      const bounds = boundsOf(slice)
      if (bounds && times.some(time => time < bounds.from || time > bounds.to)) {
        return { kind: 'disobeyed', how: 'filter_ignored' }
      }
      const step = stepOn(slice.walk, page, byId)
      if (step.isLost) return { kind: 'disobeyed', how: 'order_ignored' }
      const { span, covered } = slice
      const message = pageMessage(entity, list, page, record => {
        const time = timeOf(record, 'updated_at')
        const id = byId.key(record)
        // What lies outside the span belongs to another slice.
        if (span && time !== undefined && time < span.from && time >= since) return true
        if (span && time !== undefined && span.to !== null && time > span.to) return true
        if (covered !== null && id !== undefined && id <= covered) return true
        return step.isTaken(record)
      })
      const known = span && { ...span, sample: withTimes(span.sample, times) }
      const rest = step.rest && { ...slice, span: known, walk: step.rest }
      return { kind: 'taken', message, rest: rest ?? nextRound(slice, step.taken) }
    },

    split: ({ span, covered, walk }, idle): Parts<IdSlice> | undefined => {
      if (span === null || walk.reached === null || walk.isGuess) return undefined
      const last = span.to ?? ceiling - 1
      const first = Math.max(span.from, Math.min(...span.sample.times, last))
      // What has gone on for some pages is likely to go on for as many; a few may be the whole list.
      const count = Math.min(idle + 1, Math.floor(walk.pages / 2), last - first + 1)
      if (count < 2) return undefined
      const startOf = (part: number) =>
        part === 0 ? span.from : first + Math.floor(((last - first + 1) * part) / count)
      const read = Math.max(covered ?? walk.reached, walk.reached)
      const slices = Array.from({ length: count }, (_, part): IdSlice => {
        const [from, to] = [startOf(part), startOf(part + 1) - 1]
        const share = shareBetween(span.sample, from, to)
        // Rather a few rows twice than a page that is not joined.
        const guess = Math.max(0, Math.floor(walk.end * share - walk.longest / 4))
        return { span: { from, to, sample: noTimes }, covered: read, walk: walkFrom(walk, guess), rounds: 0 }
      })
      if (span.to !== null) return { slices }
      return { slices, tail: idsChangedFrom(ceiling, walk.longest) }
    },
  }
}
