import { describe, expect, test } from 'vitest'
import type { Clock } from '../../effects.js'
import { silentReporter } from '../../effects.js'
import { createHttpClient, type HttpPeer } from './http-client.js'
import type { HttpRequest } from './http-request.js'
import { type RateBudget, unlimited } from './rate-budget.js'
import { type TransportAnswer, TransportError, type TransportRequest } from './transport.js'

const url = new URL('https://api.example.kz/visits?date=2025-01-30')

type Reply = (Partial<Omit<TransportAnswer, 'body'>> & { readonly body?: string }) | Error

/** A client whose server gives these replies in turn, the last one again and again. */
function clientWith(replies: readonly Reply[], peer: Partial<HttpPeer> = {}) {
  const requests: TransportRequest[] = []
  const waits: number[] = []
  const pauses: number[] = []
  const blocks: number[] = []
  let now = Date.parse('2025-01-31T00:00:00Z')
  const clock: Clock = {
    now: () => now,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted()
      waits.push(milliseconds)
      now += milliseconds
    },
  }
  const budget: RateBudget = {
    ...unlimited,
    tooMany: async (sentAt, askedMs = Number.NaN) => {
      pauses.push(askedMs)
      return sentAt + askedMs
    },
    blocked: async sentAt => {
      blocks.push(sentAt)
      return sentAt + 900_000
    },
  }
  const log: string[] = []
  const note = (message: string): void => void log.push(message)
  const client = createHttpClient(
    {
      source: 'Alaqan',
      credential: 'alaqan.api_key',
      credentialAdvice: 'Ask for a new key.',
      authorize: async () => ({ 'x-api-key': 'secret-key' }),
      ...peer,
    },
    {
      budget,
      clock,
      chance: { fraction: () => 0, hex: () => '' },
      reporter: { ...silentReporter, debug: note, warn: note, info: note },
      transport: async request => {
        const reply = replies[Math.min(requests.length, replies.length - 1)]
        requests.push(request)
        if (reply instanceof Error) throw reply
        return { status: 200, headers: {}, ...reply, body: Buffer.from(reply?.body ?? '{}') }
      },
    },
  )
  const get = (more: Partial<HttpRequest> = {}) => client.send({ url, ...more })
  return { get, requests, waits, pauses, blocks, log }
}

const html = { 'content-type': 'text/html; charset=utf-8' }
const lost = new TransportError('ECONNRESET', { isPermanent: false })

describe('a good answer', () => {
  test('comes with its bytes, its JSON and its time', async () => {
    const { get, requests } = clientWith([{ body: '\ufeff{"data": []}' }])
    expect(await get()).toMatchObject({
      request: '/visits?date=2025-01-30',
      status: 200,
      receivedAt: Date.parse('2025-01-31T00:00:00Z'),
      body: Buffer.from('\ufeff{"data": []}'),
      json: { data: [] },
    })
    expect(requests[0]?.headers).toMatchObject({
      'x-api-key': 'secret-key',
      'user-agent': expect.stringMatching(/^hubdwh\/\d/),
    })
  })

  test('may be empty where the status says so', async () => {
    expect(await clientWith([{ status: 204, body: '' }]).get()).toMatchObject({
      status: 204,
      json: undefined,
    })
  })
})

