import { afterEach, describe, expect, it } from 'vitest'
import { type Hub, openHub } from '../hub.js'
import { smallWorld } from './account-edits.js'
import { gateDay, iins, lead } from './invented-account.js'
import { bronzeCounts, dumpOf, unaccounted } from './table-dump.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

describe('a run after a run', () => {
  it('writes no row of bronze, silver and gold where nothing is new', async () => {
    hub = await openHub({ world: smallWorld(), now: '2025-03-01T05:00:00Z', startDate: '2025-02-24' })
    expect((await hub.hubdwh('run')).exitCode).toBe(0)
    const [before, bronze] = [await dumpOf(hub, 'silver', 'gold'), await bronzeCounts(hub)]
    hub.clock.advance(3_600_000)

    const second = await hub.hubdwh('run', '--skip-code', '--json')
    expect(second.exitCode).toBe(99)
    expect(second.json.models).toEqual([])
    expect(await dumpOf(hub, 'silver', 'gold')).toEqual(before)
    expect(await bronzeCounts(hub)).toEqual(bronze)
    expect(await unaccounted(hub)).toEqual([])
    expect(before.length).toBeGreaterThan(30)

    expect((await hub.hubdwh('run')).exitCode).toBe(0)
  })

  it('rebuilds what one lead touches and nothing else', async () => {
    const world = smallWorld()
    hub = await openHub({ world, now: '2025-03-01T05:00:00Z', startDate: '2025-02-24' })
    await loadAndBuild(hub)
    hub.clock.advance(3_600_000)
    world.edit('leads', 2, { price: 77 })

    await hub.hubdwh('load', 'amocrm', 'leads')
    const { json } = await hub.hubdwh('transform', '--json')
    expect(json.models).toMatchObject([
      { model: 'silver.amocrm_leads', extent: 'part', added: 1, removed: 1 },
      { model: 'gold.amocrm_client_analytics', extent: 'part' },
      { model: 'gold.amocrm_manager_activity', extent: 'part' },
      { model: 'gold.amocrm_sales_funnel', extent: 'part' },
      { model: 'gold.amocrm_stage_conversion', extent: 'part' },
    ])
  })

  it('has nothing to do also after one person was loaded on top of known days', async () => {
    const [someone = ''] = iins
    hub = await openHub({
      world: smallWorld(),
      now: '2025-03-01T05:00:00Z',
      startDate: '2025-02-24',
      withoutAmocrm: true,
    })
    await hub.hubdwh('run')
    hub.clock.advance(60_000)
    const person = await hub.hubdwh('load', 'alaqan', '--iin', someone)
    expect(person.exitCode, person.err).toBe(0)
    const before = await dumpOf(hub, 'bronze')
    hub.clock.advance(60_000)
    await hub.hubdwh('run')
    hub.clock.advance(60_000)

    expect((await hub.hubdwh('run', '--skip-code')).exitCode).toBe(99)
    expect(await dumpOf(hub, 'bronze')).toEqual(before)
  })

  it('adds nothing for a record that a page holds twice with different content', async () => {
    const world = smallWorld()
    const twice = [lead({ id: 50, name: 'одно' }), lead({ id: 50, name: 'другое' })]
    for (const record of twice) world.collections.leads.append(record)
    hub = await openHub({ world, now: '2025-03-01T05:00:00Z' })
    await hub.hubdwh('load', 'amocrm', 'leads')
    await hub.hubdwh('transform')
    const [before, bronze] = [await dumpOf(hub, 'silver'), await bronzeCounts(hub)]
    hub.clock.advance(60_000)

    await hub.hubdwh('load', 'amocrm', 'leads', '--full')
    await hub.hubdwh('transform')
    expect(await dumpOf(hub, 'silver')).toEqual(before)
    expect(await bronzeCounts(hub)).toEqual(bronze)
  })

  it('sees a restored lead, an emptied day and a person who is gone from a day', async () => {
    const world = smallWorld()
    hub = await openHub({ world, now: '2025-03-01T05:00:00Z', startDate: '2025-02-24' })
    world.remove('leads', 3)
    await loadAndBuild(hub)
    expect(await hub.rows('select lead_id from silver.amocrm_leads where is_deleted')).toEqual([
      { lead_id: 3 },
    ])
    hub.clock.advance(3_600_000)
    world.restore('leads', 3)
    world.setVisits('2025-02-28', [])
    world.setVisits('2025-02-27', gateDay(iins.slice(1, 2)))
    await loadAndBuild(hub)
    expect(await hub.rows('select lead_id from silver.amocrm_leads where is_deleted')).toEqual([])
    expect(
      await hub.rows(
        `select cast(visit_date as varchar) as day, count(distinct iin) as people from silver.alaqan_visits
         where visit_date >= date '2025-02-26' group by 1 order by 1`,
      ),
    ).toEqual([
      { day: '2025-02-26', people: 2 },
      { day: '2025-02-27', people: 1 },
    ])
  })
})

async function loadAndBuild({ hubdwh }: Hub): Promise<void> {
  for (const argv of [
    ['load', 'alaqan'],
    ['load', 'amocrm', 'leads', 'leads_bin', 'events'],
    ['transform'],
  ]) {
    const { exitCode, err } = await hubdwh(...argv)
    expect(exitCode, err).toBe(0)
  }
}
