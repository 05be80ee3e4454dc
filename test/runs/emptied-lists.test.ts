import { afterEach, describe, expect, it } from 'vitest'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { gateDay, lead, pipeline, user } from './invented-account.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

const crowd = (size: number): readonly string[] =>
  Array.from({ length: size }, (_, index) => String(100_000_000_000 + index))

async function opened(): Promise<Hub> {
  hub = await openHub({
    world: listedWorld({
      leads: [lead({ id: 1 })],
      users: [user(100, 'Айгерим'), user(101, 'Сауле')],
      pipelines: [pipeline(1, 'Продажи')],
      visits: { '2025-01-29': gateDay(crowd(30)), '2025-01-30': gateDay(crowd(30)) },
    }),
    now: '2025-01-31T05:00:00Z',
    startDate: '2025-01-29',
  })
  for (const argv of [['load', 'alaqan'], ['load', 'amocrm', 'users', 'pipelines', 'leads'], ['transform']]) {
    const { exitCode, err } = await hub.hubdwh(...argv)
    expect(exitCode, err).toBe(0)
  }
  hub.clock.advance(3_600_000)
  return hub
}

const peopleOn = (day: string): string =>
  `select count(distinct iin) as people from silver.alaqan_visits where visit_date = date '${day}'`

describe('a list that is suddenly empty', () => {
  it.each([
    ['users', 'select count(*) as n from silver.amocrm_users where is_active', 2],
    ['pipelines', 'select count(*) as n from silver.amocrm_pipeline_statuses where not is_removed', 4],
  ] as const)('of %s is told loudly and wipes nothing', async (entity, query, count) => {
    const { hubdwh, world, rows } = await opened()
    world.dictionaries[entity] = []
    const { exitCode, err } = await hubdwh('load', 'amocrm', entity, '--quiet')
    expect(exitCode).toBe(0)
    expect(err).toMatch(new RegExp(`warning: .*${entity}.*empty`, 'i'))
    await hubdwh('transform')
    expect(await rows(query)).toEqual([{ n: count }])
  })
})

describe('a day with far fewer events than were known', () => {
  it('is held back with a warning, shown by status, and taken when it is said again', async () => {
    const { hubdwh, world, rows, clock } = await opened()
    world.setVisits('2025-01-30', gateDay(crowd(3)))
    const first = await hubdwh('run', 'alaqan')
    expect(first.exitCode).toBe(0)
    expect(first.err).toContain('2025-01-30')
    expect(first.err).toContain('--accept')
    expect(await rows(peopleOn('2025-01-30'))).toEqual([{ people: 30 }])
    const { json, out } = await hubdwh('status', '--json')
    expect(json).toMatchObject({ held_days: ['2025-01-30'] })
    expect(out).toContain('2025-01-30')

    clock.advance(3_600_000)
    expect((await hubdwh('run', 'alaqan')).exitCode).toBe(0)
    expect(await rows(peopleOn('2025-01-30'))).toEqual([{ people: 3 }])
    expect((await hubdwh('status', '--json')).json).toMatchObject({ held_days: [] })
  })

  it('is taken at once with --accept, also when it is empty', async () => {
    const { hubdwh, world, rows } = await opened()
    world.setVisits('2025-01-30', [])
    const day = ['--from', '2025-01-30', '--to', '2025-01-30']
    await hubdwh('load', 'alaqan', ...day)
    await hubdwh('transform')
    expect(await rows(peopleOn('2025-01-30'))).toEqual([{ people: 30 }])
    const { world: account } = { world }
    account.setVisits('2025-01-29', {})
    await hubdwh('load', 'alaqan', '--from', '2025-01-29', '--to', '2025-01-29', '--accept')
    await hubdwh('transform')
    expect(await rows(peopleOn('2025-01-29'))).toEqual([{ people: 0 }])
  })

  it('stays as it was when the right answer comes back after the glitch', async () => {
    const { hubdwh, world, rows, clock } = await opened()
    world.setVisits('2025-01-30', [])
    await hubdwh('run', 'alaqan')
    clock.advance(3_600_000)
    world.setVisits('2025-01-30', gateDay(crowd(31)))
    await hubdwh('run', 'alaqan')
    clock.advance(3_600_000)
    world.setVisits('2025-01-30', [])
    await hubdwh('run', 'alaqan')
    expect(await rows(peopleOn('2025-01-30'))).toEqual([{ people: 31 }])
  })
})
