/** What vanished without a trace is found by reading everything and asking for what is missing (docs/architecture.md). */
import { afterEach, describe, expect, it } from 'vitest'
import { listedWorld, type World } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'

const created = Date.parse('2025-01-20T06:00:00Z') / 1000
const week = 7 * 24 * 3_600_000

function contacts(count: number): World {
  return listedWorld({
    contacts: Array.from({ length: count }, (_, index) => ({
      id: index + 1,
      name: `Контакт ${index + 1}`,
      created_at: created,
      updated_at: created + index,
      custom_fields_values: null,
    })),
  })
}

let hub: Hub
afterEach(() => hub.close())

const loadContacts = (...options: readonly string[]) => hub.hubdwh('load', 'amocrm', 'contacts', ...options)

async function deleted(): Promise<readonly unknown[]> {
  await hub.hubdwh('transform')
  const rows = await hub.rows('select contact_id from silver.amocrm_contacts where is_deleted order by 1')
  return rows.map(row => row.contact_id)
}

describe('contacts that were purged and merged away', () => {
  it('are found a week after the last reading of everything, each asked for by itself', async () => {
    hub = await openHub({ world: contacts(12), now: '2025-01-31T05:00:00Z' })
    await loadContacts()
    hub.world.purge('contacts', 7)
    hub.world.mergeContacts(8, 9)
    hub.clock.advance(4 * 3_600_000)
    await loadContacts()
    expect(await deleted()).toEqual([])

    hub.clock.advance(week)
    expect(await loadContacts()).toMatchObject({ exitCode: 0 })
    expect(await deleted()).toEqual([7, 8])
    const asked = hub.sandbox.requests.filter(({ path }) => /contacts\/\d+$/.test(path))
    expect(asked.map(({ path }) => path).sort()).toEqual(['/api/v4/contacts/7', '/api/v4/contacts/8'])
  })

  it('are found by a task of its own, where that is asked for', async () => {
    hub = await openHub({ world: contacts(12), now: '2025-01-31T05:00:00Z' })
    const sweep = () => hub.hubdwh('load', 'amocrm', '--sweeps', 'only', '--skip-code')
    await loadContacts()
    hub.world.purge('contacts', 7)
    expect(await sweep()).toMatchObject({ exitCode: 99 })

    hub.clock.advance(week)
    await loadContacts('--sweeps', 'left')
    expect(await deleted()).toEqual([])
    expect(await sweep()).toMatchObject({ exitCode: 0 })
    expect(await deleted()).toEqual([7])
    expect(await sweep()).toMatchObject({ exitCode: 99 })
  })

  it('are looked for again only after another week', async () => {
    hub = await openHub({ world: contacts(3), now: '2025-01-31T05:00:00Z' })
    await loadContacts()
    hub.clock.advance(week)
    await loadContacts()
    hub.clock.advance(4 * 3_600_000)
    await loadContacts()
    expect(await hub.rows('select mode from meta.loads order by started_at')).toEqual([
      { mode: 'everything' },
      { mode: 'everything' },
      { mode: 'changes' },
    ])
  })

  it('are too many where they are more than 1 % and more than ten: nothing changes until a person accepts it', async () => {
    hub = await openHub({ world: contacts(40), now: '2025-01-31T05:00:00Z' })
    await loadContacts()
    for (let id = 1; id <= 15; id++) hub.world.purge('contacts', id)
    hub.clock.advance(week)
    const stopped = await loadContacts()
    expect(stopped.exitCode).toBe(4)
    expect(stopped.err).toContain('no longer lists 15 of 40 known contacts')
    expect(await deleted()).toEqual([])

    expect(await loadContacts('--full', '--accept')).toMatchObject({ exitCode: 0 })
    expect(await deleted()).toHaveLength(15)
  })

  it('stay to be looked for where only a restored one was asked for meanwhile', async () => {
    hub = await openHub({ world: contacts(40), now: '2025-01-31T05:00:00Z' })
    await loadContacts()
    for (let id = 1; id <= 15; id++) hub.world.purge('contacts', id)
    hub.clock.advance(week)
    await loadContacts()
    hub.clock.advance(3_600_000)
    hub.world.remove('contacts', 30)
    hub.world.restore('contacts', 30)
    expect(await hub.hubdwh('load', 'amocrm', 'events')).toMatchObject({ exitCode: 0 })
    hub.clock.advance(24 * 3_600_000)
    expect((await loadContacts()).exitCode).toBe(4)
  })
})
