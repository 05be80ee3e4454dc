/** What was deleted, restored or merged away is known from the bin, from events and from sweeps (reference: "Deletions and merges"). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../src/json.js'
import { listedWorld, type World } from '../src/sandbox/sandbox.js'
import { type Hub, openHub } from './hub.js'

const created = Date.parse('2025-01-20T06:00:00Z') / 1000

function contact(id: number): JsonObject {
  return {
    id,
    name: `Контакт ${id}`,
    created_at: created,
    updated_at: created + id,
    custom_fields_values: null,
  }
}

function worldOf(contacts: number): World {
  return listedWorld({
    leads: [1, 2, 3].map(id => ({
      id,
      name: `Заявка ${id}`,
      price: 1000 * id,
      status_id: 10,
      pipeline_id: 3,
      created_at: created,
      updated_at: created + id,
      is_deleted: false,
    })),
    contacts: Array.from({ length: contacts }, (_, index) => contact(index + 1)),
    tasks: [
      { id: 1, text: 'Позвонить', is_completed: false, created_at: created, updated_at: created, result: [] },
    ],
  })
}

describe('a record that was deleted', () => {
  let hub: Hub
  beforeEach(async () => {
    hub = await openHub({ world: worldOf(12), now: '2025-01-31T05:00:00Z' })
    await hub.hubdwh('run')
    hub.clock.advance(3_600_000)
  })
  afterEach(() => hub.close())

  const deleted = async (table: string, id: string) =>
    (await hub.rows(`select ${id} as id from silver.${table} where is_deleted order by 1`)).map(row => row.id)
  const laterRun = async () => {
    hub.clock.advance(4 * 3_600_000)
    return hub.hubdwh('run', '--json')
  }

  it('and stands in the bin keeps its values and is marked', async () => {
    hub.world.remove('leads', 2)
    await laterRun()
    expect(
      await hub.rows('select lead_id, lead_name, price from silver.amocrm_leads where is_deleted'),
    ).toEqual([{ lead_id: 2, lead_name: 'Заявка 2', price: 2000 }])
  })

  it('is known from its event where there is no bin', async () => {
    hub.world.remove('contacts', 5)
    hub.world.remove('tasks', 1)
    await laterRun()
    expect(await deleted('amocrm_contacts', 'contact_id')).toEqual([5])
    expect(await deleted('amocrm_tasks', 'task_id')).toEqual([1])
    expect(await hub.rows('select full_name from silver.amocrm_contacts where contact_id = 5')).toEqual([
      { full_name: 'Контакт 5' },
    ])
  })

  it('and restored comes back', async () => {
    hub.world.remove('leads', 2)
    hub.world.remove('contacts', 5)
    await laterRun()
    hub.world.restore('leads', 2)
    hub.world.restore('contacts', 5)
    await laterRun()
    expect(await deleted('amocrm_leads', 'lead_id')).toEqual([])
    expect(await deleted('amocrm_contacts', 'contact_id')).toEqual([])
  })

  it('without any trace is found by the sweep, which asks for it by itself', async () => {
    hub.world.purge('contacts', 7)
    hub.world.mergeContacts(8, 9)
    await laterRun()
    expect(await deleted('amocrm_contacts', 'contact_id')).toEqual([])
    hub.clock.advance(7 * 24 * 3_600_000)
    const { exitCode } = await laterRun()
    expect(exitCode).toBe(0)
    expect(await deleted('amocrm_contacts', 'contact_id')).toEqual([7, 8])
    const asked = hub.sandbox.requests
      .filter(({ path }) => /contacts\/\d+$/.test(path))
      .map(({ path }) => path)
    expect(asked.sort()).toEqual(['/api/v4/contacts/7', '/api/v4/contacts/8'])
  })

  it('is looked for again only after another week', async () => {
    hub.clock.advance(7 * 24 * 3_600_000)
    await laterRun()
    const before = await hub.rows(
      "select count(*) as sweeps from meta.loads where mode = 'everything' and entity = 'contacts'",
    )
    await laterRun()
    expect(
      await hub.rows(
        "select count(*) as sweeps from meta.loads where mode = 'everything' and entity = 'contacts'",
      ),
    ).toEqual(before)
  })
})

describe('a sweep that misses more than 1 %', () => {
  it('changes nothing, says so and ends with 4, until a person accepts it', async () => {
    const hub = await openHub({ world: worldOf(40), now: '2025-01-31T05:00:00Z' })
    try {
      await hub.hubdwh('run')
      for (let id = 1; id <= 15; id++) hub.world.purge('contacts', id)
      hub.clock.advance(8 * 24 * 3_600_000)
      const stopped = await hub.hubdwh('run')
      expect(stopped.exitCode).toBe(4)
      expect(stopped.err).toContain('no longer lists 15 of 40 known contacts')
      expect(await hub.rows('select count(*) as gone from silver.amocrm_contacts where is_deleted')).toEqual([
        { gone: 0 },
      ])

      const accepted = await hub.hubdwh('load', 'amocrm', 'contacts', '--full', '--accept')
      expect(accepted.exitCode).toBe(0)
      await hub.hubdwh('transform')
      expect(await hub.rows('select count(*) as gone from silver.amocrm_contacts where is_deleted')).toEqual([
        { gone: 15 },
      ])
    } finally {
      await hub.close()
    }
  })
})
