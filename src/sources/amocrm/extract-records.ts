/** How amoCRM is read: one extraction an entity. */
import { type Clock, systemClock } from '../../effects.js'
import type { Extraction } from '../../extraction.js'
import { isJsonObject, type JsonValue } from '../../json.js'
import type { AmocrmClient } from './client.js'
import { type Entity, type EntityName, entityNamed, type Reading as ReadingName } from './entities.js'
import { readByCreatedAt } from './read-by-created-at.js'
import { readById } from './read-by-id.js'
import { readByUpdatedAt } from './read-by-updated-at.js'
import { readWholeLists } from './read-whole-lists.js'
import type { Reading } from './reading.js'

/** The same for every run of one package. */
export interface RecordsPlan {
  readonly entity: EntityName
  /**
   * Records that changed (events: happened) then or later are wanted, Unix seconds: the last watermark less
   * the overlap. 0 for the whole history; no matter for dictionaries.
   */
  readonly since: number
  /** Types of events that are wanted; none named: all. */
  readonly eventTypes?: readonly string[]
}

export interface RecordsOptions {
  readonly clock?: Clock
  readonly signal?: AbortSignal
  /**
   * How many requests may be under way at the same time; 8 by default. To use a budget it must be at least the
   * requests a second times the seconds that an answer takes.
   */
  readonly concurrency?: number
  /** Records a page at most, where that is less than what the list can give. */
  readonly pageLimit?: number
}

const readings: Readonly<Record<ReadingName, Reading>> = {
  whole_lists: readWholeLists,
  by_updated_at: readByUpdatedAt,
  by_id: readById,
  by_created_at: readByCreatedAt,
}

/**
 * Reads an entity. Ends with a watermark, in Unix seconds: the start of the extraction, by the server's clock
 * or ours, whichever is behind, for what lies between would never be asked for again.
 * @param cursor from the last checkpoint; null for the beginning
 * @throws AuthorizationError, UnavailableError, MalformedAnswerError, or the signal's reason
 */
export async function* extractRecords(
  client: AmocrmClient,
  plan: RecordsPlan,
  options: RecordsOptions = {},
  cursor: JsonValue = null,
): Extraction {
  const { clock = systemClock, signal, concurrency = 8 } = options
  const entity = withPageLimit(entityNamed(plan.entity), options.pageLimit)
  const startedAt = clock.now()
  // Asked again when a killed extraction goes on: the add-on may have been switched off since.
  const account = entity.reading === 'whole_lists' ? undefined : await client.account(signal)
  const now = Math.floor(Math.min(startedAt, account?.serverTime ?? startedAt) / 1000)
  const resumed = isJsonObject(cursor) && typeof cursor.ceiling === 'number' ? cursor : undefined
  const ceiling = typeof resumed?.ceiling === 'number' ? resumed.ceiling : now
  const context = {
    client,
    entity,
    since: plan.since,
    ceiling,
    isFilterEnabled: account?.isFilterEnabled,
    eventTypes: plan.eventTypes ?? [],
    concurrency,
    clock,
    ...(signal ? { signal } : {}),
  }
  for await (const message of readings[entity.reading](context, resumed?.inner ?? null)) {
    if (message.type === 'checkpoint')
      yield { type: 'checkpoint', cursor: { ceiling, inner: message.cursor } }
    else yield message
  }
  yield { type: 'watermark', watermark: ceiling }
}

function withPageLimit(entity: Entity, most = Number.POSITIVE_INFINITY): Entity {
  return entity.limit === undefined ? entity : { ...entity, limit: Math.min(entity.limit, most) }
}
