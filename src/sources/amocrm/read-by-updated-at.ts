/**
 * Leads, contacts and companies: what changed since the last extraction. Whether the list can be filtered is
 * the account's affair (a paid add-on, ignored in silence where it is off), so that nothing is believed: where
 * the rows do not obey, the next way is taken and it is said.
 */
import type { JsonValue } from '../../json.js'
import { everyId, idReader, idSliceSchema } from './id-slice.js'
import { keysetReader, keysetSliceFrom, keysetSliceSchema } from './keyset-slice.js'
import { newestReader, newestSince, newestSliceSchema } from './newest-slice.js'
import { readPasses } from './passes-slice.js'
import { readSlices, slicesAt } from './read-slices.js'
import { listsOf, orderIgnored, pageLimit, type Reading, type ReadingContext, warning } from './reading.js'
import { readWays, type WayMessages } from './ways.js'

const ways = ['keyset', 'newest', 'every_id', 'newest_after_every_id', 'passes'] as const
type Way = (typeof ways)[number]

export const readByUpdatedAt: Reading = (context, given) => {
  const { isFilterEnabled, since } = context
  const first = isFilterEnabled === false ? unfiltered(since) : 'keyset'
  return readWays<Way>(ways, first, given, (way, inner) => readOneWay(context, way, inner))
}

/** A whole list is read in the order of ids, in which edits move nothing. */
function unfiltered(since: number): Way {
  return since > 0 ? 'newest' : 'every_id'
}

async function* readOneWay(context: ReadingContext, way: Way, inner: JsonValue): WayMessages<Way> {
  const { entity, since, ceiling } = context
  const longest = pageLimit(entity)
  const [list] = listsOf(context)
  if (!list) return 'done'
  switch (way) {
    case 'keyset': {
      const start = slicesAt(keysetSliceSchema, inner, keysetSliceFrom(since))
      const outcome = yield* readSlices(context, keysetReader(context, list), start)
      if (outcome === 'done') return 'done'
      if (outcome === 'filter_ignored') {
        yield warning(
          'filter_ignored',
          `amoCRM ignores filter[updated_at] on ${list.path}, though the account does not say that the add-on is off: the list is read without it.`,
        )
        return unfiltered(since)
      }
      break
    }
    case 'newest':
    case 'newest_after_every_id': {
      const from = way === 'newest' ? since : ceiling
      const start = slicesAt(newestSliceSchema, inner, newestSince(from, longest))
      const outcome = yield* readSlices(context, newestReader(context, list, way !== 'newest'), start)
      if (outcome === 'done') return 'done'
      break
    }
    case 'every_id': {
      const start = slicesAt(idSliceSchema, inner, everyId(longest))
      const messages = readSlices(context, idReader(context, list), start)
      let answers = 0
      let step = await messages.next()
      for (; !step.done; step = await messages.next()) {
        if (step.value.type === 'answer') answers += 1
        yield step.value
      }
      // A list of one page was seen whole at one instant.
      if (step.value === 'done') return inner === null && answers === 1 ? 'done' : 'newest_after_every_id'
      break
    }
    case 'passes':
      return yield* readPasses(context, list, inner)
  }
  yield orderIgnored(list)
  return 'passes'
}
