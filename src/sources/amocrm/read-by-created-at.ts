/** Events: they never change, so that the history is read once, window after window, and then only its end. */
import { z } from 'zod'
import { MalformedAnswerError } from '../../extraction.js'
import type { JsonValue } from '../../json.js'
import { type Page, target } from './client.js'
import {
  commonQuery,
  pageMessage,
  pagesFrom,
  type Query,
  type Reading,
  type ReadingContext,
  timeOf,
} from './reading.js'

/** A window is small enough that a page of it costs amoCRM little. */
const windowSeconds = 7 * 86_400

const cursorSchema = z.object({
  /** The start of the window that is being read, Unix seconds. */
  from: z.number(),
  /** Its page that comes next; null for the first. */
  next: z.string().nullable(),
})

export const readByCreatedAt: Reading = async function* (context, given) {
  const { entity, ceiling } = context
  const start = given === null ? { from: context.since, next: null } : cursorSchema.parse(given)
  for (const list of typeof entity.lists === 'function' ? [] : entity.lists) {
    for (let { from, next } = start; from <= ceiling; from = windowEnd(from, ceiling) + 1, next = null) {
      const to = windowEnd(from, ceiling)
      const isElsewhere = (record: JsonValue): boolean => {
        const time = timeOf(record, 'created_at')
        return time !== undefined && (time < from || time > to)
      }
      const first = target(list.path, queryOf(context, from, to))
      for await (const page of pagesFrom(context, next ?? first)) {
        refuseUnfiltered(page, from, to)
        yield pageMessage(entity, list, page, isElsewhere)
        const place = page.next === undefined ? { from: to + 1, next: null } : { from, next: page.next }
        yield { type: 'checkpoint', cursor: place }
      }
    }
  }
}

/** Since ever is one window: half a century of weeks would be mostly empty. */
function windowEnd(from: number, ceiling: number): number {
  return from === 0 ? ceiling : Math.min(from + windowSeconds - 1, ceiling)
}

function queryOf({ entity, eventTypes }: ReadingContext, from: number, to: number): Query {
  return [
    ...commonQuery(entity),
    // Whether bounds are inclusive is not known: one second more on each side, and the overlap dropped.
    ['filter[created_at][from]', String(Math.max(0, from - 1))],
    ['filter[created_at][to]', String(to + 1)],
    ...eventTypes.map(type => ['filter[type][]', type] as const),
  ]
}

/** Without its filter the log would come whole in every window: rather none than that. */
function refuseUnfiltered(page: Page, from: number, to: number): void {
  const isOutside = page.records.some(record => {
    const time = timeOf(record, 'created_at') ?? from
    return time < from - 1 || time > to + 1
  })
  if (!isOutside) return
  const message = `amoCRM ignores filter[created_at] on ${page.answer.request}.`
  throw new MalformedAnswerError('filter_ignored', message, page.answer)
}
