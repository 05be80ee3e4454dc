import { afterEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../json.js'
import {
  type AmocrmOptions,
  generatedWorld,
  type Listed,
  listedWorld,
  movableClock,
  type Sandbox,
  startSandbox,
} from '../sandbox.js'
import { allRows, ask, idsOf, nextOf, rowsOf } from '../test-client.js'

let sandbox: Sandbox
afterEach(() => sandbox.close())

async function withListed(listed: Listed, amocrm: AmocrmOptions = {}): Promise<void> {
  sandbox = await startSandbox({
    clock: movableClock('2025-02-01T00:00:00Z'),
    world: listedWorld(listed),
    amocrm: { requestsPerSecond: null, ...amocrm },
  })
}

async function withGenerated(leads: number, amocrm: AmocrmOptions = {}): Promise<void> {
  sandbox = await startSandbox({
    clock: movableClock('2025-07-01T00:00:00Z'),
    world: generatedWorld({ leads }),
    amocrm: { requestsPerSecond: null, ...amocrm },
  })
}

/** Leads 1, 2, 3, … whose `updated_at` are the given numbers. */
function leadsUpdatedAt(...updates: readonly number[]): readonly JsonObject[] {
  return updates.map((updated_at, index) => ({ id: index + 1, updated_at }))
}

describe('pages', () => {
  it('are followed by links to the sandbox itself, until there is none', async () => {
    await withListed({ leads: leadsUpdatedAt(1, 2, 3) })
    const first = await ask(sandbox, '/api/v4/leads?limit=2&order[id]=asc')
    expect(nextOf(first)?.startsWith(`${sandbox.url}/api/v4/leads?`)).toBe(true)
    const second = await ask(sandbox, nextOf(first) ?? '')
    expect([idsOf(first), idsOf(second), nextOf(second)]).toEqual([[1, 2], [3], undefined])
  })

  it('end without a further link where the last one is full', async () => {
    await withListed({ leads: leadsUpdatedAt(1, 2) })
    expect(nextOf(await ask(sandbox, '/api/v4/leads?limit=2'))).toBeUndefined()
  })

  it('carry filters and order along', async () => {
    await withListed({ leads: leadsUpdatedAt(10, 20, 30, 40) })
    const path = '/api/v4/leads?limit=1&filter[updated_at][from]=20&filter[updated_at][to]=30&order[id]=desc'
    expect((await allRows(sandbox, path)).map(({ id }) => id)).toEqual([3, 2])
  })

  it('without rows are 204 with no body at all', async () => {
    await withListed({ leads: leadsUpdatedAt(1) })
    const answer = await ask(sandbox, '/api/v4/leads?page=2')
    expect([answer.status, answer.text]).toEqual([204, ''])
  })

  it('hold fifty rows where the limit is above the maximum or absent', async () => {
    await withGenerated(400)
    for (const [path, rows] of [
      ['/api/v4/leads?limit=250', 250],
      ['/api/v4/leads?limit=251', 50],
      ['/api/v4/leads', 50],
      ['/api/v4/events?limit=100', 100],
      ['/api/v4/events?limit=250', 50],
    ] as const) {
      expect(rowsOf(await ask(sandbox, path))).toHaveLength(rows)
    }
  })

  it.each(['page=0', 'page=x', 'limit=0', 'limit=-1', 'page=1e3'])('refuse %s', async query => {
    await withListed({ leads: leadsUpdatedAt(1) })
    const answer = await ask(sandbox, `/api/v4/leads?${query}`)
    expect([answer.status, answer.type]).toEqual([400, 'application/problem+json'])
  })

  it('tell no total of the big lists', async () => {
    await withListed({ leads: leadsUpdatedAt(1), users: [{ id: 1 }] })
    expect((await ask(sandbox, '/api/v4/leads')).json).not.toHaveProperty('_total_items')
    expect((await ask(sandbox, '/api/v4/users')).json).toHaveProperty('_total_items', 1)
  })

  it('lose a row when one that was read is touched in between', async () => {
    await withListed({ leads: leadsUpdatedAt(10, 20, 30, 40) })
    const first = await ask(sandbox, '/api/v4/leads?limit=2&order[updated_at]=asc')
    sandbox.world.edit('leads', 1, { name: 'тронули' })
    const second = await ask(sandbox, nextOf(first) ?? '')
    expect([...idsOf(first), ...idsOf(second)]).toEqual([1, 2, 4, 1])
  })
})

describe('order', () => {
  it('goes both ways', async () => {
    await withListed({ leads: leadsUpdatedAt(30, 10, 20) })
    expect(idsOf(await ask(sandbox, '/api/v4/leads?order[updated_at]=asc'))).toEqual([2, 3, 1])
    expect(idsOf(await ask(sandbox, '/api/v4/leads?order[updated_at]=desc'))).toEqual([1, 3, 2])
  })

  it('can be ignored by the account', async () => {
    await withListed({ leads: leadsUpdatedAt(30, 10, 20) }, { order: 'ignored' })
    expect(idsOf(await ask(sandbox, '/api/v4/leads?order[updated_at]=asc'))).toEqual([1, 2, 3])
  })

  it.each([
    'tasks?order[updated_at]=asc',
    'contacts?order[created_at]=asc',
    'events?order[created_at]=asc',
    'leads?order[price]=asc',
    'leads?order[id]=up',
  ])('is refused where it is not documented: %s', async path => {
    await withListed({})
    const answer = await ask(sandbox, `/api/v4/${path}`)
    expect(answer.status).toBe(400)
    expect(answer.json['validation-errors']).toEqual([
      {
        request_id: expect.any(String),
        errors: [expect.objectContaining({ path: expect.stringMatching(/^order\./) })],
      },
    ])
  })

  it('of events is newest first', async () => {
    await withListed({
      events: [
        { id: 'a', created_at: 1 },
        { id: 'b', created_at: 2 },
      ],
    })
    expect(idsOf(await ask(sandbox, '/api/v4/events'))).toEqual(['b', 'a'])
  })
})

describe('filters', () => {
  const between = '/api/v4/leads?filter[updated_at][from]=20&filter[updated_at][to]=30'

  it('find between two bounds, percent-encoded or not', async () => {
    await withListed({ leads: leadsUpdatedAt(10, 20, 25, 30, 40) })
    const encoded = between.replaceAll('[', '%5B').replaceAll(']', '%5D')
    expect(idsOf(await ask(sandbox, between))).toEqual([2, 3, 4])
    expect(idsOf(await ask(sandbox, encoded))).toEqual([2, 3, 4])
  })

  it('exclude their bounds where the account does', async () => {
    await withListed({ leads: leadsUpdatedAt(10, 20, 25, 30, 40) }, { inclusiveBounds: false })
    expect(idsOf(await ask(sandbox, between))).toEqual([3])
  })

  it('are ignored without an error where the add-on is off', async () => {
    await withListed({ leads: leadsUpdatedAt(10, 20, 25, 30, 40) }, { filterAddOn: false })
    const answer = await ask(sandbox, between)
    expect([answer.status, idsOf(answer)]).toEqual([200, [1, 2, 3, 4, 5]])
  })

  it('of tasks and events cost nothing and go on working', async () => {
    await withListed(
      {
        tasks: [
          { id: 1, updated_at: 10 },
          { id: 2, updated_at: 20 },
        ],
        events: [
          { id: 'a', created_at: 10 },
          { id: 'b', created_at: 20 },
        ],
      },
      { filterAddOn: false },
    )
    expect(idsOf(await ask(sandbox, '/api/v4/tasks?filter[updated_at][from]=15'))).toEqual([2])
    expect(idsOf(await ask(sandbox, '/api/v4/events?filter[created_at][from]=15'))).toEqual(['b'])
  })

  it('with a bare updated_at find nothing among leads, and what is newer among tasks', async () => {
    await withListed({ leads: leadsUpdatedAt(10, 20), tasks: leadsUpdatedAt(10, 20) })
    expect((await ask(sandbox, '/api/v4/leads?filter[updated_at]=15')).status).toBe(204)
    expect(idsOf(await ask(sandbox, '/api/v4/tasks?filter[updated_at]=15'))).toEqual([2])
  })

  it('by id work also without the add-on', async () => {
    await withListed({ leads: leadsUpdatedAt(1, 2, 3) }, { filterAddOn: false })
    expect(idsOf(await ask(sandbox, '/api/v4/leads?filter[id][]=3&filter[id][]=1'))).toEqual([1, 3])
  })

  it('that tasks do not have are ignored', async () => {
    await withListed({
      tasks: [
        { id: 1, created_at: 10 },
        { id: 2, created_at: 20 },
      ],
    })
    expect(idsOf(await ask(sandbox, '/api/v4/tasks?filter[created_at][from]=15'))).toEqual([1, 2])
  })

  it('of tasks tell the completed from the open', async () => {
    await withListed({
      tasks: [
        { id: 1, is_completed: true },
        { id: 2, is_completed: false },
      ],
    })
    expect(idsOf(await ask(sandbox, '/api/v4/tasks?filter[is_completed]=1'))).toEqual([1])
    expect(idsOf(await ask(sandbox, '/api/v4/tasks?filter[is_completed]=0'))).toEqual([2])
  })

  it('of events take several types', async () => {
    const types = ['lead_added', 'lead_deleted', 'task_completed']
    await withListed({ events: types.map((type, index) => ({ id: type, type, created_at: index })) })
    const path = '/api/v4/events?filter[type][]=lead_deleted&filter[type][]=lead_added'
    expect(idsOf(await ask(sandbox, path))).toEqual(['lead_deleted', 'lead_added'])
  })

  it('agree with the whole list in a generated account', async () => {
    await withGenerated(600)
    const all = await allRows(sandbox, '/api/v4/contacts?limit=250&order[updated_at]=asc')
    const [from, to] = [Number(all[100]?.updated_at), Number(all[300]?.updated_at)]
    const found = await allRows(
      sandbox,
      `/api/v4/contacts?limit=50&order[updated_at]=asc&filter[updated_at][from]=${from}&filter[updated_at][to]=${to}`,
    )
    const expected = all.filter(({ updated_at }) => Number(updated_at) >= from && Number(updated_at) <= to)
    expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
  })

  it.each(['x', '1.5', ''])('refuse a bound that is no number: "%s"', async bound => {
    await withListed({})
    expect((await ask(sandbox, `/api/v4/leads?filter[updated_at][from]=${bound}`)).status).toBe(400)
  })
})

describe('with', () => {
  it('brings contacts and loss reasons of leads; companies come always', async () => {
    await withGenerated(50)
    const [plain] = rowsOf(await ask(sandbox, '/api/v4/leads?limit=1'))
    const [more] = rowsOf(await ask(sandbox, '/api/v4/leads?limit=1&with=contacts,loss_reason,companies'))
    expect(Object.keys(plain?._embedded ?? {}).toSorted()).toEqual(['companies', 'tags'])
    expect(Object.keys(more?._embedded ?? {}).toSorted()).toEqual([
      'companies',
      'contacts',
      'loss_reason',
      'tags',
    ])
  })

  it('brings leads of contacts, contacts and leads of companies', async () => {
    await withGenerated(50)
    const [contact] = rowsOf(await ask(sandbox, '/api/v4/contacts?limit=1&with=leads'))
    const [company] = rowsOf(await ask(sandbox, '/api/v4/companies?limit=1&with=leads,contacts'))
    expect(contact?._embedded).toHaveProperty('leads')
    expect(company?._embedded).toHaveProperty('contacts')
  })

  it('changes nothing about what a test gave literally', async () => {
    const lead = { id: 12345, name: 'Заявка', _embedded: { contacts: [{ id: 5001 }] } }
    await withListed({ leads: [lead] })
    expect(rowsOf(await ask(sandbox, '/api/v4/leads'))).toEqual([lead])
    expect((await ask(sandbox, '/api/v4/leads/12345?with=catalog_elements')).json).toEqual(lead)
  })
})

describe('the recycle bin', () => {
  const lead = { id: 1, name: 'А', price: 5, updated_at: 10, updated_by: 3, account_id: 9, is_deleted: false }

  it('takes a deleted lead out of the list', async () => {
    await withListed({ leads: [lead] })
    sandbox.world.remove('leads', 1)
    expect((await ask(sandbox, '/api/v4/leads')).status).toBe(204)
    expect((await ask(sandbox, '/api/v4/leads/1')).status).toBe(204)
  })

  it('lists it with nulls for nearly everything', async () => {
    await withListed({ leads: [lead] })
    sandbox.world.remove('leads', 1)
    expect(rowsOf(await ask(sandbox, '/api/v4/leads?with=only_deleted'))).toEqual([
      { ...lead, name: null, price: null, updated_at: 1_738_368_000, is_deleted: true },
    ])
  })

  it('is the same in a generated account', async () => {
    await withGenerated(500)
    const rows = rowsOf(await ask(sandbox, '/api/v4/leads?with=only_deleted&limit=250'))
    const filled = new Set(rows.flatMap(row => Object.keys(row).filter(name => row[name] !== null)))
    expect(filled).toEqual(new Set(['id', 'updated_at', 'updated_by', 'is_deleted', 'account_id']))
  })

  it('can be filtered and sorted', async () => {
    await withListed({
      bin: [
        { id: 1, updated_at: 30 },
        { id: 2, updated_at: 10 },
        { id: 3, updated_at: 20 },
      ],
    })
    const path = '/api/v4/leads?with=only_deleted&order[updated_at]=asc&filter[updated_at][from]=15'
    expect(idsOf(await ask(sandbox, path))).toEqual([3, 1])
  })

  it('is not known of contacts: they vanish, with an event', async () => {
    await withListed({ contacts: [{ id: 7 }] })
    sandbox.world.remove('contacts', 7)
    expect((await ask(sandbox, '/api/v4/contacts?with=only_deleted')).status).toBe(204)
    expect(rowsOf(await ask(sandbox, '/api/v4/events'))).toEqual([
      expect.objectContaining({ type: 'contact_deleted', entity_id: 7, value_before: [], value_after: [] }),
    ])
  })
})

describe('the rest of the account', () => {
  it('tells whether the add-on is on, only when asked', async () => {
    await withGenerated(1, { filterAddOn: false })
    const asked = await ask(sandbox, '/api/v4/account?with=is_api_filter_enabled,datetime_settings')
    expect(asked.json).toMatchObject({
      currency: 'KZT',
      is_api_filter_enabled: false,
      _embedded: { datetime_settings: { timezone: 'Asia/Almaty' } },
    })
    const plain = await ask(sandbox, '/api/v4/account')
    expect(plain.json).not.toHaveProperty('is_api_filter_enabled')
    expect(plain.json._embedded).toEqual({})
  })

  it('has 142 and 143 in every pipeline, renamed in one, on a single page', async () => {
    await withGenerated(1)
    const pipelines = rowsOf(await ask(sandbox, '/api/v4/leads/pipelines?limit=1'))
    const names = pipelines.map(({ _embedded }) => JSON.stringify(_embedded))
    expect(pipelines.length).toBe(3)
    expect(names.every(text => text.includes('"id":142') && text.includes('"id":143'))).toBe(true)
    expect(names.filter(text => text.includes('"Успешно реализовано"'))).toHaveLength(2)
  })

  it.each([
    '/api/v4/leads/loss_reasons',
    '/api/v4/leads/custom_fields',
    '/api/v4/contacts/custom_fields',
    '/api/v4/companies/custom_fields',
    '/api/v4/catalogs',
    '/api/v4/catalogs/8002/elements',
    '/api/v4/catalogs/8002/custom_fields',
  ])('lists %s', async path => {
    await withGenerated(1)
    expect((await allRows(sandbox, `${path}?limit=7`)).length).toBeGreaterThan(0)
  })

  it('answers 204 for one id that does not exist', async () => {
    await withGenerated(1)
    for (const path of [
      'leads/1',
      'contacts/1',
      'companies/x',
      'tasks/1',
      'events/1',
      'users/1',
      'catalogs/1',
    ]) {
      expect((await ask(sandbox, `/api/v4/${path}`)).status).toBe(204)
    }
  })

  it('answers 404 to what it does not have', async () => {
    await withGenerated(1)
    for (const path of [
      '/api/v4/nothing',
      '/api/v4/leads/1/notes',
      '/',
      '/api/v3/leads',
      '/api/v4/toString',
    ]) {
      const answer = await ask(sandbox, path)
      expect([answer.status, answer.type]).toEqual([404, 'application/problem+json'])
    }
  })
})

describe('a token that is not an admin’s', () => {
  it('sees only its user’s records, without any error', async () => {
    await withGenerated(300, { isAdmin: false })
    const rows = await allRows(sandbox, '/api/v4/leads?limit=250')
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.length).toBeLessThan(150)
    expect(new Set(rows.map(row => row.responsible_user_id)).size).toBe(1)
  })

  it('may not list users', async () => {
    await withGenerated(1, { isAdmin: false })
    const answer = await ask(sandbox, '/api/v4/users')
    expect([answer.status, answer.type]).toEqual([403, 'application/problem+json'])
  })
})
