import { afterEach, describe, expect, it } from 'vitest'
import { UsageError } from '../errors.js'
import {
  type Fault,
  generatedWorld,
  listedWorld,
  livelyEdits,
  type MovableClock,
  movableClock,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
} from './sandbox.js'
import { allRows, ask, idsOf } from './test-client.js'

let clock: MovableClock
let sandbox: Sandbox
afterEach(() => sandbox.close())

async function start(options: SandboxOptions = {}): Promise<void> {
  clock = movableClock('2025-02-01T00:00:00Z')
  sandbox = await startSandbox({
    clock,
    world: listedWorld({
      leads: [{ id: 1, name: 'Заявка' }],
      visits: { '2025-01-30': { '650727300949': [{ event: 'entry', time: '09:15:23' }] } },
    }),
    ...options,
  })
}

const withFault = (...faults: readonly Fault[]) => start({ faults })
const leads = () => ask(sandbox, '/api/v4/leads')
const visits = () => ask(sandbox, `${sandbox.alaqanUrl}employees/byDate?date=2025-01-30`)

describe('the sandbox', () => {
  it('serves both APIs on one port of the loopback interface', async () => {
    await start()
    expect(sandbox.alaqanUrl).toBe(`${sandbox.url}/api/astanahub/`)
    expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect([(await leads()).status, (await visits()).status]).toEqual([200, 200])
  })

  it('writes down what it was asked and what it said', async () => {
    await start()
    await ask(sandbox, '/api/v4/leads?filter%5Bid%5D%5B%5D=7')
    await visits()
    expect(sandbox.requests).toEqual([
      { n: 1, api: 'amocrm', method: 'GET', path: '/api/v4/leads', query: 'filter[id][]=7', status: 204 },
      {
        n: 2,
        api: 'alaqan',
        method: 'GET',
        path: '/api/astanahub/employees/byDate',
        query: 'date=2025-01-30',
        status: 200,
      },
    ])
  })

  it('gives every answer an X-Request-Id', async () => {
    await start()
    const response = await fetch(`${sandbox.url}/api/v4/leads`)
    expect(response.headers.get('x-request-id')).toBe('sandbox-1')
  })

  it('lets the world change between two requests', async () => {
    await start({
      beforeRequest: ({ n }, world) => {
        if (n === 2) world.add('leads', { id: 2 })
      },
    })
    expect([idsOf(await leads()), idsOf(await leads())]).toEqual([[1], [1, 2]])
  })

  it('says what went wrong in a test’s own code', async () => {
    await start({
      beforeRequest: () => {
        throw new Error('a mistake of the test')
      },
    })
    expect(await leads()).toMatchObject({ status: 500, text: 'Sandbox: a mistake of the test' })
  })

  it('says that a port is taken', async () => {
    await start()
    await expect(startSandbox({ port: Number(new URL(sandbox.url).port) })).rejects.toThrow(UsageError)
  })
})

describe('too many requests', () => {
  const status = async () => (await leads()).status

  it('are answered with 429 in HTML, without Retry-After', async () => {
    await start()
    for (let request = 0; request < 7; request += 1) expect(await status()).toBe(200)
    const response = await fetch(`${sandbox.url}/api/v4/leads`)
    expect([
      response.status,
      response.headers.get('content-type'),
      response.headers.get('retry-after'),
    ]).toEqual([429, 'text/html; charset=utf-8', null])
  })

  it('pass again in the next second', async () => {
    await start()
    for (let request = 0; request < 8; request += 1) await status()
    clock.advance(1000)
    expect(await status()).toBe(200)
  })

  it('that go on bring the block, a 403 in HTML, which silence lifts', async () => {
    await start()
    for (let request = 0; request < 16; request += 1) await status()
    const blocked = await leads()
    expect([blocked.status, blocked.type]).toEqual([403, 'text/html; charset=utf-8'])
    clock.advance(14 * 60_000)
    expect(await status()).toBe(403)
    clock.advance(14 * 60_000)
    expect(await status()).toBe(403)
    clock.advance(15 * 60_000)
    expect(await status()).toBe(200)
  })

  it('of one API are not the other’s', async () => {
    await start()
    for (let request = 0; request < 8; request += 1) await status()
    expect((await visits()).status).toBe(200)
  })
})

describe('a fault', () => {
  it.each(['429', '403', '500', '502', '503', '504'] as const)('%s is a page of HTML', async kind => {
    await withFault({ kind })
    const answer = await leads()
    expect([answer.status, answer.type]).toEqual([Number(kind), 'text/html; charset=utf-8'])
  })

  it.each(['401', '402'] as const)('%s is problem+json at amoCRM', async kind => {
    await withFault({ kind })
    const answer = await leads()
    expect([answer.status, answer.type]).toEqual([Number(kind), 'application/problem+json'])
  })

  it('can reset the connection before any header', async () => {
    await withFault({ kind: 'reset' })
    await expect(leads()).rejects.toThrow('fetch failed')
    expect(sandbox.requests.map(({ status }) => status)).toEqual([0])
  })

  it('can reset it in the middle of the body', async () => {
    await withFault({ kind: 'reset-mid-body' })
    const response = await fetch(`${sandbox.url}/api/v4/leads`, {
      headers: { authorization: `Bearer ${sandbox.token}` },
    })
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow('terminated')
  })

  it('can cut the JSON, in an answer that is otherwise whole', async () => {
    await withFault({ kind: 'truncated' })
    for (const answer of [await leads(), await visits()]) {
      expect(answer.status).toBe(200)
      expect(answer.text).toMatch(/^\{/)
      expect(() => JSON.parse(answer.text)).toThrow(SyntaxError)
    }
  })

  it('can be HTML with 200', async () => {
    await withFault({ kind: 'html' })
    const answer = await leads()
    expect([answer.status, answer.text.startsWith('<!DOCTYPE html>')]).toEqual([200, true])
  })

  it('can be nothing where there is something', async () => {
    await withFault({ kind: 'empty' })
    expect((await leads()).status).toBe(204)
    expect((await visits()).text).toBe('{"data":[]}')
  })

  it('can be slowness, through the clock', async () => {
    await withFault({ kind: 'slow', latencyMs: 30_000 })
    const before = clock.now()
    expect((await leads()).status).toBe(200)
    expect(clock.now() - before).toBe(30_000)
  })

  it('can strike one request of one path only', async () => {
    await withFault({ kind: '503', path: /leads/, on: [1] })
    expect([(await leads()).status, (await leads()).status]).toEqual([503, 200])
  })
})

describe('a lively account', () => {
  it('changes while it is read', async () => {
    await start({
      world: generatedWorld({ leads: 300 }),
      amocrm: { requestsPerSecond: null },
      beforeRequest: livelyEdits(1),
    })
    await allRows(sandbox, '/api/v4/leads?limit=25')
    const now = Math.floor(clock.now() / 1000)
    const edited = await allRows(
      sandbox,
      `/api/v4/leads?limit=250&filter[updated_at][from]=${now}&filter[updated_at][to]=${now}`,
    )
    expect(edited.length).toBeGreaterThan(3)
  })
})
