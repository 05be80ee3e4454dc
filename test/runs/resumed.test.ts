import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { daysFromTo } from '../../src/calendar.js'
import { listedWorld, type SandboxOptions, type World } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { gateDay, iins, lead, someDay } from './invented-account.js'
import { dumpOf } from './table-dump.js'

const opened: Hub[] = []
afterEach(async () => {
  for (const hub of opened.splice(0)) await hub.close()
})

const days = daysFromTo('2025-01-01', '2025-01-20')

async function gateHub(sandbox: Omit<SandboxOptions, 'world' | 'clock'> = {}): Promise<Hub> {
  const visits = Object.fromEntries(days.map((day, index) => [day, gateDay(iins.slice(0, 1 + (index % 3)))]))
  const world = listedWorld({ visits })
  return keep(
    await openHub({
      world,
      now: '2025-01-21T03:00:00Z',
      startDate: '2025-01-01',
      withoutAmocrm: true,
      sandbox,
    }),
  )
}

function keep(hub: Hub): Hub {
  opened.push(hub)
  return hub
}

/** The days that the source was asked for since a number of requests, in their order, each answer that was good. */
function daysAsked(hub: Hub, since = 0): readonly string[] {
  return hub.sandbox.requests
    .slice(since)
    .filter(request => request.status === 200)
    .flatMap(({ query }) => /date=([\d-]+)/.exec(query)?.[1] ?? [])
}

const manifestSchema = z.object({ state: z.string(), counts: z.object({ requests: z.number() }) })

/** The manifest of the only package of visits. */
async function manifestOf(hub: Hub): Promise<z.infer<typeof manifestSchema>> {
  const parent = join(hub.folder, 'data/landing/alaqan/visits')
  const [name = ''] = (await readdir(parent)).filter(entry => entry.startsWith('alaqan-'))
  return manifestSchema.parse(JSON.parse(await readFile(join(parent, name, 'manifest.json'), 'utf8')))
}

/** Which days silver has, with the number of rows; what a run that nothing disturbed gives. */
async function silverDays(hub: Hub): Promise<readonly unknown[]> {
  return hub.rows(
    'select cast(visit_date as varchar) as day, iin, event, event_time from silver.alaqan_visits order by all',
  )
}

describe('a run that did not come to its end', () => {
  it('is gone on with at the day that failed, and comes to what an undisturbed run comes to', async () => {
    const hub = await gateHub({
      faults: [{ kind: '503', path: /date=2025-01-10/, on: Array.from({ length: 12 }, (_, n) => n + 1) }],
    })
    const first = await hub.hubdwh('run', '--json')
    expect(first.exitCode).toBe(3)
    expect(first.err).toContain('2025-01-10')
    expect(daysAsked(hub)).toEqual(expect.arrayContaining(days.slice(0, 9)))

    const asked = hub.sandbox.requests.length
    let next = await hub.hubdwh('run')
    while (next.exitCode === 3) next = await hub.hubdwh('run')
    expect(next.exitCode, next.err).toBe(0)
    // Days that were asked for ahead of the one that failed may be asked for again; those before it are not.
    const again = daysAsked(hub, asked)
    expect(again.filter(day => days.indexOf(day) < 9)).toEqual([])
    expect(again).toEqual(expect.arrayContaining(days.slice(9)))

    const undisturbed = await gateHub()
    await undisturbed.hubdwh('run')
    expect(await silverDays(hub)).toEqual(await silverDays(undisturbed))
    expect((await silverDays(hub)).length).toBeGreaterThan(40)
  })

  it('says that it was stopped at a checkpoint, and goes on from there', async () => {
    const stops: (() => void)[] = []
    const hub = await gateHub({
      beforeRequest: ({ query }) => {
        if (query.includes('2025-01-08')) for (const stop of stops.splice(0)) stop()
      },
    })
    const begun = hub.begin('run', '--json')
    stops.push(() => begun.io.stop('SIGTERM'))
    const stopped = await begun.ended
    expect(stopped.exitCode).toBe(3)
    expect(stopped.json).toMatchObject({ ok: false, error: { code: 'interrupted' }, exit_code: 3 })
    expect(stopped.err).toContain('goes on from the checkpoint')
    const landed = (await manifestOf(hub)).counts.requests
    expect(landed).toBeLessThan(days.length)

    const asked = hub.sandbox.requests.length
    expect((await hub.hubdwh('run')).exitCode).toBe(0)
    const after = daysAsked(hub, asked)
    expect(after.filter(day => days.indexOf(day) < landed)).toEqual([])
    expect(after).toEqual(expect.arrayContaining(days.slice(landed)))
    const undisturbed = await gateHub()
    await undisturbed.hubdwh('run')
    expect(await silverDays(hub)).toEqual(await silverDays(undisturbed))
  })

  it('does not ask again for pages of leads that it has', async () => {
    const count = 600
    const world: World = listedWorld({
      leads: Array.from({ length: count }, (_, index) => lead({ id: index + 1, at: someDay + index })),
    })
    const pages = /leads\?.*page=|leads\?.*filter/
    const hub = keep(
      await openHub({
        world,
        now: '2025-01-31T05:00:00Z',
        sandbox: {
          faults: [{ kind: '502', path: pages, on: Array.from({ length: 12 }, (_, n) => n + 2) }],
        },
      }),
    )
    const first = await hub.hubdwh('load', 'amocrm', 'leads')
    expect(first.exitCode).toBe(3)
    const good = () =>
      hub.sandbox.requests.filter(({ path, status }) => path === '/api/v4/leads' && status === 200)
    expect(good()).toHaveLength(1)
    let next = await hub.hubdwh('load', 'amocrm', 'leads')
    while (next.exitCode === 3) next = await hub.hubdwh('load', 'amocrm', 'leads')
    expect(next.exitCode, next.err).toBe(0)
    const queries = good().map(({ query }) => query)
    expect(queries.filter(query => query === queries[0])).toHaveLength(1)
    expect(
      await hub.rows('select count(*) as n, count(distinct id) as ids from bronze.amocrm_leads'),
    ).toEqual([{ n: count, ids: count }])
  })

  it('is not begun anew once its package is loaded, though other lists were planned before', async () => {
    const world = listedWorld({
      leads: Array.from({ length: 600 }, (_, index) => lead({ id: index + 1, at: someDay + index })),
    })
    const hub = keep(
      await openHub({
        world,
        now: '2025-01-31T05:00:00Z',
        sandbox: {
          faults: [{ kind: '502', path: /leads\?/, on: Array.from({ length: 12 }, (_, n) => n + 2) }],
        },
      }),
    )
    const load = () => hub.hubdwh('load', 'amocrm', 'pipelines', 'leads')
    let next = await load()
    expect(next.exitCode).toBe(3)
    while (next.exitCode === 3) next = await load()
    expect(next.exitCode, next.err).toBe(0)
    const windows = await hub.rows(
      `select "window" from meta.loads where entity = 'leads' order by loaded_at, started_at`,
    )
    expect(windows.map(row => row.window)).toEqual(['everything', expect.stringMatching(/^since /)])
  })

  it('keeps what was fetched as a package, and says in its manifest how far it came', async () => {
    const hub = await gateHub({ faults: [{ kind: 'html', path: /date=2025-01-05/ }] })
    expect((await hub.hubdwh('run')).exitCode).toBe(3)
    expect(await manifestOf(hub)).toMatchObject({ state: 'extracting', counts: { requests: 4 } })
    expect(await dumpOf(hub, 'silver').catch(() => [])).toEqual([])
  })
})
