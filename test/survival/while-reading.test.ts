/** What happens to the records while they are read. After a quiet run everything must be there. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { kinds } from '../fake/account.js'
import type { Habits } from '../fake/amocrm.js'
import { type Fake, startFake } from '../fake/fake.js'
import { type Installation, install, type StandingClock, standingClock } from '../fake/installation.js'
import { disagreements, type Known, knownNow } from './agreement.js'
import { editSomething, openGate, seeded, settle } from './people.js'

// Each test is several runs of the real command; a machine may have other work.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let clock: StandingClock
let fake: Fake
let installation: Installation

const now = () => Math.floor(clock.now() / 1000)

beforeEach(async () => {
  clock = standingClock('2025-03-10T06:00:00Z')
  fake = await startFake({ now: () => clock.now(), answering: () => clock.pass(0.002) })
  installation = await install({ fake, clock, startDate: '2025-03-05' })
  openGate(fake, '2025-03-05', 5)
})

afterEach(async () => {
  await installation.close()
  await fake.close()
})

async function quietRun(): Promise<void> {
  fake.hooks.before = () => {}
  clock.pass(60)
  expect(await installation.hubdwh('run')).toMatchObject({ exitCode: 0 })
}

/** Edits at every request, led by the seed. @param share of the requests before which something happens */
function editWhileReading(seed: number, share = 0.7): void {
  const chance = seeded(seed)
  fake.hooks.before = () => {
    if (chance() < 0.5) clock.pass(1)
    if (chance() < share)
      for (let left = chance() * 3; left > 0; left -= 1) editSomething(fake, chance, now())
  }
}

const habits: readonly (readonly [string, Partial<Habits>])[] = [
  ['the API as documented', {}],
  ['the filter add-on off', { isFilterOn: false, doesAccountSayFilterOn: false }],
  ['a filter that is ignored though the account says that it is on', { isFilterOn: false }],
  ['a filter that works though the account says that it is off', { doesAccountSayFilterOn: false }],
  ['bounds that are exclusive', { areBoundsInclusive: false }],
  ['an order that is ignored', { isOrderObeyed: false }],
  ['neither filter nor order', { isFilterOn: false, isOrderObeyed: false }],
  ['events in no order', { eventOrder: 'scrambled' }],
]

describe.each(habits)('with %s', (_, habit) => {
  it.each(seeds())('nothing is lost or doubled by edits while it is read (seed %i)', async seed => {
    Object.assign(fake.habits, habit, { pageSize: 8 + (seed % 5) })
    settle(fake, { leads: 14, contacts: 9, companies: 4, tasks: 9 }, now())
    const before = knownNow(fake)
    editWhileReading(seed)
    await load(...edited)
    const known = allTheTime(before)
    expect(await missingIn(known)).toEqual([])
    clock.pass(3600)
    editWhileReading(seed + 1)
    await load(...edited)
    await quietRun()
    expect(await disagreements(installation, fake, known)).toEqual([])
  })
})

/** Less than a run, which costs more. */
async function load(...entities: readonly string[]): Promise<void> {
  expect(await installation.hubdwh('load', 'amocrm', ...entities)).toMatchObject({ exitCode: 0 })
}

/** What edits can disturb. */
const edited = ['companies', 'contacts', 'leads', 'leads_bin', 'tasks', 'events']

/** Those that were never away since, however short. */
function allTheTime(known: Known): Known {
  const gone = fake.account.events().filter(({ type }) => type.endsWith('_deleted'))
  const wasAway = new Set(gone.map(event => String(event.entity_id)))
  return new Set([...known].filter(name => !wasAway.has(name.split(' ').at(-1) ?? '')))
}

/** Issue 3: what stood in the account before the first run began is there after it. */
function missingIn(known: Known): Promise<readonly string[]> {
  return installation.asking(async rows => {
    const there = new Set<string>()
    for (const kind of kinds) {
      for (const { id } of await rows(`select distinct id from bronze.amocrm_${kind}`))
        there.add(`${kind} ${id}`)
    }
    return [...known].filter(name => !there.has(name))
  })
}

function seeds(): readonly number[] {
  const first = Number(process.env.FC_SEED ?? 1)
  return Array.from({ length: Number(process.env.FC_RUNS ?? 1) }, (__, index) => first + index)
}

describe('a mass edit', () => {
  const thousands = 2300

  beforeEach(() => {
    settle(fake, { leads: thousands, contacts: 3, companies: 3, tasks: 3 }, now() - 30 * 86_400)
  })

  it.each([
    ['', {}],
    [' with the filter off', { isFilterOn: false, doesAccountSayFilterOn: false }],
    [' with exclusive bounds', { areBoundsInclusive: false }],
  ] as const)('of thousands in one second loses nothing%s', async (_, habit) => {
    Object.assign(fake.habits, habit)
    await load('leads')
    for (const { id } of fake.account.live('leads')) fake.account.change('leads', id, { price: 77 })
    clock.pass(10)
    await quietRun()
    expect(await disagreements(installation, fake)).toEqual([])
  })

  it('in the middle of reading, and another one of the same second behind the reader, loses nothing', async () => {
    for (const { id } of fake.account.live('leads')) fake.account.change('leads', id, { price: 77 })
    clock.pass(10)
    let pages = 0
    fake.hooks.before = ({ url }) => {
      if (!url.pathname.endsWith('/leads')) return
      pages += 1
      const leads = fake.account.live('leads')
      if (pages === 4)
        for (const { id } of leads.slice(0, 700)) fake.account.change('leads', id, { price: 78 })
      if (pages === 6)
        for (const { id } of leads.slice(300, 900)) fake.account.change('leads', id, { price: 79 })
    }
    await load('leads')
    await quietRun()
    expect(await disagreements(installation, fake)).toEqual([])
  })
})

it('takes the last of several edits in one second, also when it had read the first', async () => {
  settle(fake, { leads: 4, contacts: 1, companies: 1, tasks: 1 }, now())
  const id = fake.account.add('leads', { name: 'Первая' })
  await load('leads')
  fake.account.change('leads', id, { name: 'Вторая' })
  await quietRun()
  expect(await disagreements(installation, fake)).toEqual([])
})

it('takes a day of the gate as it was told last', async () => {
  expect(await installation.hubdwh('load', 'alaqan')).toMatchObject({ exitCode: 0 })
  fake.gate.set('2025-03-08', new Map([['650727300949', [{ event: 'entry', time: '07:00:00' }]]]))
  fake.gate.delete('2025-03-09')
  await quietRun()
  expect(await disagreements(installation, fake)).toEqual([])
})
