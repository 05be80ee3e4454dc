/** Metabase: it looks at the tables again, takes in new values of filters, and drops cached answers. */
import { z } from 'zod'
import type { MetabaseConfig } from '../config/config.js'
import { UnavailableError, UsageError } from '../errors.js'
import { placeId } from '../place-id.js'
import type { PublishEffects, Publisher } from './publisher.js'
import { serviceAt } from './service.js'

const databaseSchema = z.object({ id: z.number(), name: z.string() })
/** Older versions answer with the bare list. */
const databasesSchema = z.union([
  z.array(databaseSchema),
  z.object({ data: z.array(databaseSchema) }).transform(({ data }) => data),
])
const metadataSchema = z.object({
  tables: z.array(z.object({ id: z.number(), name: z.string(), schema: z.string().nullish() })),
})

/** What editions without control over their cache answer. */
const notOffered = [400, 402, 403, 404]

export function metabasePublisher(config: MetabaseConfig, effects: PublishEffects): Publisher {
  const { url, apiKey, database } = config
  const service = serviceAt({ name: 'Metabase', url, credential: 'publish.metabase.api_key', ...effects })
  const headers = { 'x-api-key': apiKey }

  const databaseId = async (signal: AbortSignal): Promise<number> => {
    const { json } = await service({ method: 'GET', path: '/api/database', headers }, signal)
    const known = understood(databasesSchema, json, 'its databases')
    const found = known.find(({ id, name }) => id === database || name === database)
    if (found) return found.id
    throw new UsageError('publish_refused', `Metabase has no database ${database} that the key may see.`, {
      advice: `Name one of these under publish.metabase.database: ${known.map(({ name }) => name).join(', ') || 'it shows none'}.`,
    })
  }

  return {
    kind: 'metabase',
    place: `Metabase at ${url}`,
    id: placeId('metabase', [url, String(database)]),
    refreshes: 'changes',
    publish: async (changed, signal) => {
      const id = await databaseId(signal)
      const post = (path: string, accept: readonly number[] = []) =>
        service({ method: 'POST', path, headers, json: {}, accept }, signal)
      await post(`/api/database/${id}/sync_schema`)
      const { json } = await service({ method: 'GET', path: `/api/database/${id}/metadata`, headers }, signal)
      const { tables } = understood(metadataSchema, json, 'its tables')
      const names = new Set(changed.map(({ name }) => name))
      const shown = tables.filter(table => names.has(`${table.schema ?? ''}.${table.name}`.toLowerCase()))
      for (const table of shown) await post(`/api/table/${table.id}/rescan_values`)
      const dropped = await post(`/api/cache/invalidate?database=${id}&include=overrides`, notOffered)
      const cache = notOffered.includes(dropped.status)
        ? 'its edition keeps cached answers until their time is over'
        : 'cached answers were dropped'
      return `looks at the tables again, ${shown.length} of those that changed are known to it; ${cache}`
    },
    probe: async signal => `knows the database ${database} (number ${await databaseId(signal)})`,
  }
}

function understood<T>(schema: z.ZodType<T>, json: unknown, what: string): T {
  const read = schema.safeParse(json)
  if (read.success) return read.data
  throw new UnavailableError('publish_unavailable', `Metabase tells ${what} in a way that is not known.`, {
    advice: 'Check the address under publish.metabase.url; if it is right, report the version of Metabase.',
  })
}