describe('is tried again', () => {
  test.each<[string, Reply]>([
    ['a lost connection', lost],
    ['a failing server', { status: 500, body: '<html>oops</html>', headers: html }],
    ['a gateway that gave up', { status: 504, body: '' }],
    ['JSON that is cut off', { body: '{"data": {"65' }],
    ['an empty body', { body: '' }],
    ['a web page instead of JSON', { body: '<html>login</html>', headers: html }],
  ])('%s', async (_, reply) => {
    const { get, requests } = clientWith([reply, reply, { body: '{"ok":true}' }])
    expect((await get()).json).toEqual({ ok: true })
    expect(requests).toHaveLength(3)
  })

  test('JSON of another shape', async () => {
    const { get } = clientWith([{ body: '[]' }, { body: '{"data":{}}' }])
    const answer = await get({ problemWith: json => (Array.isArray(json) ? 'a list' : undefined) })
    expect(answer.json).toEqual({ data: {} })
  })

  test('after twice the time each time', async () => {
    const { get, waits } = clientWith([lost, lost, lost, {}])
    await get()
    expect(waits).toEqual([250, 500, 1000])
  })

  test('after the time that Retry-After says', async () => {
    const { get, waits } = clientWith([{ status: 503, headers: { 'retry-after': '17' } }, {}])
    await get()
    expect(waits).toEqual([17_000])
  })

  test('when everybody may go again, where it was too much', async () => {
    const { get, waits, pauses } = clientWith([{ status: 429, headers: { 'retry-after': '17' } }, {}])
    await get()
    expect(pauses).toEqual([17_000])
    expect(waits).toEqual([])
  })

  test.each<[string, Reply]>([
    ['a gateway that gave up', { status: 504, body: '' }],
    ['a timeout', new TransportError('late', { isPermanent: false, isTimeout: true })],
  ])('after %s with less, where the caller can do with less', async (_, reply) => {
    const { get, requests } = clientWith([reply, reply, {}])
    const less = (from: URL) => (from.searchParams.has('less') ? undefined : new URL('?less', from))
    await get({ less })
    expect(requests.map(request => request.url.search)).toEqual(['?date=2025-01-30', '?less', '?less'])
  })
})

describe('is given up', () => {
  test('after six tries, with the address and the request id', async () => {
    const { get, requests } = clientWith([{ status: 503, headers: { 'x-request-id': 'abc-1' } }])
    await expect(get()).rejects.toMatchObject({
      exitCode: 3,
      code: 'source_unavailable',
      message: expect.stringMatching(/https:\/\/api\.example\.kz\/visits\?date=2025-01-30 in 6 tries.*abc-1/),
    })
    expect(requests).toHaveLength(6)
  })

  test('with the last answer, when no try brings JSON', async () => {
    const { get } = clientWith([{ body: '<html>' }])
    await expect(get()).rejects.toMatchObject({
      code: 'malformed_answer',
      exitCode: 3,
      answer: { request: '/visits?date=2025-01-30', body: Buffer.from('<html>') },
    })
  })

  test('at once, when the certificate is wrong', async () => {
    const { get, requests } = clientWith([new TransportError('CERT_HAS_EXPIRED', { isPermanent: true })])
    await expect(get()).rejects.toMatchObject({
      code: 'source_unavailable',
      message: expect.stringContaining('CERT_HAS_EXPIRED'),
    })
    expect(requests).toHaveLength(1)
  })

  test('at once, when the source asks for more patience than a run has', async () => {
    const { get, requests } = clientWith([{ status: 503, headers: { 'retry-after': '7200' } }])
    await expect(get()).rejects.toMatchObject({ code: 'told_to_wait', advice: 'Run again in 120 minutes.' })
    expect(requests).toHaveLength(1)
  })

  test('when the signal is aborted while it waits', async () => {
    const controller = new AbortController()
    const { get } = clientWith([lost])
    controller.abort(new Error('stopped'))
    await expect(get({ signal: controller.signal })).rejects.toThrow('stopped')
  })
})

