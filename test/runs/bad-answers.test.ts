import { afterEach, describe, expect, it } from 'vitest'
import { listedWorld, type SandboxOptions } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { gateDay, iins, lead, user } from './invented-account.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

const world = () =>
  listedWorld({
    leads: [lead({ id: 1 })],
    users: [user(100, 'Айгерим')],
    visits: { '2025-01-30': gateDay(iins.slice(0, 2)) },
  })

async function opened(sandbox: Omit<SandboxOptions, 'world' | 'clock'>, env = {}): Promise<Hub> {
  hub = await openHub({ world: world(), now: '2025-01-31T05:00:00Z', startDate: '2025-01-29', sandbox, env })
  return hub
}

describe('a credential that does not work', () => {
  it("ends with 5 and names Alaqan's key, while amoCRM is loaded", async () => {
    const { hubdwh, rows } = await opened({}, { ALAQAN_API_KEY: 'wrong-key-4711' })
    const { exitCode, err, out, json } = await hubdwh('run', '--json', '--verbose')
    expect(exitCode).toBe(5)
    expect(json).toMatchObject({ ok: false, exit_code: 5 })
    expect(err).toMatch(/ALAQAN_API_KEY|alaqan\.api_key|X-API-KEY/i)
    expect(err + out).not.toContain('wrong-key-4711')
    expect(await rows('select count(*) as n from bronze.alaqan_visits')).toEqual([{ n: 0 }])
    expect(await rows('select count(*) as n from silver.amocrm_leads')).toEqual([{ n: 1 }])
  })

  it("ends with 5 and names amoCRM's token, asks nothing else of amoCRM, while Alaqan is loaded", async () => {
    const { hubdwh, rows, sandbox } = await opened({}, { AMOCRM_TOKEN: 'wrong-token-4711' })
    const { exitCode, err, out } = await hubdwh('run', '--verbose')
    expect(exitCode).toBe(5)
    expect(err).toMatch(/AMOCRM_TOKEN|amocrm\.auth/)
    expect(err + out).not.toContain('wrong-token-4711')
    expect(sandbox.requests.filter(({ api }) => api === 'amocrm').length).toBeLessThan(4)
    expect(await rows("select count(*) as n from meta.loads where source = 'amocrm'")).toEqual([{ n: 0 }])
    expect(await rows('select count(*) as n from silver.alaqan_visits')).toEqual([{ n: 4 }])
  })
})

describe('an answer that is none', () => {
  it.each([
    ['html', 3],
    ['truncated', 3],
    ['reset', 3],
    ['reset-mid-body', 3],
    ['504', 3],
    ['429', 3],
  ] as const)(
    'of the kind %s fails that entity by name, loads the others, and ends with %i',
    async (kind, code) => {
      const { hubdwh, rows, sandbox } = await opened({ faults: [{ kind, path: /v4\/leads\?/ }] })
      const { exitCode, err } = await hubdwh('load', 'amocrm', 'users', 'leads', 'tasks')
      expect(exitCode, err).toBe(code)
      expect(err).toContain('amocrm leads could not be loaded')
      expect(err).toContain('/api/v4/leads')
      expect(err).not.toContain(sandbox.token)
      expect(await rows('select entity from meta.loads order by 1')).toEqual([
        { entity: 'tasks' },
        { entity: 'users' },
      ])
    },
  )

  it.each(['html', 'truncated', 'reset-mid-body', '503', '429', '504'] as const)(
    'once, of the kind %s, is asked for again and does no harm',
    async kind => {
      const { hubdwh, rows } = await opened({ faults: [{ kind, on: [1] }] })
      const { exitCode, err } = await hubdwh('load', 'alaqan')
      expect(exitCode, err).toBe(0)
      expect(await rows('select count(*) as n from bronze.alaqan_visits')).toEqual([{ n: 4 }])
    },
  )

  it.each([
    ['a string', 'текст'],
    ['a number', 7],
    ['null', null],
    ['a list with something in it', ['650727300949']],
  ])('to byDate, whose data is %s, is no empty day', async (_, data) => {
    const { hubdwh, world: account, rows } = await opened({})
    account.setVisits('2025-01-30', data)
    const { exitCode, err } = await hubdwh('load', 'alaqan')
    expect(exitCode, err).toBe(3)
    expect(err).toMatch(/2025-01-30/)
    expect(await rows('select count(*) as n from meta.alaqan_answers').catch(() => [{ n: 0 }])).toEqual([
      { n: 0 },
    ])
  })

  it('says that the account is not paid', async () => {
    const { hubdwh } = await opened({ faults: [{ kind: '402', api: 'amocrm' }] })
    const { exitCode, err } = await hubdwh('load', 'amocrm', 'users')
    expect([3, 5]).toContain(exitCode)
    expect(err).toMatch(/paid|402/)
  })

  it('of a block is not asked for again, since that prolongs it', async () => {
    const { hubdwh, sandbox } = await opened({ faults: [{ kind: '403', api: 'amocrm' }] })
    const { exitCode, err } = await hubdwh('load', 'amocrm')
    expect(exitCode, err).toBe(3)
    expect(err).toMatch(/block/i)
    expect(sandbox.requests.filter(({ api }) => api === 'amocrm')).toHaveLength(1)
  })

  it('says that users are closed to a token that is not an admin’s, and loads the rest', async () => {
    const { hubdwh, rows } = await opened({
      amocrm: { isAdmin: false, onlyOf: 100, requestsPerSecond: null },
    })
    const { exitCode, err } = await hubdwh('load', 'amocrm', 'users', 'leads')
    expect(exitCode, err).toBe(0)
    expect(err).toMatch(/rights|admin/i)
    expect(await rows('select count(*) as n from bronze.amocrm_leads')).toEqual([{ n: 1 }])
  })
})
