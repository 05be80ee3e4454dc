import { afterEach, describe, expect, it } from 'vitest'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { modelEntities, smallWorld } from './account-edits.js'
import { lead } from './invented-account.js'
import { bronzeCounts, dumpOf } from './table-dump.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

async function small(): Promise<Hub> {
  hub = await openHub({ world: smallWorld(), now: '2025-03-01T05:00:00Z', startDate: '2025-02-24' })
  return hub
}

describe('transform', () => {
  it('silver, then gold, gives what both at once give, also a source at a time', async () => {
    const { hubdwh, ...opened } = await small()
    await hubdwh('load', 'alaqan')
    await hubdwh('load', 'amocrm', ...modelEntities)
    expect((await hubdwh('transform', 'silver', '--source', 'alaqan')).exitCode).toBe(0)
    expect(await opened.rows('select count(*) as n from silver.amocrm_leads')).toEqual([{ n: 0 }])
    expect(await opened.rows('select count(*) as n from gold.alaqan_daily_attendance')).toEqual([{ n: 0 }])
    await hubdwh('transform', 'silver')
    await hubdwh('transform', 'gold', '--source', 'amocrm')
    expect(await opened.rows('select count(*) as n from gold.alaqan_daily_attendance')).toEqual([{ n: 0 }])
    await hubdwh('transform', 'gold')
    const stepwise = await dumpOf({ ...opened, hubdwh }, 'silver', 'gold')
    expect((await hubdwh('transform', '--skip-code')).exitCode).toBe(99)
    await hubdwh('transform', '--full')
    expect(stepwise).toEqual(await dumpOf({ ...opened, hubdwh }, 'silver', 'gold'))
    expect(stepwise.some(row => row.startsWith('gold.amocrm_sales_funnel'))).toBe(true)
  })

  it.each([
    [
      'the mapping of a custom field',
      (text: string) => text.replace('amocrm:\n', 'amocrm:\n  custom_fields: {source: [Канал]}\n'),
      'cf_source',
      'Выставка',
    ],
    [
      'the masking of phones',
      (text: string) => text.replace('privacy:\n', 'privacy:\n  phone: none\n'),
      'phone',
      '+77001234567',
    ],
  ])('rebuilds silver when %s changes', async (_, change, column, value) => {
    const world = smallWorld()
    world.edit('leads', 1, {
      updated_at: 1_738_198_800,
      custom_fields_values: [
        { field_id: 9, field_name: 'Канал', field_type: 'text', values: [{ value: 'Выставка' }] },
      ],
    })
    hub = await openHub({ world, now: '2025-03-01T05:00:00Z' })
    await hub.hubdwh('load', 'amocrm', 'leads', 'contacts')
    await hub.hubdwh('transform')
    const table = column === 'phone' ? 'silver.amocrm_contacts' : 'silver.amocrm_leads'
    const query = `select count(*) as n from ${table} where ${column} = '${value}'`
    expect(await hub.rows(query)).toEqual([{ n: 0 }])
    await hub.configure(change)
    expect((await hub.hubdwh('transform', '--skip-code')).exitCode).toBe(0)
    expect(await hub.rows(query)).toEqual([{ n: column === 'phone' ? 3 : 1 }])
    expect((await hub.hubdwh('transform', '--skip-code')).exitCode).toBe(99)
  })

  it('rebuilds what is hashed when the key changes', async () => {
    const opened = await small()
    await opened.hubdwh('load', 'alaqan')
    await opened.hubdwh('transform')
    const iins = 'select distinct iin from silver.alaqan_visits order by 1'
    const before = await opened.rows(iins)
    opened.env.HUBDWH_PRIVACY_KEY = 'ff'.repeat(32)
    await opened.hubdwh('transform')
    const after = await opened.rows(iins)
    expect(after).toHaveLength(before.length)
    expect(after).not.toEqual(before)
    expect(await opened.rows('select distinct iin from gold.alaqan_daily_attendance order by 1')).toEqual(
      after,
    )
  })
})

describe('load amocrm', () => {
  it('refuses names that are no entities, and says which there are', async () => {
    const { hubdwh, sandbox } = await small()
    const { exitCode, err } = await hubdwh('load', 'amocrm', 'lead')
    expect(exitCode).toBe(2)
    expect(err).toContain('leads')
    expect(sandbox.requests).toEqual([])
  })

  it('--full asks for everything again and stores nothing twice', async () => {
    const at = 1_738_198_800
    hub = await openHub({
      world: listedWorld({ leads: [1, 2, 3].map(id => lead({ id, at: at - id * 1_000_000 })) }),
      now: '2025-03-01T05:00:00Z',
    })
    await hub.hubdwh('load', 'amocrm', 'leads')
    const before = await bronzeCounts(hub)
    hub.clock.advance(60_000)
    const since = await hub.hubdwh('load', 'amocrm', 'leads', '--json')
    expect(since.json.loads).toMatchObject([{ entity: 'leads', rows: 0, unchanged: 0 }])
    const full = await hub.hubdwh('load', 'amocrm', 'leads', '--full', '--json')
    expect(full.json.loads).toMatchObject([{ entity: 'leads', rows: 0, unchanged: 3, window: 'everything' }])
    expect(await bronzeCounts(hub)).toEqual(before)
  })
})

describe('every command', () => {
  it.each([
    [['frobnicate'], 2],
    [['run', 'sap'], 2],
    [['transform', 'platinum'], 2],
    [['load', 'alaqan', '--iin', '123'], 2],
    [['backfill', 'alaqan'], 2],
    [['status', '--prometheus', 'nowhere/hubdwh.prom'], 2],
    [['sql', 'select 1'], 2],
    [['run', '--config', 'nowhere.yaml'], 2],
  ] as const)('%j on nothing ends with %i and one JSON object as the last line', async (argv, code) => {
    const { hubdwh } = await small()
    const { exitCode, json, err } = await hubdwh(...argv, '--json')
    expect(exitCode).toBe(code)
    expect(json).toMatchObject({ ok: false, exit_code: code })
    expect(err).toMatch(/^error: /m)
  })

  it('plans a first run on nothing', async () => {
    const { hubdwh } = await small()
    const { exitCode, json } = await hubdwh('plan', '--json')
    expect(exitCode).toBe(0)
    expect(json.loads).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ source: 'alaqan', reason: 'first load' }),
        expect.objectContaining({ entity: 'leads', reason: 'first load' }),
      ]),
    )
  })
})
