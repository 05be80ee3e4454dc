/** Deleted, restored, merged, gone: what the lists no longer show (reference, "Deletions and merges"). */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Kind, kinds } from '../fake/account.js'
import { type Fake, startFake } from '../fake/fake.js'
import { type Installation, install, type StandingClock, standingClock } from '../fake/installation.js'
import { disagreements, knownNow } from './agreement.js'
import { settle } from './people.js'

// Each test is several runs of the real command; a machine may have other work.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let clock: StandingClock
let fake: Fake
let installation: Installation

async function begin(doesRestoringTouch: boolean): Promise<void> {
  clock = standingClock('2025-03-10T06:00:00Z')
  fake = await startFake({ now: () => clock.now(), answering: () => clock.pass(0.002), doesRestoringTouch })
  installation = await install({ fake, clock, startDate: '2025-03-09' })
  settle(fake, { leads: 5, contacts: 4, companies: 4, tasks: 4 }, clock.now() / 1000)
  await load()
}

afterEach(async () => {
  await installation.close()
  await fake.close()
})

/** Less than a run, which costs more: the marts are looked at once, at the end. */
async function load(): Promise<void> {
  clock.pass(3600)
  expect(await installation.hubdwh('load', 'amocrm')).toMatchObject({ exitCode: 0 })
}

async function run(): Promise<void> {
  clock.pass(3600)
  expect(await installation.hubdwh('run', 'amocrm')).toMatchObject({ exitCode: 0 })
}

const first = (kind: Kind): number => fake.account.records(kind)[0]?.id ?? 0

describe('a record of each kind', () => {
  it('that was deleted is marked so', async () => {
    await begin(true)
    const known = knownNow(fake)
    for (const kind of kinds) fake.account.remove(kind, first(kind))
    await run()
    expect(await disagreements(installation, fake, known)).toEqual([])
  })

  it.each([
    ['with a new time', true],
    ['with the time that it had', false],
  ])('that was deleted and restored, %s, comes back', async (_, doesRestoringTouch) => {
    await begin(doesRestoringTouch)
    for (const kind of kinds) fake.account.remove(kind, first(kind))
    await load()
    for (const kind of kinds) fake.account.restore(kind, first(kind))
    await run()
    expect(await disagreements(installation, fake)).toEqual([])
  })

  it('that was deleted and restored between two runs is as it was', async () => {
    await begin(true)
    for (const kind of kinds) {
      fake.account.remove(kind, first(kind))
      clock.pass(5)
      fake.account.restore(kind, first(kind))
    }
    await run()
    expect(await disagreements(installation, fake)).toEqual([])
  })
})

describe('the sweep', () => {
  beforeEach(() => begin(true))

  it('finds who vanished in a merger, of which no list and no event tells', async () => {
    const known = knownNow(fake)
    for (const kind of ['leads', 'contacts', 'companies'] as const) {
      const [loser, winner] = fake.account.live(kind)
      if (loser && winner) fake.account.merge(kind, loser.id, winner.id)
    }
    await load()
    clock.pass(8 * 86_400)
    await run()
    expect(await disagreements(installation, fake, known)).toEqual([])
  })
})

describe('a user who left', () => {
  beforeEach(() => begin(true))

  it('keeps the name', async () => {
    const users = fake.account.dictionaries.get('users') ?? []
    fake.account.dictionaries.set('users', users.slice(1))
    await run()
    fake.account.dictionaries.set('users', users)
    expect(await disagreements(installation, fake)).toEqual([])
  })
})
