/** Installations that share a catalog and nothing else: no lock keeps them apart, and the catalog has to. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Begun, Hub } from '../hub.js'
import { unaccounted } from '../runs/table-dump.js'
import {
  behindProxy,
  type CatalogProxy,
  type CatalogRequest,
  isCommit,
  isCommitOf,
} from '../warehouse/catalog-proxy.js'
import { events, loadDays, openGate, withOwnLanding } from './gate.js'

let hub: Hub | undefined
let proxy: CatalogProxy | undefined
afterEach(async () => {
  await proxy?.close()
  await hub?.close()
  hub = undefined
  proxy = undefined
})

async function opened(commitsTogether: boolean) {
  hub = await openGate()
  // The tables are there, so that both have only rows to write.
  await hub.write('select 1')
  proxy = await behindProxy(hub, { commitsTogether })
  return { hub, proxy, other: await withOwnLanding(hub) }
}

/** Holds back the first such request until there is a second one, so that both have judged what they found alike. */
function untilBothAreThere(isMeant: (request: CatalogRequest) => boolean) {
  let goOn = () => {}
  const second = new Promise<void>(resolve => {
    goOn = resolve
  })
  let count = 0
  return async (request: CatalogRequest) => {
    if (!isMeant(request)) return undefined
    count += 1
    if (count === 1) await second
    else goOn()
    return undefined
  }
}

async function expectDone(...begun: readonly Begun[]): Promise<void> {
  for (const { exitCode, err } of await Promise.all(begun.map(({ ended }) => ended)))
    expect(exitCode, err).toBe(0)
}

async function expectEverythingOnce({ hubdwh, rows, ...rest }: Hub): Promise<void> {
  expect(await rows('select count(*) as n from bronze.alaqan_visits')).toEqual([{ n: events }])
  expect(await rows('select sum(rows) as stored, sum(unchanged) as unchanged from meta.loads')).toEqual([
    { stored: events, unchanged: events },
  ])
  const built = await hubdwh('transform')
  expect(built.exitCode, built.err).toBe(0)
  expect(await rows('select count(*) as n from silver.alaqan_visits')).toEqual([{ n: events }])
  expect(await unaccounted({ hubdwh, rows, ...rest })).toEqual([])
}

describe('two that load the same days at once', () => {
  it('leave them there once where the catalog commits all tables of a load together', async () => {
    const { hub, proxy, other } = await opened(true)
    proxy.hooks.before = untilBothAreThere(isCommit)
    await expectDone(hub.begin(...loadDays), hub.begin(...other, ...loadDays))
    expect(proxy.requests.filter(request => request.endsWith('transactions/commit')).length).toBeGreaterThan(
      2,
    )
    await expectEverythingOnce(hub)
  })

  it('leave them there once where it commits table by table, and both write rows at the same time', async () => {
    const { hub, proxy, other } = await opened(false)
    proxy.hooks.before = untilBothAreThere(isCommitOf('bronze.alaqan_visits'))
    await expectDone(hub.begin(...loadDays), hub.begin(...other, ...loadDays))
    await expectEverythingOnce(hub)
  })

  it('leave them there once where one comes to its end between two writes of the other', async () => {
    const { hub, proxy, other } = await opened(false)
    const isFirstWrite = isCommitOf('meta.alaqan_answers')
    let overtaking: Begun | undefined
    proxy.hooks.done = async request => {
      if (overtaking || !isFirstWrite(request)) return
      overtaking = hub.begin(...other, ...loadDays)
      await overtaking.ended
    }
    await expectDone(hub.begin(...loadDays))
    if (!overtaking) throw new Error('Nobody has come in between.')
    await expectDone(overtaking)
    await expectEverythingOnce(hub)
  })
})
