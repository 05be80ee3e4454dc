/**
 * A list in the order of its ids, page after page. An edit moves nothing in this order and a new record comes
 * last, so that neither loses a row; the upper bound lies far enough ahead that an edit does not take a
 * record out of the list while it is read.
 */
import { z } from 'zod'
import { target } from './client.js'
import {
  commonQuery,
  pageMessage,
  pagesFrom,
  type Query,
  type Reading,
  type ReadingContext,
  timeOf,
  warning,
} from './reading.js'

/** No extraction lasts longer. Seconds. */
const aheadSeconds = 7 * 86_400

const cursorSchema = z.object({ next: z.string() })

export const readById: Reading = async function* (context, given) {
  const { entity, since } = context
  const resumed = given === null ? undefined : cursorSchema.parse(given).next
  let hasWarned = resumed !== undefined
  for (const list of typeof entity.lists === 'function' ? [] : entity.lists) {
    for await (const page of pagesFrom(context, resumed ?? target(list.path, queryOf(context)))) {
      if (!hasWarned && page.records.some(record => (timeOf(record, 'updated_at') ?? since) < since - 1)) {
        hasWarned = true
        yield warning(
          'filter_ignored',
          `amoCRM ignores filter[updated_at] on ${list.path}: the whole list is read.`,
        )
      }
      yield pageMessage(entity, list, page)
      if (page.next !== undefined) yield { type: 'checkpoint', cursor: { next: page.next } }
    }
  }
}

function queryOf({ entity, since, ceiling }: ReadingContext): Query {
  // Whether bounds are inclusive is not known: one second more on each side.
  const filter: Query =
    since > 0
      ? [
          ['filter[updated_at][from]', String(since - 1)],
          ['filter[updated_at][to]', String(ceiling + aheadSeconds)],
        ]
      : []
  return [...commonQuery(entity), ...filter, ['order[id]', 'asc']]
}
