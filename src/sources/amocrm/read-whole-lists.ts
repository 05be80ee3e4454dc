/** Dictionaries: every page of every list, each time. They are small, and nothing tells what changed. */
import { z } from 'zod'
import type { CheckpointMessage } from '../../extraction.js'
import { isJsonObject } from '../../json.js'
import { target } from './client.js'
import { entityNamed, type List } from './entities.js'
import { commonQuery, pageMessage, pagesFrom, type Reading, type ReadingContext } from './reading.js'

const cursorSchema = z.object({
  /** The catalogs as they were when the extraction began. */
  catalogIds: z.array(z.number()),
  /** Index of the list that comes next. */
  list: z.number(),
  /** Its page that comes next; null for the first. */
  next: z.string().nullable(),
})
type Cursor = z.infer<typeof cursorSchema>

export const readWholeLists: Reading = async function* (context, given) {
  const { entity } = context
  let cursor: Cursor
  if (given === null) cursor = { catalogIds: yield* catalogIdsFor(context), list: 0, next: null }
  else cursor = cursorSchema.parse(given)
  const { catalogIds } = cursor
  const lists: readonly List[] = typeof entity.lists === 'function' ? entity.lists(catalogIds) : entity.lists
  for (const [index, list] of lists.entries()) {
    if (index < cursor.list) continue
    const resumed = index === cursor.list ? cursor.next : null
    for await (const page of pagesFrom(context, resumed ?? target(list.path, commonQuery(entity)))) {
      yield pageMessage(entity, list, page)
      const place =
        page.next === undefined ? { list: index + 1, next: null } : { list: index, next: page.next }
      yield checkpoint({ catalogIds, ...place })
    }
  }
}

/** The ids of the account's catalogs, where the entity has a list for each. */
async function* catalogIdsFor(context: ReadingContext) {
  if (typeof context.entity.lists !== 'function') return []
  const catalogs = entityNamed('catalogs')
  const ids: number[] = []
  const first = target('/api/v4/catalogs', commonQuery(catalogs))
  for await (const page of pagesFrom({ ...context, entity: catalogs }, first)) {
    for (const record of page.records) {
      if (isJsonObject(record) && typeof record.id === 'number') ids.push(record.id)
    }
    // Kept as an answer; its records are another table's.
    yield { ...pageMessage(catalogs, { path: '' }, page), received: 0, rows: [], rejects: [] }
  }
  return ids
}

function checkpoint(cursor: Cursor): CheckpointMessage {
  return { type: 'checkpoint', cursor }
}
