/** Answers that fail in every way of the reference. After a quiet run everything must be there. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Fault } from '../fake/exchange.js'
import { type Fake, startFake } from '../fake/fake.js'
import { type Installation, install, type StandingClock, standingClock } from '../fake/installation.js'
import { disagreements } from './agreement.js'
import { editSomething, openGate, seeded, settle } from './people.js'

// Each test is several runs of the real command; a machine may have other work.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let clock: StandingClock
let fake: Fake
let installation: Installation

beforeEach(async () => {
  clock = standingClock('2025-03-10T06:00:00Z')
  fake = await startFake({
    now: () => clock.now(),
    answering: () => clock.pass(0.002),
    habits: { pageSize: 8 },
  })
  installation = await install({ fake, clock, startDate: '2025-03-05' })
  openGate(fake, '2025-03-05', 5)
  settle(fake, { leads: 20, contacts: 9, companies: 8, tasks: 9 }, clock.now() / 1000)
})

afterEach(async () => {
  await installation.close()
  await fake.close()
})

const faults: readonly Fault[] = [
  'too many requests',
  'server error',
  'reset before headers',
  'reset after headers',
  'cut off',
  'page instead of JSON',
]

async function quietRun(): Promise<void> {
  fake.hooks.fault = () => undefined
  clock.pass(60)
  expect(await installation.hubdwh('run')).toMatchObject({ exitCode: 0 })
}

it.each(seeds())('loses nothing where every third answer fails somehow (seed %i)', async seed => {
  const chance = seeded(seed)
  fake.hooks.fault = () => (chance() < 0.33 ? faults[Math.floor(chance() * faults.length)] : undefined)
  expect([0, 3]).toContain((await installation.hubdwh('load', 'amocrm')).exitCode)
  expect([0, 3]).toContain((await installation.hubdwh('load', 'alaqan')).exitCode)
  for (let left = 20; left > 0; left -= 1) editSomething(fake, chance, Math.floor(clock.now() / 1000))
  expect([0, 3]).toContain((await installation.hubdwh('load', 'amocrm')).exitCode)
  await quietRun()
  expect(await disagreements(installation, fake)).toEqual([])
})

it.each(faults)(
  'says that the source is unavailable where it always fails: %s; and goes on later',
  async fault => {
    fake.hooks.fault = ({ url }) => (url.pathname.endsWith('/leads') ? fault : undefined)
    const { exitCode, err } = await installation.hubdwh('load', 'amocrm', 'companies', 'leads')
    expect(exitCode).toBe(3)
    expect(err).toContain('leads')
    fake.hooks.fault = () => undefined
    expect(await installation.hubdwh('load', 'amocrm', 'leads')).toMatchObject({ exitCode: 0 })
    const [row] = await installation.rows('select count(*) as leads from bronze.amocrm_leads')
    expect(row).toEqual({ leads: 20 })
  },
)

it('does not call again after a block until its cool-down is over, and loses nothing', async () => {
  fake.hooks.fault = ({ url }) => (url.pathname.endsWith('/leads') ? 'blocked' : undefined)
  expect((await installation.hubdwh('load', 'amocrm', 'companies', 'leads', 'tasks')).exitCode).toBe(3)
  const untilBlocked = fake.requests.length
  expect(fake.requests.at(-1)).toMatch(/leads\?/)
  clock.pass(60)
  expect((await installation.hubdwh('run', 'amocrm')).exitCode).toBe(3)
  expect(fake.requests.slice(untilBlocked)).toEqual([])
  clock.pass(2 * 3600)
  await quietRun()
  expect(await disagreements(installation, fake)).toEqual([])
})

function seeds(): readonly number[] {
  const first = Number(process.env.FC_SEED ?? 1)
  return Array.from({ length: Number(process.env.FC_RUNS ?? 1) }, (_, index) => first + index)
}
