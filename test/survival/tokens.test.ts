/** OAuth with refresh tokens that work once: whatever happens, the token file works, or exit 5 says what to do. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/effects.js'
import { type Fake, startFake } from '../fake/fake.js'
import { type Child, type Installation, install } from '../fake/installation.js'

let fake: Fake
let installation: Installation

const load = ['load', 'amocrm', 'pipelines', 'users']

beforeEach(async () => {
  fake = await startFake({ now: systemClock.now })
  installation = await install({ fake, clock: systemClock, startDate: '2025-03-05', isOauth: true })
})

afterEach(async () => {
  await installation.close()
  await fake.close()
})

const isRefresh = ({ pathname }: URL): boolean => pathname === '/oauth2/access_token'

/** A child that is killed when the hook says so. */
function start(): Child {
  return installation.start(load)
}

/** The pair on the disk is the one that the account knows. */
async function isStoredPairAlive(): Promise<boolean> {
  const { access_token, refresh_token } = await installation.storedTokens()
  return fake.tokens.isGood(`Bearer ${access_token}`) && fake.tokens.isRefreshGood(refresh_token)
}

it('has the new pair on the disk before it is used', async () => {
  await installation.authorize(10)
  const atUse: boolean[] = []
  fake.hooks.before = async ({ url }) => {
    if (!isRefresh(url)) atUse.push(await isStoredPairAlive())
  }
  expect(await installation.hubdwh(...load)).toMatchObject({ exitCode: 0 })
  expect(fake.tokens.asked).toEqual({ refreshes: 1, reuses: 0 })
  expect(new Set(atUse)).toEqual(new Set([true]))
})

it('refreshes a pair that was refused though it should still be good', async () => {
  await installation.authorize(3600)
  const stale = await installation.storedTokens()
  const isGood = fake.tokens.isGood
  Object.assign(fake.tokens, {
    isGood: (header: string) => header !== `Bearer ${stale.access_token}` && isGood(header),
  })
  expect(await installation.hubdwh(...load)).toMatchObject({ exitCode: 0 })
  expect(fake.tokens.asked).toEqual({ refreshes: 1, reuses: 0 })
})

describe('killed', () => {
  it('while it asks for a new pair, goes on with the old one', async () => {
    await installation.authorize(10)
    const child = start()
    fake.hooks.fault = ({ url }) => {
      if (!isRefresh(url)) return undefined
      child.kill()
      return 'lost on the way'
    }
    expect((await child.ended).signal).toBe('SIGKILL')
    fake.hooks.fault = () => undefined
    expect(await start().ended).toMatchObject({ exitCode: 0 })
    expect(fake.tokens.asked.reuses).toBe(0)
    expect(await isStoredPairAlive()).toBe(true)
  })

  it('when the old pair is spent and the new one has not arrived, sends a person to authorize, and then goes on', async () => {
    await installation.authorize(-10)
    const child = start()
    fake.hooks.decided = async ({ url }) => {
      if (!isRefresh(url)) return
      child.kill()
      await child.ended
    }
    expect((await child.ended).signal).toBe('SIGKILL')
    fake.hooks.decided = () => {}
    const next = await start().ended
    expect(next.exitCode).toBe(5)
    expect(next.err).toContain('hubdwh auth amocrm')
    await installation.authorize(3600)
    expect(await start().ended).toMatchObject({ exitCode: 0 })
  })

  it('at the first use of the new pair, goes on with it', async () => {
    await installation.authorize(10)
    const child = start()
    fake.hooks.before = async ({ url }) => {
      if (isRefresh(url)) return
      child.kill()
      await child.ended
    }
    expect((await child.ended).signal).toBe('SIGKILL')
    fake.hooks.before = () => {}
    expect(await isStoredPairAlive()).toBe(true)
    expect(await start().ended).toMatchObject({ exitCode: 0 })
    expect(fake.tokens.asked).toEqual({ refreshes: 1, reuses: 0 })
  })
})

it('shares one refresh between two processes', async () => {
  await installation.authorize(10)
  const children = [
    installation.start(['load', 'amocrm', 'pipelines']),
    installation.start(['load', 'amocrm', 'users']),
  ]
  for (const child of children) expect(await child.ended).toMatchObject({ exitCode: 0 })
  expect(fake.tokens.asked).toEqual({ refreshes: 1, reuses: 0 })
  expect(await isStoredPairAlive()).toBe(true)
})

it('asks for a new pair again where the account could not answer', async () => {
  await installation.authorize(10)
  let failures = 2
  fake.hooks.fault = ({ url }) => {
    if (!isRefresh(url) || failures === 0) return undefined
    failures -= 1
    return failures === 0 ? 'too many requests' : 'server error'
  }
  expect(await start().ended).toMatchObject({ exitCode: 0 })
  expect(fake.tokens.asked).toEqual({ refreshes: 1, reuses: 0 })
})

it('sends a person to authorize where the answer with the new pair was lost', async () => {
  await installation.authorize(-10)
  let isLost = false
  fake.hooks.fault = ({ url }) => {
    if (!isRefresh(url) || isLost) return undefined
    isLost = true
    return 'reset before headers'
  }
  const { exitCode, err } = await start().ended
  expect(exitCode).toBe(5)
  expect(err).toContain('hubdwh auth amocrm')
})
