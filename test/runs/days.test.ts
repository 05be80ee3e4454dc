import { afterEach, describe, expect, it } from 'vitest'
import { daysFromTo } from '../../src/calendar.js'
import { listedWorld, type SandboxOptions } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { gateDay, iins } from './invented-account.js'
import { dumpOf } from './table-dump.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

/** A gate from 2025-01-01 on, with a clock at noon of the day given. */
async function gateHub(today: string, sandbox: Omit<SandboxOptions, 'world' | 'clock'> = {}): Promise<Hub> {
  const days = daysFromTo('2025-01-01', '2025-04-30')
  hub = await openHub({
    world: listedWorld({ visits: Object.fromEntries(days.map(day => [day, gateDay(iins.slice(0, 1))])) }),
    now: `${today}T07:00:00Z`,
    startDate: '2025-01-01',
    withoutAmocrm: true,
    sandbox,
  })
  return hub
}

/** The days asked for by one command, in the order of the requests. */
async function askedBy({ hubdwh, sandbox }: Hub, ...argv: readonly string[]): Promise<readonly string[]> {
  const before = sandbox.requests.length
  const { exitCode, err } = await hubdwh(...argv)
  expect([0, 3], err).toContain(exitCode)
  return [
    ...new Set(sandbox.requests.slice(before).flatMap(({ query }) => /date=([\d-]+)/.exec(query)?.[1] ?? [])),
  ]
}

const sorted = (days: readonly string[]): readonly string[] => [...days].sort()

describe('the days that a run reads', () => {
  it('are all that are missing until yesterday, then the new one and the last few again', async () => {
    const opened = await gateHub('2025-01-11')
    expect(sorted(await askedBy(opened, 'run'))).toEqual(daysFromTo('2025-01-01', '2025-01-10'))
    opened.clock.advance(86_400_000)
    expect(sorted(await askedBy(opened, 'run'))).toEqual(daysFromTo('2025-01-08', '2025-01-11'))
    // Airflow stood still for a week.
    opened.clock.advance(7 * 86_400_000)
    expect(sorted(await askedBy(opened, 'run'))).toEqual(daysFromTo('2025-01-12', '2025-01-18'))
  })

  it('are the gaps of a month that failed in the middle', async () => {
    const failing = {
      kind: '503',
      path: /date=2025-02-1/,
      on: Array.from({ length: 40 }, (_, n) => n + 1),
    } as const
    const opened = await gateHub('2025-04-01', { faults: [failing] })
    await askedBy(opened, 'load', 'alaqan', '--from', '2025-01-01', '--to', '2025-01-31')
    await askedBy(opened, 'load', 'alaqan', '--from', '2025-03-01', '--to', '2025-03-31')
    const { json } = await opened.hubdwh('status', '--json')
    expect(json).toMatchObject({ gaps: [{ from: '2025-02-01', to: '2025-02-28' }] })

    for (let tries = 0; tries < 10; tries += 1) if ((await opened.hubdwh('run')).exitCode === 0) break
    expect((await opened.hubdwh('status', '--json')).json).toMatchObject({ gaps: [] })
    expect(
      await opened.rows('select count(distinct visit_date) as days, count(*) as n from silver.alaqan_visits'),
    ).toEqual([{ days: 90, n: 180 }])
  })

  it('do not include today, and a day that was loaded on itself is read again when it is over', async () => {
    const opened = await gateHub('2025-01-05')
    const today = ['--from', '2025-01-05', '--to', '2025-01-05']
    expect(await askedBy(opened, 'load', 'alaqan', ...today)).toEqual(['2025-01-05'])
    expect(sorted(await askedBy(opened, 'run'))).toEqual(daysFromTo('2025-01-01', '2025-01-04'))
    opened.world.setVisits('2025-01-05', gateDay(iins.slice(0, 3)))
    opened.clock.advance(10 * 86_400_000)
    expect(await askedBy(opened, 'run')).toContain('2025-01-05')
    expect(
      await opened.rows(
        "select count(*) as n from silver.alaqan_visits where visit_date = date '2025-01-05'",
      ),
    ).toEqual([{ n: 6 }])
  })

  it('end before today also in the hours when it is still yesterday in UTC', async () => {
    const opened = await gateHub('2025-01-05')
    opened.clock.set(Date.parse('2025-01-05T19:30:00Z'))
    expect(sorted(await askedBy(opened, 'run'))).toEqual(daysFromTo('2025-01-01', '2025-01-05'))
  })

  it('can be none in the future, and none before they begin', async () => {
    const opened = await gateHub('2025-01-05')
    expect(
      (await opened.hubdwh('load', 'alaqan', '--from', '2025-01-06', '--to', '2025-01-07')).exitCode,
    ).toBe(2)
    expect(
      (await opened.hubdwh('load', 'alaqan', '--from', '2025-01-04', '--to', '2025-01-02')).exitCode,
    ).toBe(2)
    expect((await opened.hubdwh('load', 'alaqan', '--from', '2025-02-30')).exitCode).toBe(2)
    expect(opened.sandbox.requests).toEqual([])
  })
})

describe('backfill', () => {
  it('reads the newest day first, and asks for no day twice when it is started again', async () => {
    const opened = await gateHub('2025-04-01', {
      faults: [{ kind: '504', path: /date=2025-02-20/, on: Array.from({ length: 15 }, (_, n) => n + 1) }],
    })
    const argv = ['backfill', 'alaqan', '--from', '2025-01-15', '--to', '2025-03-10']
    const first = await askedBy(opened, ...argv)
    expect(first.slice(0, 10)).toEqual(expect.arrayContaining(['2025-03-10', '2025-03-09', '2025-03-08']))
    expect(first).not.toContain('2025-01-31')
    let rest: readonly string[] = []
    for (let tries = 0; tries < 5; tries += 1) rest = [...rest, ...(await askedBy(opened, ...argv))]
    expect(rest.filter(day => day > '2025-02-20')).toEqual([])
    expect(await opened.rows('select count(distinct visit_date) as days from bronze.alaqan_visits')).toEqual([
      { days: 55 },
    ])
    expect(await askedBy(opened, ...argv)).toEqual([])
  })
})

describe('plan', () => {
  it('asks nothing, changes nothing, and names what run then does', async () => {
    const opened = await gateHub('2025-02-03')
    await opened.hubdwh('load', 'alaqan', '--from', '2025-01-01', '--to', '2025-01-20')
    const [before, asked] = [
      await dumpOf(opened, 'bronze', 'silver', 'gold', 'meta'),
      opened.sandbox.requests.length,
    ]
    const plan = await opened.hubdwh('plan', '--json')
    expect(plan.exitCode).toBe(0)
    expect(await dumpOf(opened, 'bronze', 'silver', 'gold', 'meta')).toEqual(before)
    expect(opened.sandbox.requests).toHaveLength(asked)
    expect(plan.json.models).toMatchObject([{ model: 'silver.alaqan_visits', loads: 1 }])

    const run = await opened.hubdwh('run', '--json')
    const windows = (list: unknown): unknown =>
      Array.isArray(list) ? list.map((load: { window: string }) => load.window) : list
    expect(windows(plan.json.loads)).toEqual(['2025-01-21..2025-01-31', '2025-02-01..2025-02-02'])
    expect(windows(run.json.loads)).toEqual(windows(plan.json.loads))
  })
})
