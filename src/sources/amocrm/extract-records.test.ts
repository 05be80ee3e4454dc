import { afterEach, describe, expect, test } from 'vitest'
import type { AnswerMessage, Extraction, ExtractionMessage } from '../../extraction.js'
import type { JsonObject, JsonValue } from '../../json.js'
import {
  generatedWorld,
  type Listed,
  listedWorld,
  movableClock,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
} from '../../sandbox/sandbox.js'
import { unlimited } from '../http/rate-budget.js'
import { createAmocrmClient } from './client.js'
import { type EntityName, entityNamed, entityNames } from './entities.js'
import { extractRecords, type RecordsPlan } from './extract-records.js'

const clock = movableClock('2025-07-02T00:00:00Z')
const nowSeconds = () => Math.floor(clock.now() / 1000)
let sandbox: Sandbox | undefined
afterEach(async () => {
  await sandbox?.close()
  sandbox = undefined
})

/** An account, and the client that reads it. */
async function account(options: SandboxOptions = {}) {
  clock.set(Date.parse('2025-07-02T00:00:00Z'))
  const started = await startSandbox({
    clock,
    ...options,
    amocrm: { requestsPerSecond: null, ...options.amocrm },
  })
  sandbox = started
  const client = createAmocrmClient(
    { baseUrl: started.amocrmUrl, auth: { kind: 'token', token: started.token } },
    { clock, budget: unlimited },
  )
  const extract = (plan: Partial<RecordsPlan> & { readonly entity: EntityName }, cursor: JsonValue = null) =>
    extractRecords(client, { since: 0, ...plan }, { clock }, cursor)
  return { sandbox: started, world: started.world, extract }
}

const listing = (listed: Listed, options: SandboxOptions = {}) =>
  account({ ...options, world: listedWorld(listed) })

async function all(extraction: Extraction): Promise<ExtractionMessage[]> {
  const messages: ExtractionMessage[] = []
  for await (const message of extraction) messages.push(message)
  return messages
}

const answersIn = (messages: readonly ExtractionMessage[]): AnswerMessage[] =>
  messages.filter(message => message.type === 'answer')
const rowsIn = (messages: readonly ExtractionMessage[]) => answersIn(messages).flatMap(answer => answer.rows)
const idsIn = (messages: readonly ExtractionMessage[]) => rowsIn(messages).map(row => Number(row.id))
const noticesIn = (messages: readonly ExtractionMessage[]) =>
  messages.flatMap(message => (message.type === 'notice' ? [message.code] : []))
const ascending = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b)

function recordKeyOf(row: JsonObject, entity: EntityName): string {
  const { recordKey } = entityNamed(entity).table
  return (recordKey ?? []).map(name => String(row[name])).join(' ')
}

const lead = (id: number, updated_at: number, more: JsonObject = {}): JsonObject => ({
  id,
  name: `Сделка ${id}`,
  price: 1,
  created_at: 1_700_000_000,
  updated_at,
  is_deleted: false,
  ...more,
})
const leads = (count: number, updatedAt: (index: number) => number) =>
  Array.from({ length: count }, (_, index) => lead(index + 1, updatedAt(index)))
const allIds = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const t0 = 1_740_000_000

describe('every entity of a generated account', () => {
  test.each(entityNames)('%s is read whole, each record once, and nothing is set aside', async entity => {
    const { extract, world } = await account({ world: generatedWorld({ leads: 700, seed: 3 }) })
    const messages = await all(extract({ entity }))
    const rows = rowsIn(messages)
    for (const answer of answersIn(messages)) {
      expect(answer.rejects).toEqual([])
      expect(answer.received).toBe(answer.rows.length + answer.repeated.length)
    }
    const records = new Set(rows.map(row => recordKeyOf(row, entity)))
    expect(records.size).toBe(rows.length)
    expect(rows.length).toBeGreaterThan(0)
    const place = entity === 'leads_bin' ? 'bin' : 'list'
    const kind = entity === 'leads_bin' ? 'leads' : entity
    if (
      kind === 'leads' ||
      kind === 'contacts' ||
      kind === 'companies' ||
      kind === 'tasks' ||
      kind === 'events'
    ) {
      const everything = { place, sortBy: 'id', descending: false, ranges: [], conditions: [] } as const
      const known = world.collections[kind].list(everything, 0, 1e6).rows
      expect(rows.length).toBe(known.length)
    }
    expect(messages.at(-1)).toEqual({ type: 'watermark', watermark: nowSeconds() })
  })
})