describe('is never tried again', () => {
  test.each<[number, Reply, object]>([
    [403, { body: '{"title":"Forbidden"}' }, { code: 'forbidden', exitCode: 5 }],
    [403, { body: '{"title":"Forbidden","error_code":113}' }, { code: 'address_not_allowed', exitCode: 5 }],
    [403, { body: '{"response":{"error_code":"113"}}' }, { code: 'address_not_allowed', exitCode: 5 }],
    [402, { body: '{}' }, { code: 'account_not_paid', exitCode: 3 }],
    [401, { body: '<html>' }, { code: 'credential_rejected', exitCode: 5, advice: 'Ask for a new key.' }],
    [404, { body: '<html>', headers: html }, { code: 'not_found', exitCode: 3 }],
    [405, { body: '{}' }, { code: 'request_refused', exitCode: 3 }],
  ])('%i with %j', async (status, reply, error) => {
    const { get, requests } = clientWith([{ ...reply, status }])
    await expect(get()).rejects.toMatchObject(error)
    expect(requests).toHaveLength(1)
  })

  test.each([
    ['', {}],
    ['where the caller would accept a refusal', { accept: [401, 403] }],
  ])('a block, of which everybody is told %s', async (_, more) => {
    const { get, requests, blocks } = clientWith([{ status: 403, body: '<html>', headers: html }])
    await expect(get(more)).rejects.toMatchObject({
      code: 'blocked',
      exitCode: 3,
      message: expect.stringContaining('2025-01-31 00:15 UTC'),
    })
    expect(requests).toHaveLength(1)
    expect(blocks).toEqual([Date.parse('2025-01-31T00:00:00Z')])
  })

  test('bad input, of which codes and paths are told and values are not', async () => {
    const body = JSON.stringify({
      title: 'Bad Request',
      detail: 'someone@mail.kz',
      'validation-errors': [{ errors: [{ code: 'InvalidType', path: 'limit', detail: '+77001234567' }] }],
    })
    const failure = clientWith([{ status: 400, body }]).get()
    await expect(failure).rejects.toThrow(
      '400 to https://api.example.kz/visits?date=2025-01-30: Bad Request; InvalidType at limit',
    )
    await expect(failure).rejects.not.toThrow('someone')
  })
})

describe('a credential', () => {
  test('that was renewed is used at once', async () => {
    let renewals = 0
    const { get, requests, waits } = clientWith([{ status: 401 }, { body: '{"ok":1}' }], {
      renew: async () => {
        renewals += 1
        return true
      },
    })
    expect((await get()).json).toEqual({ ok: 1 })
    expect([renewals, requests.length, waits.length]).toEqual([1, 2, 0])
  })

  test('is renewed once for a request, not again and again', async () => {
    const { get, requests } = clientWith([{ status: 401 }], { renew: async () => true })
    await expect(get()).rejects.toMatchObject({ code: 'credential_rejected' })
    expect(requests).toHaveLength(2)
  })

  test('is in no message and no error', async () => {
    const { get, log } = clientWith([{ status: 500 }, { status: 429 }, { status: 401 }])
    const error: unknown = await get().catch((thrown: unknown) => thrown)
    expect(JSON.stringify([log, String(error), error])).not.toContain('secret-key')
  })
})

describe('a redirection', () => {
  test('within the host is followed', async () => {
    const { get, requests } = clientWith([
      { status: 308, headers: { location: '/v2/visits' } },
      { body: '[]' },
    ])
    expect((await get()).json).toEqual([])
    expect(requests[1]?.url.href).toBe('https://api.example.kz/v2/visits')
  })

  test.each(['https://evil.example/visits', 'http://api.example.kz/visits', '//evil.example', undefined])(
    'to %s is not',
    async location => {
      const { get, requests } = clientWith([{ status: 302, headers: location ? { location } : {} }])
      await expect(get()).rejects.toMatchObject({ code: 'redirected', exitCode: 3 })
      expect(requests).toHaveLength(1)
    },
  )

  test('in a circle ends', async () => {
    const { get } = clientWith([{ status: 302, headers: { location: url.href } }])
    await expect(get()).rejects.toMatchObject({ code: 'redirected' })
  })
})

test('an ИИН in the address is masked in the archive, the log and the errors', async () => {
  const { get, log } = clientWith([{ status: 500 }])
  const request = { url: new URL('https://api.example.kz/byIin?iin=650727300949') }
  await expect(get(request)).rejects.toThrow('iin=********0949')
  expect(log.join()).not.toContain('650727300949')
})
