/** A reading that can change its way: where a list does not behave as it was asked to, the next way is taken. */
import { z } from 'zod'
import type { ExtractionMessage } from '../../extraction.js'
import type { JsonValue } from '../../json.js'

/** The messages of one way; it returns the way to go on with, or that everything has been read. */
export type WayMessages<Way extends string> = AsyncGenerator<ExtractionMessage, Way | 'done', undefined>

const json: z.ZodType<JsonValue> = z.json()

/**
 * Reads one way after the other. The cursor of a checkpoint says which way it is and holds that way's own cursor.
 * @param ways all there are
 * @param first where no cursor is given
 * @param read reads one way from its own cursor; null is its beginning
 */
export async function* readWays<Way extends string>(
  ways: readonly [Way, ...Way[]],
  first: Way,
  given: JsonValue,
  read: (way: Way, inner: JsonValue) => WayMessages<Way>,
): AsyncGenerator<ExtractionMessage, void, undefined> {
  const cursorSchema = z.object({ way: z.enum(ways), inner: json })
  const start = given === null ? { way: first, inner: null } : cursorSchema.parse(given)
  let way: Way | 'done' = start.way
  let inner: JsonValue = start.inner
  while (way !== 'done') {
    const now: Way = way
    const messages = read(now, inner)
    let step = await messages.next()
    for (; !step.done; step = await messages.next()) {
      const message = step.value
      if (message.type !== 'checkpoint') yield message
      else yield { type: 'checkpoint', cursor: { way: now, inner: message.cursor } }
    }
    way = step.value
    inner = null
  }
}
