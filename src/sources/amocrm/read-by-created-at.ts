/** Events: they never change, so that the history is read once, and then only its end. */
import type { JsonValue } from '../../json.js'
import { eventFilter, eventReader, eventsFrom, eventWindowSchema } from './event-window.js'
import { readPasses } from './passes-slice.js'
import { readSlices, slicesAt } from './read-slices.js'
import { farAhead, listsOf, orderIgnored, pageLimit, type Reading, type ReadingContext } from './reading.js'
import { readWays, type WayMessages } from './ways.js'

const ways = ['windows', 'passes'] as const
type Way = (typeof ways)[number]

export const readByCreatedAt: Reading = (context, given) =>
  readWays<Way>(ways, 'windows', given, (way, inner) => readOneWay(context, way, inner))

async function* readOneWay(context: ReadingContext, way: Way, inner: JsonValue): WayMessages<Way> {
  const { entity, since, ceiling, eventTypes } = context
  const [list] = listsOf(context)
  if (!list) return 'done'
  if (way === 'passes') {
    const bounds = { from: Math.max(0, since - 1), to: farAhead(ceiling) }
    return yield* readPasses(context, list, inner, eventFilter(bounds, eventTypes))
  }
  const start = slicesAt(eventWindowSchema, inner, eventsFrom(since, pageLimit(entity)))
  const outcome = yield* readSlices(context, eventReader(context, list), start)
  if (outcome === 'done') return 'done'
  yield orderIgnored(list)
  return 'passes'
}
