/**
 * A list that cannot be filtered (the add-on is off): the newest change first, by overlapped pages, until what was
 * read before. See docs/extraction.md ("The newest change first").
 */
import { z } from 'zod'
import { target } from './client.js'
import type { List } from './entities.js'
import { beginWalk, newestFirst, nextPlace, stepOn, walkSchema } from './overlapped-pages.js'
import type { SliceReader, Taken } from './read-slices.js'
import { commonQuery, pageMessage, type ReadingContext, timeOf, timesIn } from './reading.js'

/** What is edited so fast that it fills pages each time is left to the next extraction. */
const mostRounds = 5

export const newestSliceSchema = z.object({
  /** What changed before is not wanted. Unix seconds. */
  since: z.number(),
  walk: walkSchema,
  /** How often it has been read again. */
  rounds: z.number(),
})
export type NewestSlice = z.infer<typeof newestSliceSchema>

export function newestSince(since: number, longest: number): NewestSlice {
  return { since, walk: beginWalk(longest), rounds: 0 }
}

/** @param isTail whether another way has read what changed before `since` */
export function newestReader(
  { entity }: ReadingContext,
  list: List,
  isTail: boolean,
): SliceReader<NewestSlice> {
  return {
    ask: ({ walk }) => {
      const { page, limit } = nextPlace(walk)
      const query = [
        ...commonQuery({ ...entity, limit }),
        ['order[updated_at]', 'desc'] as const,
        ['page', String(page)] as const,
      ]
      return { target: target(list.path, query), isPromised: page > 1 }
    },
    take: (slice, page): Taken<NewestSlice> => {
      const step = stepOn(slice.walk, page, newestFirst)
      if (step.isLost) return { kind: 'disobeyed', how: 'order_ignored' }
      const message = pageMessage(entity, list, page, record => {
        const time = timeOf(record, 'updated_at')
        return (isTail && time !== undefined && time < slice.since) || step.isTaken(record)
      })
      const oldest = timesIn(page.records, 'updated_at').at(-1)
      const isThrough = step.isJoined && oldest !== undefined && oldest < slice.since
      if (step.rest && !isThrough) return { kind: 'taken', message, rest: { ...slice, walk: step.rest } }
      return { kind: 'taken', message, rest: isTail ? nextRound(slice, step.taken) : undefined }
    },
  }
}

/** What came to the top while several pages were read: again, until one page, a single instant, holds it all. */
function nextRound({ since, walk, rounds }: NewestSlice, taken: readonly string[]): NewestSlice | undefined {
  if (walk.pages === 0 || rounds === mostRounds) return undefined
  const again = newestSince(since, walk.longest)
  return { ...again, walk: { ...again.walk, taken: [...taken] }, rounds: rounds + 1 }
}
