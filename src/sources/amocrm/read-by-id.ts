/**
 * Tasks: their filter is not paid, and their order is that of ids. Slices of `updated_at` are read side by side, each
 * in the order of ids; see docs/extraction.md ("Tasks").
 */
import type { JsonValue } from '../../json.js'
import { everyId, idReader, idSliceSchema, idsChangedFrom } from './id-slice.js'
import { readPasses } from './passes-slice.js'
import { readSlices, slicesAt } from './read-slices.js'
import { listsOf, orderIgnored, pageLimit, type Reading, type ReadingContext, warning } from './reading.js'
import { readWays, type WayMessages } from './ways.js'

const ways = ['slices', 'every_id', 'passes'] as const
type Way = (typeof ways)[number]

export const readById: Reading = (context, given) =>
  readWays<Way>(ways, 'slices', given, (way, inner) => readOneWay(context, way, inner))

async function* readOneWay(context: ReadingContext, way: Way, inner: JsonValue): WayMessages<Way> {
  const longest = pageLimit(context.entity)
  const [list] = listsOf(context)
  if (!list) return 'done'
  if (way === 'passes') return yield* readPasses(context, list, inner)
  const begin = way === 'slices' ? idsChangedFrom(context.since, longest) : everyId(longest)
  const start = slicesAt(idSliceSchema, inner, begin)
  const outcome = yield* readSlices(context, idReader(context, list), start)
  if (outcome === 'done') return 'done'
  if (outcome === 'filter_ignored') {
    yield warning(
      'filter_ignored',
      `amoCRM ignores filter[updated_at] on ${list.path}: the whole list is read.`,
    )
    return 'every_id'
  }
  yield orderIgnored(list)
  return 'passes'
}
