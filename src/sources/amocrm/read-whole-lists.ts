/** Dictionaries: every page of every list, each time. They are small, and nothing tells what changed. */
import { z } from 'zod'
import type { ExtractionMessage } from '../../extraction.js'
import { isJsonObject, type JsonValue } from '../../json.js'
import { target } from './client.js'
import { entityNamed, type List } from './entities.js'
import { contentDigest, passesOver, passesReader, passesSliceSchema } from './passes-slice.js'
import { readSlices, slicesSchema } from './read-slices.js'
import { askPage, commonQuery, pageMessage, type Reading, type ReadingContext } from './reading.js'

const json: z.ZodType<JsonValue> = z.json()
const cursorSchema = z.object({
  /** The catalogs as they were when the extraction began. */
  catalogIds: z.array(z.number()),
  /** What is still to be read of their lists. */
  inner: json,
})

export const readWholeLists: Reading = async function* (context, given) {
  const { entity } = context
  const { catalogIds, inner } =
    given === null ? { catalogIds: yield* catalogIdsFor(context), inner: null } : cursorSchema.parse(given)
  const lists: readonly List[] = typeof entity.lists === 'function' ? entity.lists(catalogIds) : entity.lists
  const start =
    inner === null
      ? { slices: lists.map((_, index) => passesOver(index)), tail: null, stretch: null }
      : slicesSchema(passesSliceSchema).parse(inner)
  // One after the other: they are short.
  const oneByOne = { ...context, concurrency: 1 }
  for await (const message of readSlices(oneByOne, passesReader(context, lists, contentDigest), start)) {
    if (message.type !== 'checkpoint') yield message
    else yield { type: 'checkpoint', cursor: { catalogIds, inner: message.cursor } }
  }
}

/** The ids of the account's catalogs, where the entity has a list for each. */
async function* catalogIdsFor(
  context: ReadingContext,
): AsyncGenerator<ExtractionMessage, number[], undefined> {
  if (typeof context.entity.lists !== 'function') return []
  const catalogs = { ...context, entity: entityNamed('catalogs') }
  const ids = new Set<number>()
  let next: string | undefined = target('/api/v4/catalogs', commonQuery(catalogs.entity))
  while (next !== undefined) {
    const page = await askPage(catalogs, next, ids.size > 0)
    for (const record of page.records) {
      if (isJsonObject(record) && typeof record.id === 'number') ids.add(record.id)
    }
    // Kept as an answer; its records are another table's.
    const message = pageMessage(catalogs.entity, { path: '' }, page)
    yield { ...message, received: 0, rows: [], rejects: [], shapes: {} }
    next = page.next
  }
  return [...ids]
}
