import { afterEach, describe, expect, it } from 'vitest'
import { metabasePublisher } from '../../src/publish/metabase.js'
import { type JsonAnswer, type JsonServer, startJsonServer } from './json-server.js'
import { changed, withPublisher } from './opened-publisher.js'

const apiKey = 'mb_an-invented-key'
const databases = [
  { id: 1, name: 'Sample Database' },
  { id: 7, name: 'hub' },
]
const tables = [
  { id: 40, schema: 'gold', name: 'amocrm_sales_funnel' },
  { id: 41, schema: 'GOLD', name: 'ALAQAN_DAILY_ATTENDANCE' },
  { id: 42, schema: 'silver', name: 'amocrm_leads' },
  { id: 43, schema: null, name: 'query_log' },
]

let server: JsonServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

/** Metabase as its API documents it. */
async function metabase(change: Readonly<Record<string, JsonAnswer>> = {}): Promise<JsonServer> {
  const answers: Readonly<Record<string, JsonAnswer>> = {
    'GET /api/database': { body: { data: databases, total: databases.length } },
    'POST /api/database/7/sync_schema': { body: { status: 'ok' } },
    'GET /api/database/7/metadata': { body: { id: 7, tables } },
    'POST /api/table/40/rescan_values': { body: { status: 'success' } },
    'POST /api/table/41/rescan_values': { body: { status: 'success' } },
    'POST /api/cache/invalidate?database=7&include=overrides': { body: { message: 'ok', count: 3 } },
    ...change,
  }
  server = await startJsonServer(({ what, headers }) =>
    headers['x-api-key'] === apiKey
      ? (answers[what] ?? { status: 404, body: 'Not found.' })
      : { status: 401, body: 'Unauthenticated' },
  )
  return server
}

const funnel = changed('gold.amocrm_sales_funnel', 'gold.alaqan_daily_attendance', 'gold.crm_arm_residents')

function publishTo({ url }: JsonServer, { database = 'hub' as string | number, key = apiKey } = {}) {
  return withPublisher(
    effects => metabasePublisher({ kind: 'metabase', url, apiKey: key, database }, effects),
    ({ publisher }) => publisher.publish(funnel, AbortSignal.timeout(60_000)),
  )
}

describe('Metabase', () => {
  it('looks at the tables again, takes in the values of those that changed, and drops cached answers', async () => {
    const tool = await metabase()
    await expect(publishTo(tool)).resolves.toBe(
      'looks at the tables again, 2 of those that changed are known to it; cached answers were dropped',
    )
    expect(tool.taken()).toEqual([
      'GET /api/database',
      'POST /api/database/7/sync_schema',
      'GET /api/database/7/metadata',
      'POST /api/table/40/rescan_values',
      'POST /api/table/41/rescan_values',
      'POST /api/cache/invalidate?database=7&include=overrides',
    ])
  })

  it('can be told the number of the database, and may be of a version that answers with a bare list', async () => {
    await expect(
      publishTo(await metabase({ 'GET /api/database': { body: databases } }), { database: 7 }),
    ).resolves.toMatch(/2 of those that changed/)
  })

  it('of an edition without control over its cache keeps cached answers, which is said', async () => {
    const tool = await metabase({
      'POST /api/cache/invalidate?database=7&include=overrides': { status: 402, body: 'premium' },
    })
    await expect(publishTo(tool)).resolves.toMatch(/keeps cached answers until their time is over/)
  })

  it('names the databases that the key sees where it does not see the one that is meant', async () => {
    await expect(publishTo(await metabase(), { database: 'marts' })).rejects.toMatchObject({
      code: 'publish_refused',
      exitCode: 2,
      advice: expect.stringMatching(/Sample Database, hub/),
    })
  })

  it('that does not know the key asks a person, without telling the key', async () => {
    const refused = publishTo(await metabase(), { key: 'mb_another-key' })
    await expect(refused).rejects.toMatchObject({
      code: 'publish_credential_rejected',
      exitCode: 5,
      advice: expect.stringMatching(/publish\.metabase\.api_key/),
    })
    await refused.catch(error => expect(`${error.message}${error.advice}`).not.toContain('another-key'))
  })

  it.each([
    ['a page of maintenance', { status: 200, body: '<html>Back soon</html>' }, 'publish_unavailable'],
    ['a fault of its own, twice', { status: 500, body: 'oops' }, 'publish_unavailable'],
    ['something unknown', { body: { data: [{ name: 'hub' }] } }, 'publish_unavailable'],
    ['another place', { status: 302, headers: { location: 'https://example.kz/' } }, 'publish_refused'],
  ] as const)('that answers with %s is behind for now', async (_, answer, code) => {
    await expect(publishTo(await metabase({ 'GET /api/database': answer }))).rejects.toMatchObject({ code })
  })

  it('that is only busy is asked once more, after the pause that it asks for', async () => {
    let isBusy = true
    server = await startJsonServer(({ what }) => {
      if (what !== 'GET /api/database') return { body: { tables: [] } }
      if (!isBusy) return { body: databases }
      isBusy = false
      return { status: 429, headers: { 'retry-after': '20' }, body: 'slow down' }
    })
    const { url } = server
    await withPublisher(
      effects => metabasePublisher({ kind: 'metabase', url, apiKey, database: 'hub' }, effects),
      async ({ publisher, waited }) => {
        await expect(publisher.probe(AbortSignal.timeout(60_000))).resolves.toBe(
          'knows the database hub (number 7)',
        )
        expect(waited()).toBe(20_000)
      },
    )
  })

  it('that is not there is behind for now', async () => {
    const tool = await metabase()
    await tool.close()
    await expect(publishTo(tool)).rejects.toMatchObject({ code: 'publish_unavailable', exitCode: 3 })
  })
})