describe('a lead', () => {
  test('becomes a row of the bronze table', async () => {
    const record = {
      ...lead(12345, 1_706_832_000, { closed_at: null, score: null, labor_cost: 3600, loss_reason_id: null }),
      custom_fields_values: [{ field_id: 501, field_name: 'БИН', values: [{ value: '123456789012' }] }],
      _embedded: { tags: [{ id: 1, name: 'VIP' }], contacts: [{ id: 5001 }], companies: [] },
    }
    const { extract } = await listing({ leads: [record] })
    expect(rowsIn(await all(extract({ entity: 'leads' })))).toEqual([
      {
        id: 12345,
        name: 'Сделка 12345',
        price: 1,
        responsible_user_id: null,
        status_id: null,
        pipeline_id: null,
        loss_reason_id: null,
        created_by: null,
        updated_by: null,
        created_at: 1_700_000_000,
        updated_at: 1_706_832_000,
        closed_at: null,
        is_deleted: false,
        custom_fields_values: JSON.stringify(record.custom_fields_values),
        score: null,
        labor_cost: 3600,
        tags_json: '[{"id":1,"name":"VIP"}]',
        contacts_json: '[{"id":5001}]',
        companies_json: '[]',
        group_id: null,
        closest_task_at: null,
        row_source: 'list',
        observed_at: '2025-07-02T00:00:00.000Z',
        row_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ])
  })

  test('in the recycle bin is known as deleted', async () => {
    const { extract } = await listing({ bin: [{ id: 7, updated_at: t0, updated_by: 1, is_deleted: true }] })
    expect(rowsIn(await all(extract({ entity: 'leads_bin' })))).toMatchObject([
      { id: 7, is_deleted: true, row_source: 'bin', name: null, price: null },
    ])
  })
})

describe('leads by updated_at', () => {
  test('come once each, however many share a second', async () => {
    for (const sameSecond of [1, 249, 250, 251, 500, 1000]) {
      const { extract } = await listing({ leads: leads(1003, index => t0 + Math.floor(index / sameSecond)) })
      expect(ascending(idsIn(await all(extract({ entity: 'leads' }))))).toEqual(allIds(1003))
      await sandbox?.close()
    }
  })

  test('come once each where bounds are exclusive', async () => {
    const options = { amocrm: { inclusiveBounds: false } }
    const { extract } = await listing({ leads: leads(1003, index => t0 + Math.floor(index / 300)) }, options)
    expect(ascending(idsIn(await all(extract({ entity: 'leads' }))))).toEqual(allIds(1003))
  })

  test.each([1, 7, 600])(
    'are not lost when others are touched while they are read (%i a second)',
    async perSecond => {
      let turn = 0
      const { extract } = await listing(
        { leads: leads(1500, index => t0 + 10 * Math.floor(index / perSecond)) },
        {
          beforeRequest: ({ path }, world) => {
            if (path !== '/api/v4/leads') return
            clock.advance(1000)
            // Somebody edits leads that have been read, and moves them to the end.
            for (let count = 0; count < 5; count += 1) {
              turn += 1
              if (turn <= 60) world.edit('leads', turn, { price: turn })
            }
          },
        },
      )
      const first = await all(extract({ entity: 'leads' }))
      const watermark = first.at(-1)
      expect(watermark).toMatchObject({ type: 'watermark' })
      const since = watermark?.type === 'watermark' ? Number(watermark.watermark) - 600 : 0
      const second = await all(extract({ entity: 'leads', since }))
      const prices = new Map([...rowsIn(first), ...rowsIn(second)].map(row => [row.id, row.price]))
      expect(ascending([...prices.keys()].map(Number))).toEqual(allIds(1500))
      for (let id = 1; id <= Math.min(turn, 60); id += 1) expect(prices.get(id)).toBe(id)
    },
  )

  test('are only those that changed since', async () => {
    const { extract } = await listing({ leads: leads(100, index => t0 + index) })
    // One second more, for bounds that are exclusive.
    expect(idsIn(await all(extract({ entity: 'leads', since: t0 + 95 })))).toEqual([95, 96, 97, 98, 99, 100])
  })

  test('go on from any checkpoint with nothing lost and nothing twice', async () => {
    const { extract } = await listing({ leads: leads(1003, index => t0 + Math.floor(index / 400)) })
    const whole = await all(extract({ entity: 'leads' }))
    for (const [index, message] of whole.entries()) {
      if (message.type !== 'checkpoint') continue
      const cursor: JsonValue = JSON.parse(JSON.stringify(message.cursor))
      const rest = await all(extract({ entity: 'leads' }, cursor))
      expect(ascending([...idsIn(whole.slice(0, index)), ...idsIn(rest)])).toEqual(allIds(1003))
      expect(rest.at(-1)).toEqual(whole.at(-1))
    }
  })

  test('are all there though a glitch answers "no content"', async () => {
    const faults = [{ kind: 'empty', path: /leads/, on: [1, 4] }] as const
    const { extract } = await listing({ leads: leads(1003, index => t0 + index) }, { faults })
    expect(ascending(idsIn(await all(extract({ entity: 'leads' }))))).toEqual(allIds(1003))
  })

  test('that have no time or no id come once too, as rows or rejects', async () => {
    const odd: JsonValue[] = ['text', null, lead(5_000, 0), { name: 'no id', updated_at: t0 + 300 }]
    const { extract } = await listing({ leads: [...odd, ...leads(600, index => t0 + index)] })
    const messages = await all(extract({ entity: 'leads' }))
    const rules = answersIn(messages).flatMap(answer => answer.rejects.map(reject => reject.rule))
    expect(rules.sort()).toEqual(['id_missing', 'not_an_object', 'not_an_object'])
    expect(ascending(idsIn(messages))).toEqual([...allIds(600), 5_000])
  })
})

describe('when the list does not obey', () => {
  const count = 800
  const scattered = leads(count, index => t0 + ((index * 37) % count))

  test('an account without the filter add-on is read whole at first', async () => {
    const { extract } = await listing({ leads: scattered }, { amocrm: { filterAddOn: false } })
    const messages = await all(extract({ entity: 'leads' }))
    expect(idsIn(messages)).toEqual(allIds(count))
    expect(noticesIn(messages)).toEqual([])
  })

  test('and then from the newest change back', async () => {
    const { extract, sandbox } = await listing({ leads: scattered }, { amocrm: { filterAddOn: false } })
    const since = t0 + count - 10
    const ids = new Set(idsIn(await all(extract({ entity: 'leads', since }))))
    for (const record of scattered) if (Number(record.updated_at) >= since) expect(ids).toContain(record.id)
    expect(sandbox.requests.filter(request => request.path === '/api/v4/leads')).toHaveLength(1)
  })

  test('a filter that is ignored in silence is noticed, and the changes still come', async () => {
    const { extract } = await listing(
      { leads: scattered, account: { id: 1 } },
      { amocrm: { filterAddOn: false } },
    )
    const messages = await all(extract({ entity: 'leads', since: t0 + 700 }))
    const ids = new Set(idsIn(messages))
    for (const record of scattered)
      if (Number(record.updated_at) >= t0 + 700) expect(ids).toContain(record.id)
  })

  test.each([true, false])(
    'an order that is ignored is said, and every page is read (filter on: %s)',
    async filterAddOn => {
      const { extract } = await listing({ leads: scattered }, { amocrm: { order: 'ignored', filterAddOn } })
      const messages = await all(extract({ entity: 'leads', since: t0 + 100 }))
      const ids = new Set(idsIn(messages))
      for (const record of scattered)
        if (Number(record.updated_at) >= t0 + 100) expect(ids).toContain(record.id)
      expect(noticesIn(messages)[0]).toBe('order_ignored')
    },
  )
})

describe('events', () => {
  const event = (index: number, created_at: number, type = 'lead_added'): JsonObject => ({
    id: `01e${String(index).padStart(23, '0')}`,
    type,
    entity_id: index,
    entity_type: 'lead',
    created_by: 0,
    created_at,
    value_after: [],
    value_before: [{ lead_status: { id: 142, pipeline_id: 33 } }],
  })
  const day = 86_400

  test.each([true, false])(
    'come once each over many windows (inclusive bounds: %s)',
    async inclusiveBounds => {
      const start = nowSeconds() - 60 * day
      const events = Array.from({ length: 900 }, (_, index) => event(index, start + index * 5_000)).reverse()
      const { extract } = await listing({ events }, { amocrm: { inclusiveBounds } })
      const rows = rowsIn(await all(extract({ entity: 'events', since: start })))
      expect(rows.map(row => row.entity_id).sort((a, b) => Number(a) - Number(b))).toEqual(
        allIds(900).map(id => id - 1),
      )
      expect(rows[0]).toMatchObject({
        value_after: '[]',
        value_before: '[{"lead_status":{"id":142,"pipeline_id":33}}]',
      })
    },
  )

  test('are only of the wanted types', async () => {
    const since = nowSeconds() - day
    const events = [
      event(1, since + 5),
      event(2, since + 4, 'task_completed'),
      event(3, since + 3, 'lead_deleted'),
    ]
    const { extract } = await listing({ events })
    const wanted = { entity: 'events', since, eventTypes: ['lead_added', 'lead_deleted'] } as const
    expect(rowsIn(await all(extract(wanted))).map(row => row.entity_id)).toEqual([1, 3])
  })

  test('go on from any checkpoint', async () => {
    const since = nowSeconds() - 20 * day
    const events = Array.from({ length: 450 }, (_, index) => event(index, since + index * 3_600)).reverse()
    const { extract } = await listing({ events })
    const whole = await all(extract({ entity: 'events', since }))
    for (const [index, message] of whole.entries()) {
      if (message.type !== 'checkpoint') continue
      const rest = await all(extract({ entity: 'events', since }, message.cursor))
      const ids = [...rowsIn(whole.slice(0, index)), ...rowsIn(rest)].map(row => Number(row.entity_id))
      expect(ascending(ids)).toEqual(allIds(450).map(id => id - 1))
    }
  })
})

describe('lists for each catalog', () => {
  const catalogs = [
    { id: 10, name: 'Помещения' },
    { id: 11, name: 'Услуги' },
  ]

  test('elements carry their catalog', async () => {
    const { extract } = await listing({
      catalogs,
      catalogElements: {
        '10': [{ id: 1, name: 'A' }],
        '11': [
          { id: 1, name: 'B' },
          { id: 2, name: 'C' },
        ],
      },
    })
    const rows = rowsIn(await all(extract({ entity: 'catalog_elements' })))
    expect(rows.map(row => [row.catalog_id, row.id, row.name])).toEqual([
      [10, 1, 'A'],
      [11, 1, 'B'],
      [11, 2, 'C'],
    ])
  })

  test('custom fields carry their owner', async () => {
    const { extract } = await listing({
      catalogs,
      customFields: {
        leads: [{ id: 501, name: 'БИН', type: 'text' }],
        'catalogs/10': [{ id: 9, name: 'Этаж', type: 'numeric' }],
      },
    })
    const rows = rowsIn(await all(extract({ entity: 'custom_fields' })))
    expect(rows.map(row => [row.entity_type, row.catalog_id, row.id])).toEqual([
      ['leads', null, 501],
      ['catalogs', 10, 9],
    ])
  })
})

test('the watermark is the start of the extraction by the clock that is behind', async () => {
  const { extract } = await listing({ leads: [] })
  const before = nowSeconds()
  const messages = await all(extract({ entity: 'leads' }))
  expect(messages.at(-1)).toEqual({ type: 'watermark', watermark: before })
})

test('no request shows the token', async () => {
  const { extract, sandbox } = await listing({ leads: leads(3, () => t0) })
  const requests = answersIn(await all(extract({ entity: 'leads' }))).map(message => message.answer.request)
  expect(requests[0]).toContain('/api/v4/leads?with=contacts,loss_reason&limit=250')
  expect(requests.join()).not.toContain(sandbox.token)
})
