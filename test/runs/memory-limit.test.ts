/** A bound memory, from the first request to the marts: what is read and read again has room in it. */
import { afterEach, describe, expect, it } from 'vitest'
import { type Hub, openHub } from '../hub.js'
import { smallWorld } from './account-edits.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

describe('within the smallest memory that can be configured', () => {
  it('everything is loaded, set aside, built, and read again from the archive', async () => {
    const world = smallWorld()
    world.setVisits('2025-02-27', { '12': [{ event: 'entry', time: '09:00:00' }] })
    world.collections.leads.put(900, { id: 900, name: 5 }, 'list')
    hub = await openHub({ world, now: '2025-03-01T05:00:00Z', startDate: '2025-02-24' })
    await hub.configure(text => text.replace('engine: duckdb', 'engine: duckdb\n  memory_limit: 256MB'))
    const run = await hub.hubdwh('run')
    expect(run.exitCode, run.err).toBe(0)
    const rejects = () =>
      hub?.rows("select count(*) as n from meta.rejects where table_name = 'bronze.amocrm_leads'")
    expect(await rejects()).toEqual([{ n: 1 }])
    const replay = await hub.hubdwh('transform', '--replay', '2025-02-24')
    expect(replay.exitCode, replay.err).toBe(0)
    expect(await rejects()).toEqual([{ n: 1 }])
  })
})

describe('a load is given little memory, however much there is', () => {
  it('and all of it where a record of tens of megabytes needs more', async () => {
    const world = smallWorld()
    hub = await openHub({ world, now: '2025-03-01T05:00:00Z', startDate: '2025-02-24' })
    world.edit('leads', 2, { name: 'длинное имя '.repeat(1_500_000) })
    const load = await hub.hubdwh('load', 'amocrm', 'leads')
    expect(load.exitCode, load.err).toBe(0)
    expect(await hub.rows('select length(name) as n from bronze.amocrm_leads where id = 2')).toEqual([
      { n: 18_000_000 },
    ])
  })
})
