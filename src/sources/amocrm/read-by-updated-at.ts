/**
 * Leads, contacts and companies: what changed since the last extraction. Whether the list can be filtered is
 * the account's affair (a paid add-on, ignored in silence where it is off), so that nothing is believed: where
 * the rows do not obey, the next way is taken and it is said.
 */
import { z } from 'zod'
import type { ExtractionMessage } from '../../extraction.js'
import type { JsonValue } from '../../json.js'
import type { List } from './entities.js'
import { readById } from './read-by-id.js'
import { readDescending } from './read-descending.js'
import { readKeyset } from './read-keyset.js'
import { type Reading, type ReadingContext, warning } from './reading.js'

const json: z.ZodType<JsonValue> = z.json()
const cursorSchema = z.object({
  way: z.enum(['keyset', 'descending', 'by_id']),
  /** Where this way began: what lies before has been taken by another. Unix seconds. */
  since: z.number(),
  /** The way's own cursor. */
  inner: json,
})
type Cursor = z.infer<typeof cursorSchema>

export const readByUpdatedAt: Reading = async function* (context, given) {
  for (const list of typeof context.entity.lists === 'function' ? [] : context.entity.lists) {
    let cursor: Cursor | undefined = given === null ? firstWay(context) : cursorSchema.parse(given)
    while (cursor) cursor = yield* readOneWay(context, list, cursor)
  }
}

function firstWay({ isFilterEnabled, since }: ReadingContext): Cursor {
  if (isFilterEnabled !== false) return { way: 'keyset', since, inner: null }
  return unfiltered(since)
}

/** A whole list is read in the order of ids, in which edits move nothing. */
function unfiltered(since: number): Cursor {
  return { way: since > 0 ? 'descending' : 'by_id', since, inner: null }
}

/** Reads on, and tells how to go on where this way does not lead to the end. */
async function* readOneWay(
  outer: ReadingContext,
  list: List,
  { way, since, inner }: Cursor,
): AsyncGenerator<ExtractionMessage, Cursor | undefined, undefined> {
  const context = { ...outer, since }
  switch (way) {
    case 'keyset': {
      const outcome = yield* wrapped(way, since, readKeyset(context, list, inner))
      if (outcome.kind === 'done') return undefined
      if (outcome.kind === 'order_ignored') return yield* orderIgnored(list, outcome.at)
      yield warning(
        'filter_ignored',
        `amoCRM ignores filter[updated_at] on ${list.path}, though the account does not say that the add-on is off: the list is read from its newest change back.`,
      )
      return unfiltered(outcome.at)
    }
    case 'descending': {
      const outcome = yield* wrapped(way, since, readDescending(context, list, inner))
      return outcome === 'done' ? undefined : yield* orderIgnored(list, since)
    }
    case 'by_id':
      yield* wrapped(way, since, readById(context, inner))
      return undefined
  }
}

async function* orderIgnored(
  list: List,
  since: number,
): AsyncGenerator<ExtractionMessage, Cursor, undefined> {
  yield warning('order_ignored', `amoCRM ignores order[updated_at] on ${list.path}: every page is read.`)
  return { way: 'by_id', since, inner: null }
}

/** The messages of a way, its cursors within ours. */
async function* wrapped<Outcome>(
  way: Cursor['way'],
  since: number,
  messages: AsyncGenerator<ExtractionMessage, Outcome, undefined>,
): AsyncGenerator<ExtractionMessage, Outcome, undefined> {
  for (;;) {
    const step = await messages.next()
    if (step.done) return step.value
    const message = step.value
    if (message.type === 'checkpoint') {
      const cursor: Cursor = { way, since, inner: message.cursor }
      yield { type: 'checkpoint', cursor }
    } else {
      yield message
    }
  }
}
