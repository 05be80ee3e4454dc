/**
 * A slice of `updated_at`, read by keyset paging: page 1 again and again, from the last time seen. Why this misses
 * nothing is told in docs/extraction.md ("Keyset paging"). Times are Unix seconds.
 */
import { z } from 'zod'
import type { JsonValue } from '../../json.js'
import { target } from './client.js'
import { afterPassPage, crowdSchema, firstPass, mostPasses, type PassOutcome } from './crowded-second.js'
import type { List } from './entities.js'
import type { Parts, SliceReader, Taken } from './read-slices.js'
import {
  commonQuery,
  farAhead,
  isAscending,
  nameOf,
  pageMessage,
  type ReadingContext,
  timeOf,
  timesIn,
  updatedBetween,
  warning,
} from './reading.js'

export const keysetSliceSchema = z.object({
  /** The last second of the slice; null: the list is read to its end, whatever happens meanwhile. */
  to: z.number().nullable(),
  /** What lies before this second has been taken. */
  at: z.number(),
  /** Whether the lower bound was seen to belong to what is found. */
  isInclusive: z.boolean(),
  /** The versions taken that can come again: name, and time where it has one. */
  taken: z.array(z.tuple([z.string(), z.number().nullable()])),
  /** Set while `at` is a second that fills more than a page. */
  crowd: crowdSchema.nullable(),
  /** Answers so far. */
  pages: z.number(),
})
export type KeysetSlice = z.infer<typeof keysetSliceSchema>

/** Everything from a second on. */
export function keysetSliceFrom(at: number): KeysetSlice {
  return { to: null, at, isInclusive: false, taken: [], crowd: null, pages: 0 }
}

export function keysetReader(context: ReadingContext, list: List): SliceReader<KeysetSlice> {
  const { entity, since, ceiling } = context

  /** What is asked for: one second more on each side, since bounds may be exclusive. */
  const boundsOf = ({ to, at, isInclusive, crowd }: KeysetSlice) => {
    if (crowd) return { from: crowd.from, to: at + 1 }
    return { from: lowest(at, isInclusive), to: to === null ? farAhead(ceiling) : to + 1 }
  }

  const messageOf = (slice: KeysetSlice, page: Parameters<typeof pageMessage>[2]) => {
    const taken = new Map(slice.taken)
    const last = slice.crowd ? slice.at : (slice.to ?? Number.POSITIVE_INFINITY)
    const isRepeated = (record: JsonValue): boolean => {
      const [name, time] = [nameOf(record), timeOf(record, 'updated_at') ?? null]
      // What is earlier has been taken, what is later belongs to another request or slice.
      if (time !== null && ((time < slice.at && time >= since) || time > last)) return true
      if (taken.has(name) && taken.get(name) === time) return true
      taken.set(name, time)
      return false
    }
    const message = pageMessage(entity, list, page, isRepeated)
    return { message, taken }
  }

  return {
    ask: slice => {
      const query = [
        ...commonQuery(entity),
        ...updatedBetween(boundsOf(slice)),
        ['order[updated_at]', 'asc'] as const,
        ['page', String(slice.crowd?.page ?? 1)] as const,
      ]
      const asked = { target: target(list.path, query), isPromised: slice.taken.length > 0 }
      return slice.crowd?.mustWait ? { ...asked, waitMs: 1000 } : asked
    },

    take: (slice, page): Taken<KeysetSlice> => {
      const asked = boundsOf(slice)
      const times = timesIn(page.records, 'updated_at')
      if (times.some(time => time < asked.from || time > asked.to)) {
        return { kind: 'disobeyed', how: 'filter_ignored' }
      }
      if (!isAscending(times)) return { kind: 'disobeyed', how: 'order_ignored' }
      const isInclusive = slice.isInclusive || times.includes(asked.from)
      const { message, taken } = messageOf(slice, page)
      const going = (change: Partial<KeysetSlice>): KeysetSlice => {
        const at = change.at ?? slice.at
        const kept = [...taken].filter(([, time]) => time === null || time >= at - 1)
        return { ...slice, isInclusive, taken: kept, pages: slice.pages + 1, ...change }
      }
      const isBeyond = (at: number): boolean => slice.to !== null && at > slice.to

      if (slice.crowd) {
        const outcome: PassOutcome = afterPassPage(slice.crowd, slice.at, lowest(slice.at, isInclusive), page)
        if (outcome.kind === 'on') {
          return { kind: 'taken', message, rest: going({ crowd: outcome.crowd }) }
        }
        const at = slice.at + 1
        const rest = isBeyond(at) ? undefined : going({ at, crowd: null })
        if (outcome.kind === 'settled') return { kind: 'taken', message, rest }
        return { kind: 'taken', message, rest, notices: [unsettled(list)] }
      }

      const last = times.at(-1) ?? slice.at
      if (page.next === undefined || isBeyond(last)) return { kind: 'taken', message, rest: undefined }
      if (last > slice.at) return { kind: 'taken', message, rest: going({ at: last }) }
      // Only now it is known that the lower bound may be `at` itself: what lay before it filled the page.
      if (isInclusive && !slice.isInclusive) return { kind: 'taken', message, rest: going({}) }
      return { kind: 'taken', message, rest: going({ crowd: firstPass(lowest(slice.at, isInclusive)) }) }
    },

    split: (slice, idle): Parts<KeysetSlice> | undefined => {
      // What has gone on for some pages is likely to go on for as many; a single one may be the whole list.
      const wanted = Math.min(idle + 1, slice.pages)
      const last = slice.to ?? ceiling - 1
      const count = Math.min(wanted, last - slice.at + 1)
      if (slice.crowd || count < 2) return undefined
      const startOf = (part: number) => slice.at + Math.floor(((last - slice.at + 1) * part) / count)
      const slices = Array.from({ length: count }, (_, part): KeysetSlice => {
        const to = startOf(part + 1) - 1
        if (part === 0) return { ...slice, to }
        return { ...keysetSliceFrom(startOf(part)), to, isInclusive: slice.isInclusive }
      })
      if (slice.to !== null) return { slices }
      return { slices, tail: { ...keysetSliceFrom(ceiling), isInclusive: slice.isInclusive } }
    },
  }
}

/** The lower bound that finds everything from this second on. */
function lowest(at: number, isInclusive: boolean): number {
  return isInclusive ? at : Math.max(0, at - 1)
}

function unsettled(list: List) {
  return warning(
    'second_unsettled',
    `More records of ${list.path} than a page holds share one second, and they kept changing while it was read ${mostPasses} times: the sweep over all ids will tell what is missing.`,
  )
}
