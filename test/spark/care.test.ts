/** Tables that Spark takes care of, and people whom it erases for good. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Hub } from '../hub.js'
import { iins } from '../runs/invented-account.js'
import { events, openGate } from './gate.js'

let hub: Hub
beforeAll(async () => {
  hub = await openGate({
    privacy: [`key: \${HUBDWH_PRIVACY_KEY}`, `erasure_key: \${HUBDWH_ERASURE_KEY}`],
    env: { HUBDWH_ERASURE_KEY: 'e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff' },
  })
  expect((await hub.hubdwh('run')).exitCode).toBe(0)
})
afterAll(() => hub.close())

const snapshotsOf = async (table: string) =>
  Number((await hub.rows(`select count(*) as snapshots from ${table}.snapshots`))[0]?.snapshots)

it('maintain tells what tables need, does it, and has nothing left to do', async () => {
  expect(await snapshotsOf('meta.pending_scopes')).toBeGreaterThan(1)
  const before = await hub.rows(
    'select * from silver.alaqan_visits order by iin, event, event_time, visit_date',
  )
  // Snapshots have the time of the server.
  const [newest] = await hub.rows(
    'select max(unix_millis(committed_at)) as at from meta.pending_scopes.snapshots',
  )
  hub.clock.set(Number(newest?.at) + 3_600_000)
  const told = await hub.hubdwh('maintain', '--keep-days', '0', '--dry-run', '--json')
  expect(told.json).toMatchObject({ done: false })
  expect(told.out).toContain('meta.pending_scopes')

  const { exitCode, err, json } = await hub.hubdwh('maintain', '--keep-days', '0', '--json')
  expect(exitCode, err).toBe(0)
  expect(json).toMatchObject({ done: true })
  expect(await snapshotsOf('meta.pending_scopes')).toBe(1)
  expect(
    await hub.rows('select * from silver.alaqan_visits order by iin, event, event_time, visit_date'),
  ).toEqual(before)
  expect((await hub.hubdwh('maintain', '--keep-days', '0', '--json')).json).toMatchObject({ steps: [] })
})

it('forget takes a person out of the tables and out of their older snapshots', async () => {
  const [someone = ''] = iins
  const { exitCode, err } = await hub.hubdwh('forget', '--iin', someone, '--yes')
  expect(exitCode, err).toBe(0)
  expect(
    await hub.rows(`select count(*) as visits from bronze.alaqan_visits where iin = '${someone}'`),
  ).toEqual([{ visits: 0 }])
  expect(await hub.rows('select count(*) as visits from silver.alaqan_visits')).toEqual([
    { visits: events - 4 },
  ])
  for (const table of ['bronze.alaqan_visits', 'silver.alaqan_visits', 'gold.alaqan_daily_attendance']) {
    expect(await snapshotsOf(table), table).toBe(1)
  }
})
