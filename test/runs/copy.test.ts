import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { openDuckdb } from '../../src/warehouse/duckdb/file.js'
import type { Row } from '../../src/warehouse/engine.js'
import { type Hub, openHub } from '../hub.js'
import { gateDay, lead } from './invented-account.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

async function filledHub(): Promise<Hub> {
  const opened = await openHub({
    world: listedWorld({
      leads: [lead({ id: 1, price: 10 }), lead({ id: 2, name: `"O'Brien", 😀\n\\ ` })],
      visits: { '2025-01-30': gateDay(['650727300949']) },
    }),
    now: '2025-01-31T05:00:00Z',
    startDate: '2025-01-30',
  })
  hub = opened
  expect((await opened.hubdwh('run')).exitCode).toBe(0)
  const config = await readFile(join(opened.folder, 'hubdwh.yaml'), 'utf8')
  await writeFile(
    join(opened.folder, 'other.yaml'),
    config.replace('./data/warehouse.duckdb', './data/other.duckdb').replace('Asia/Almaty', 'Asia/Aqtau'),
  )
  return opened
}

async function inOther(opened: Hub, access: 'read' | 'write', sql: string): Promise<readonly Row[]> {
  const engine = await openDuckdb({
    path: join(opened.folder, 'data/other.duckdb'),
    access,
    timeZone: 'Asia/Almaty',
    timeAs: 'time',
    clock: opened.clock,
  })
  try {
    return (await engine.query(sql)).rows
  } finally {
    await engine.close()
  }
}

const isCopied = (table: Row): boolean => table.was_there === false

describe('copying the warehouse', () => {
  it('brings every row of every table there, so that nothing is left to load or to build', async () => {
    const opened = await filledHub()
    const copied = await opened.hubdwh('copy', '--to', 'other.yaml', '--json')
    expect(copied.exitCode, copied.err).toBe(0)
    for (const table of [
      'bronze.amocrm_leads',
      'silver.amocrm_leads',
      'silver.alaqan_visits',
      'gold.alaqan_daily_attendance',
      'meta.loads',
      'meta.models',
    ]) {
      const query = `select * from ${table} order by all`
      expect(await inOther(opened, 'read', query), table).toEqual(await opened.rows(query))
    }
    await writeFile(
      join(opened.folder, 'other.yaml'),
      (await readFile(join(opened.folder, 'other.yaml'), 'utf8')).replace('Asia/Aqtau', 'Asia/Almaty'),
    )
    const next = await opened.hubdwh('--config', 'other.yaml', 'transform', '--json')
    expect(next.json).toMatchObject({ models: [] })
  })

  it('goes on where it was broken off, and mends what differs', async () => {
    const opened = await filledHub()
    await opened.hubdwh('copy', '--to', 'other.yaml')
    await inOther(opened, 'write', 'delete from meta.loads')
    await inOther(opened, 'write', 'delete from silver.amocrm_leads where lead_id = 2')
    await inOther(opened, 'write', 'update bronze.amocrm_leads set price = 11 where id = 1')
    const again = await opened.hubdwh('copy', '--to', 'other.yaml', '--json')
    expect(again.exitCode, again.err).toBe(0)
    const tables = again.json?.tables ?? []
    const fresh = Array.isArray(tables) ? tables.filter(isCopied) : []
    expect(fresh.map(({ table }) => table)).toEqual([
      'bronze.amocrm_leads',
      'silver.amocrm_leads',
      'meta.loads',
    ])
    const query = 'select id, price from bronze.amocrm_leads order by id'
    expect(await inOther(opened, 'read', query)).toEqual(await opened.rows(query))
  })

  it('overwrites nothing that another warehouse has loaded', async () => {
    const opened = await filledHub()
    await opened.hubdwh('--config', 'other.yaml', 'load', 'alaqan')
    await inOther(opened, 'write', "update meta.loads set load_id = 'another'")
    const refused = await opened.hubdwh('copy', '--to', 'other.yaml')
    expect(refused.exitCode).toBe(2)
    expect(refused.err).toContain('1 loads that this warehouse does not know, as another')
    expect(await inOther(opened, 'read', 'select count(*) as n from silver.amocrm_leads')).toEqual([{ n: 0 }])
  })

  it('is refused onto itself', async () => {
    const opened = await filledHub()
    const refused = await opened.hubdwh('copy', '--to', 'hubdwh.yaml')
    expect(refused.exitCode).toBe(2)
    expect(refused.err).toContain('the same warehouse')
  })
})
