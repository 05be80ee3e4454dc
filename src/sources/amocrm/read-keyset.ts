/**
 * Keyset paging over `updated_at`: page 1 again and again, from the last time seen. Offset paging over a list
 * in this order loses rows: a record that was read and is touched moves to the end, everything behind it moves
 * one place up, and the first of the next page is never seen (reference: "Pages").
 */
import { z } from 'zod'
import type { ExtractionMessage } from '../../extraction.js'
import type { JsonValue } from '../../json.js'
import { target } from './client.js'
import type { List } from './entities.js'
import {
  askPage,
  commonQuery,
  nameOf,
  pageMessage,
  type Query,
  type ReadingContext,
  timeOf,
} from './reading.js'

const cursorSchema = z.object({
  /** The greatest `updated_at` up to which everything has been taken, save what shares its second. */
  at: z.number(),
  /** 1, unless more records share a second than a page holds. */
  page: z.number(),
  /** Whether this pass over such a second has found anything new. */
  isPassFresh: z.boolean(),
  /** The versions taken that page 1 may bring again: name and time. */
  taken: z.array(z.tuple([z.string(), z.number().nullable()])),
})
type Cursor = z.infer<typeof cursorSchema>

/** How it ended: done, or at which time the list turned out not to obey. */
export type KeysetOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'filter_ignored' | 'order_ignored'; readonly at: number }

export async function* readKeyset(
  context: ReadingContext,
  list: List,
  given: JsonValue,
): AsyncGenerator<ExtractionMessage, KeysetOutcome, undefined> {
  const { entity } = context
  const start: Cursor =
    given === null ? { at: context.since, page: 1, isPassFresh: false, taken: [] } : cursorSchema.parse(given)
  const taken = new Map(start.taken)
  let { at, page: number, isPassFresh } = start
  for (;;) {
    const page = await askPage(context, target(list.path, queryOf(context, at, number)), taken.size > 0)
    const times = page.records.flatMap(record => timeOf(record, 'updated_at') ?? [])
    if (times.some(time => time < at - 1)) return { kind: 'filter_ignored', at }
    if (times.some((time, index) => time < (times[index - 1] ?? 0))) return { kind: 'order_ignored', at }

    const isTaken = (record: JsonValue): boolean => {
      const [name, time] = [nameOf(record), timeOf(record, 'updated_at') ?? null]
      if (taken.get(name) === time) return true
      taken.set(name, time)
      isPassFresh = true
      return false
    }
    yield pageMessage(entity, list, page, isTaken)

    const last = times.at(-1) ?? at
    const hasPassed = last > at || page.next === undefined
    // While several pages of one second were read, an edit may have moved a record of it from a page to come
    // to one that was read: such a second is read until a pass over it brings nothing new.
    const mustPassAgain = hasPassed && number > 1 && isPassFresh
    if (hasPassed && !mustPassAgain && page.next === undefined) return { kind: 'done' }
    if (hasPassed && !mustPassAgain) at = last
    number = hasPassed ? 1 : number + 1
    if (hasPassed) isPassFresh = false
    for (const [name, time] of taken) if (time !== null && time < at - 1) taken.delete(name)
    yield { type: 'checkpoint', cursor: { at, page: number, isPassFresh, taken: [...taken] } }
  }
}

function queryOf({ entity, ceiling }: ReadingContext, at: number, page: number): Query {
  return [
    ...commonQuery(entity),
    // Whether bounds are inclusive is not known: one second more on each side.
    ['filter[updated_at][from]', String(Math.max(0, at - 1))],
    ['filter[updated_at][to]', String(ceiling + 1)],
    ['order[updated_at]', 'asc'],
    ['page', String(page)],
  ]
}
