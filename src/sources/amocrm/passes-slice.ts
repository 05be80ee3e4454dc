/**
 * A list of which nothing is known but its pages: read whole, in passes, until two successive passes have brought the
 * same. See docs/extraction.md ("Passes").
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { ExtractionMessage } from '../../extraction.js'
import type { JsonValue } from '../../json.js'
import { target } from './client.js'
import type { List } from './entities.js'
import { readSlices, type SliceReader, slicesAt, type Taken } from './read-slices.js'
import {
  commonQuery,
  nameOf,
  pageMessage,
  type Query,
  type ReadingContext,
  timeOf,
  warning,
} from './reading.js'

export const passesSliceSchema = z.object({
  /** Index of the list. */
  list: z.number(),
  /** Path and query of the page that comes next; null for the first. */
  next: z.string().nullable(),
  /** Of everything that this pass has brought. */
  digest: z.string(),
  /** Of the pass before; null where there was none. */
  previous: z.string().nullable(),
  /** Passes before this one. */
  passes: z.number(),
  /** The versions taken: name, and what tells its versions apart. */
  taken: z.array(z.tuple([z.string(), z.string()])),
})
export type PassesSlice = z.infer<typeof passesSliceSchema>

/** A list that still changes after so many passes is left as it is, and that is said. */
const mostPasses = 10
/** So many versions are remembered; further ones are kept each time, and loading drops what has not changed. */
const remembered = 20_000

export function passesOver(list: number): PassesSlice {
  return { list, next: null, digest: '', previous: null, passes: 0, taken: [] }
}

/**
 * @param stampOf what tells the versions of a record apart
 * @param filter what is asked for besides `with` and `limit`
 */
export function passesReader(
  { entity }: ReadingContext,
  lists: readonly List[],
  stampOf: (record: JsonValue) => string,
  filter: Query = [],
): SliceReader<PassesSlice> {
  const listOf = ({ list }: PassesSlice): List => {
    const found = lists[list]
    if (!found) throw new Error(`there is no list ${list}`)
    return found
  }
  return {
    ask: slice => ({
      target: slice.next ?? target(listOf(slice).path, [...commonQuery(entity), ...filter]),
      isPromised: slice.next !== null || slice.passes > 0,
    }),
    take: (slice, page): Taken<PassesSlice> => {
      const taken = new Map(slice.taken)
      let { digest } = slice
      const message = pageMessage(entity, listOf(slice), page, record => {
        const [name, stamp] = [nameOf(record), stampOf(record)]
        digest = createHash('sha256').update(`${digest} ${name} ${stamp}`).digest('base64').slice(0, 22)
        if (taken.get(name) === stamp) return true
        if (taken.has(name) || taken.size < remembered) taken.set(name, stamp)
        return false
      })
      const going = { ...slice, taken: [...taken] }
      if (page.next !== undefined) {
        return { kind: 'taken', message, rest: { ...going, next: page.next, digest } }
      }
      // One page is a whole look at a single instant.
      const isSettled = slice.next === null || digest === slice.previous
      if (isSettled) return { kind: 'taken', message, rest: undefined }
      const passes = slice.passes + 1
      if (passes < mostPasses) {
        const rest = { ...going, next: null, digest: '', previous: digest, passes }
        return { kind: 'taken', message, rest }
      }
      const notice = warning(
        'list_unsettled',
        `${listOf(slice).path} kept changing while it was read ${mostPasses} times: the sweep over all ids will tell what is missing.`,
      )
      return { kind: 'taken', message, rest: undefined, notices: [notice] }
    },
  }
}

/** Tells versions of records apart that have no time: by all that they say. */
export function contentDigest(record: JsonValue): string {
  return createHash('sha256').update(JSON.stringify(record)).digest('base64').slice(0, 22)
}

/** A list whose records have an `updated_at` or never change, and which comes in no order that can be used. */
export async function* readPasses(
  context: ReadingContext,
  list: List,
  given: JsonValue,
  filter: Query = [],
): AsyncGenerator<ExtractionMessage, 'done', undefined> {
  const stampOf = (record: JsonValue): string => String(timeOf(record, 'updated_at') ?? '')
  const start = slicesAt(passesSliceSchema, given, passesOver(0))
  yield* readSlices(context, passesReader(context, [list], stampOf, filter), start)
  return 'done'
}
