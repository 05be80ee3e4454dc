/** kill -9 while the catalog is asked to change a table: nobody sees half of it, and the next run goes on. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Hub } from '../hub.js'
import { unaccounted } from '../runs/table-dump.js'
import { behindProxy, type CatalogProxy, type CatalogRequest, isCommit } from '../warehouse/catalog-proxy.js'
import { events, loadDays, openGate } from './gate.js'

const hubs: Hub[] = []
let proxy: CatalogProxy | undefined
afterEach(async () => {
  await proxy?.close()
  proxy = undefined
  for (const hub of hubs.splice(0)) await hub.close()
})

async function opened(...how: Parameters<typeof openGate>): Promise<Hub> {
  const hub = await openGate(...how)
  hubs.push(hub)
  return hub
}

const command = resolve(import.meta.dirname, '../../bin/hubdwh')

type Moment = 'before' | 'done'

/**
 * Starts the command and kills it at a commit.
 * @param at which commit, counted from 1; whether the catalog has not heard of it, or has carried it out
 */
async function killedAt(hub: Hub, argv: readonly string[], [count, moment]: readonly [number, Moment]) {
  const child = spawn(process.execPath, [command, ...argv], {
    cwd: hub.folder,
    env: { PATH: process.env.PATH, HOME: hub.folder, ...hub.env },
    stdio: 'ignore',
  })
  const ended = once(child, 'close')
  let left = count
  const kill = (request: CatalogRequest): boolean => {
    if (isCommit(request)) left -= 1
    if (left !== 0 || !isCommit(request)) return false
    child.kill('SIGKILL')
    return true
  }
  const hooks = proxy?.hooks
  if (!hooks) throw new Error('There is no proxy.')
  if (moment === 'before') hooks.before = request => (kill(request) ? 'cut' : undefined)
  else hooks.done = request => void kill(request)
  await ended
  hooks.before = () => undefined
  hooks.done = () => {}
  expect(child.signalCode, `${argv.join(' ')} was killed at commit ${count}`).toBe('SIGKILL')
}

/** Tables of which a reader sees everything or nothing, whenever they look. */
const whole = {
  visits: 'select count(*) as n from bronze.alaqan_visits where load_id in (select load_id from meta.loads)',
  silver: 'select count(*) as n from silver.alaqan_visits',
  attendance: 'select count(*) as n from gold.alaqan_daily_attendance',
}
/** People a day: two and four. */
const full = { visits: events, silver: events, attendance: 6 }

async function expectNothingHalf(hub: Hub): Promise<void> {
  for (const name of ['visits', 'silver', 'attendance'] as const) {
    const [row] = await hub.rows(whole[name])
    expect([0, full[name]], name).toContain(row?.n)
  }
}

const results = [
  'select visit_date, iin, event, event_time from silver.alaqan_visits order by all',
  `select visit_date, iin, first_entry_local, last_exit_local, hours_on_site
   from gold.alaqan_daily_attendance order by all`,
  'select year, month, iin, total_days_visited, total_hours from gold.alaqan_monthly_summary order by all',
]

async function resultsOf(hub: Hub) {
  return Promise.all(results.map(async sql => JSON.stringify(await hub.rows(sql))))
}

describe.each([
  { commitsTogether: true, of: 'where tables are committed together', builds: [1, 3] },
  { commitsTogether: false, of: 'where each table is committed by itself', builds: [2, 5, 9] },
])('kill -9 $of', ({ commitsTogether, builds }) => {
  it('shows nobody half a load or half a build, and the next run comes to the rows of an undisturbed one', async () => {
    const hub = await opened()
    proxy = await behindProxy(hub, { commitsTogether })
    await killedAt(hub, loadDays, [1, 'before'])
    await expectNothingHalf(hub)
    if (!commitsTogether) {
      await killedAt(hub, loadDays, [2, 'done'])
      await expectNothingHalf(hub)
    }
    await killedAt(hub, loadDays, [1, 'done'])
    await expectNothingHalf(hub)
    for (const [index, count] of builds.entries()) {
      await killedAt(hub, ['transform'], [count, index % 2 === 0 ? 'done' : 'before'])
      await expectNothingHalf(hub)
    }
    for (const argv of [loadDays, ['transform']]) {
      const { exitCode, err } = await hub.hubdwh(...argv)
      expect(exitCode, err).toBe(0)
    }
    expect(await hub.rows('select count(*) as n from bronze.alaqan_visits')).toEqual([{ n: events }])
    expect(await unaccounted(hub)).toEqual([])
    // Whoever shows the tables has to hear of each, wherever its build was broken off.
    const counted =
      "select count(*) as n from meta.table_changes where table_name like 'silver.%' or table_name like 'gold.%'"
    expect(await hub.rows(counted)).toEqual([{ n: 3 }])

    const undisturbed = await opened('file')
    for (const argv of [loadDays, ['transform']]) expect((await undisturbed.hubdwh(...argv)).exitCode).toBe(0)
    expect(await resultsOf(hub)).toEqual(await resultsOf(undisturbed))
  })
})
