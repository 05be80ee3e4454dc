/** Events: they never change, so that the history is read once, and then only its end. */
import { eventReader, eventsFrom, eventWindowSchema } from './event-window.js'
import { readSlices, slicesAt } from './read-slices.js'
import { listsOf, pageLimit, type Reading } from './reading.js'

export const readByCreatedAt: Reading = async function* (context, given) {
  const [list] = listsOf(context)
  if (!list) return
  const start = slicesAt(eventWindowSchema, given, eventsFrom(context.since, pageLimit(context.entity)))
  yield* readSlices(context, eventReader(context, list), start)
}
