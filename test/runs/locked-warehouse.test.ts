import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { gateDay, iins } from './invented-account.js'

let hub: Hub | undefined
let holder: ChildProcess | undefined
afterEach(async () => {
  await letGo()
  await hub?.close()
  hub = undefined
})

/** Another program that has the DuckDB file open, as an analyst's tool would. */
async function hold(path: string): Promise<number> {
  const program = `
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const instance = await DuckDBInstance.create(process.argv[1])
    await instance.connect()
    process.stdout.write('held')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  holder = child
  if (!child.stdout || child.pid === undefined) throw new Error('The holder did not start.')
  await once(child.stdout, 'data')
  return child.pid
}

async function letGo(): Promise<void> {
  const child = holder
  holder = undefined
  if (!child || child.exitCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

it('names who has the warehouse open, keeps what it fetched, and loads it later without asking again', async () => {
  let heldBy: number | undefined
  const days = { '2025-01-29': gateDay(iins.slice(0, 1)), '2025-01-30': gateDay(iins.slice(0, 2)) }
  hub = await openHub({
    world: listedWorld({ visits: days }),
    now: '2025-01-30T05:00:00Z',
    startDate: '2025-01-29',
    withoutAmocrm: true,
    sandbox: {
      beforeRequest: async ({ query }) => {
        if (!query.includes('2025-01-30') || !hub) return
        heldBy ??= await hold(join(hub.folder, 'data/warehouse.duckdb'))
      },
    },
  })
  expect((await hub.hubdwh('run')).exitCode).toBe(0)
  hub.clock.set(Date.parse('2025-01-31T05:00:00Z'))

  const locked = await hub.hubdwh(
    'backfill',
    'alaqan',
    '--from',
    '2025-01-30',
    '--to',
    '2025-01-30',
    '--json',
  )
  expect(locked.exitCode).toBe(3)
  expect(locked.json).toMatchObject({ error: { code: 'warehouse_locked' } })
  expect(locked.err).toContain(`PID ${heldBy}`)

  await letGo()
  const rows = 'select count(*) as n from bronze.alaqan_visits'
  expect(await hub.rows(rows)).toEqual([{ n: 2 }])
  const asked = hub.sandbox.requests.length
  const next = await hub.hubdwh('backfill', 'alaqan', '--from', '2025-01-30', '--to', '2025-01-30')
  expect(next.exitCode, next.err).toBe(0)
  expect(hub.sandbox.requests).toHaveLength(asked)
  expect(await hub.rows(rows)).toEqual([{ n: 6 }])
  expect(await hub.rows('select count(*) as n from meta.loads')).toEqual([{ n: 2 }])
})
