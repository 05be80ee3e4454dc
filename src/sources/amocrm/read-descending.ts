/**
 * A list that cannot be filtered (the add-on is off): the newest change first, page after page, until what
 * was read before. A record that is touched meanwhile moves to the top and pushes the others down: they come
 * twice, and it comes in the next extraction.
 */
import { z } from 'zod'
import type { ExtractionMessage } from '../../extraction.js'
import type { JsonValue } from '../../json.js'
import { target } from './client.js'
import type { List } from './entities.js'
import { commonQuery, nameOf, pageMessage, pagesFrom, type ReadingContext, timeOf } from './reading.js'

const cursorSchema = z.object({ next: z.string() })

/** Whether the list let itself be read so. */
export type DescendingOutcome = 'done' | 'order_ignored'

export async function* readDescending(
  context: ReadingContext,
  list: List,
  given: JsonValue,
): AsyncGenerator<ExtractionMessage, DescendingOutcome, undefined> {
  const { entity, since } = context
  const first = target(list.path, [...commonQuery(entity), ['order[updated_at]', 'desc']])
  let before = new Set<string>()
  const start = given === null ? first : cursorSchema.parse(given).next
  for await (const page of pagesFrom(context, start)) {
    const times = page.records.flatMap(record => timeOf(record, 'updated_at') ?? [])
    if (times.some((time, index) => time > (times[index - 1] ?? Number.POSITIVE_INFINITY)))
      return 'order_ignored'
    const versions = new Set(page.records.map(versionOf))
    yield pageMessage(entity, list, page, record => before.has(versionOf(record)))
    before = versions
    const oldest = times.at(-1)
    if (page.next === undefined || (oldest !== undefined && oldest < since)) return 'done'
    yield { type: 'checkpoint', cursor: { next: page.next } }
  }
  return 'done'
}

function versionOf(record: JsonValue): string {
  return `${nameOf(record)} ${timeOf(record, 'updated_at')}`
}
