import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { movableClock, type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/sandbox.js'
import { listedWorld } from '../../sandbox/world/listed-world.js'
import type { HttpOptions } from '../http/http-client.js'
import { unlimited } from '../http/rate-budget.js'
import type { TransportRequest } from '../http/transport.js'
import { createAmocrmClient } from './client.js'
import { trustedOrigin } from './hosts.js'
import { readTokens, type Tokens, writeTokens } from './token-file.js'
import { type Integration, tokenRequests } from './token-request.js'

const clock = movableClock('2025-06-30T12:00:00Z')
const options: HttpOptions = { clock, budget: unlimited }
let folder: string
let tokenFile: string
let sandbox: Sandbox

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hubdwh-token-'))
  tokenFile = join(folder, 'amocrm-token.json')
})
afterEach(async () => {
  await sandbox?.close()
  await rm(folder, { recursive: true })
})

/** An account that has let us in, and the client's tokens on disk. */
async function authorized(more: SandboxOptions = {}): Promise<void> {
  const amocrm = { requestsPerSecond: null, ...more.amocrm }
  sandbox = await startSandbox({ clock, world: listedWorld({}), ...more, amocrm })
  const { access_token, refresh_token, expires_in } = sandbox.issueTokens()
  const expires_at = Math.floor(clock.now() / 1000) + expires_in
  await writeTokens(tokenFile, { access_token, refresh_token, expires_at, base_url: sandbox.url })
}

function client(http: HttpOptions = options) {
  const { integration, amocrmUrl } = sandbox
  return createAmocrmClient(
    { baseUrl: `${amocrmUrl}/api/v4/`, auth: { kind: 'oauth', tokenFile, ...integration } },
    http,
  )
}

const refreshes = () => sandbox.requests.filter(request => request.path === '/oauth2/access_token')

describe('an access token', () => {
  test('is used while it is good', async () => {
    await authorized()
    await client().account()
    expect(refreshes()).toEqual([])
  })

  test('is renewed before it ends, and the new pair is on disk for its owner only', async () => {
    await authorized()
    const before = await readTokens(tokenFile)
    clock.advance((86_400 - 200) * 1000)
    await client().account()
    const after = await readTokens(tokenFile)
    expect(after.access_token).not.toBe(before.access_token)
    expect(after.refresh_token).not.toBe(before.refresh_token)
    expect(after.expires_at).toBeGreaterThan(clock.now() / 1000 + 86_000)
    expect((await stat(tokenFile)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['amocrm-token.json'])
  })

  test('that was refused is renewed once for all requests under way', async () => {
    await authorized()
    const amocrm = client()
    await amocrm.account()
    sandbox.expireAccessTokens()
    await Promise.all([1, 2, 3, 4].map(() => amocrm.account()))
    expect(refreshes()).toHaveLength(1)
  })

  test('that another process has renewed meanwhile is taken from the file', async () => {
    await authorized()
    const [ours, others] = [client(), client()]
    await ours.account()
    sandbox.expireAccessTokens()
    await others.account()
    await ours.account()
    expect(refreshes()).toHaveLength(1)
  })

  test('is renewed by one of many processes that come at the same time', async () => {
    await authorized()
    clock.advance(86_400 * 1000)
    await Promise.all([1, 2, 3].map(() => client().account()))
    expect(refreshes()).toHaveLength(1)
  })
})

describe('a person is needed', () => {
  const needsPerson = { exitCode: 5, advice: expect.stringContaining('hubdwh auth amocrm') }

  test('when there is no token file', async () => {
    await authorized()
    await rm(tokenFile)
    await expect(client().account()).rejects.toMatchObject({ code: 'not_authorized', ...needsPerson })
  })

  test.each(['', '{"access_token": "abc"}', '[]'])(
    'when the file holds %j, which is not shown',
    async text => {
      await authorized()
      await writeFile(tokenFile, text)
      const failure: unknown = await client()
        .account()
        .catch((error: unknown) => error)
      expect(failure).toMatchObject({ code: 'not_authorized', ...needsPerson })
      expect(JSON.stringify(failure) + String(failure)).not.toContain('abc')
    },
  )

  test('when access was revoked, and the tokens are in no error', async () => {
    await authorized()
    const { access_token, refresh_token } = await readTokens(tokenFile)
    sandbox.revokeAccess()
    const failure: unknown = await client()
      .account()
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'refresh_token_rejected', ...needsPerson })
    for (const secret of [access_token, refresh_token]) expect(JSON.stringify(failure)).not.toContain(secret)
  })

  test('when a long-lived token has ended', async () => {
    await authorized()
    const auth = { kind: 'token', token: 'ended' } as const
    const amocrm = createAmocrmClient({ baseUrl: sandbox.amocrmUrl, auth }, options)
    await expect(amocrm.account()).rejects.toMatchObject({
      code: 'credential_rejected',
      exitCode: 5,
      advice: expect.stringContaining('AMOCRM_TOKEN'),
    })
  })
})

test('a connection that fails at a refresh leaves the old pair, and the next try works', async () => {
  await authorized({ faults: [{ kind: 'reset', path: /access_token/, on: [1, 2, 3, 4, 5, 6] }] })
  const before = await readTokens(tokenFile)
  sandbox.expireAccessTokens()
  await expect(client().account()).rejects.toMatchObject({ exitCode: 3 })
  expect(await readTokens(tokenFile)).toEqual(before)
  await client().account()
})

describe('what a killed process had from amoCRM', () => {
  test('and had written whole is used, though it was not in its place', async () => {
    await authorized()
    const old = await readTokens(tokenFile)
    sandbox.expireAccessTokens()
    await client().account()
    const saved = await readTokens(tokenFile)
    await rename(tokenFile, `${tokenFile}.draft`)
    await writeTokensAside(old)
    clock.advance(86_400_000)
    await client().account()
    expect((await readTokens(tokenFile)).refresh_token).not.toBe(saved.refresh_token)
    expect(await readdir(folder)).toEqual(['amocrm-token.json'])

    /** The draft stays: writeTokens would replace it. */
    async function writeTokensAside(tokens: Tokens): Promise<void> {
      await writeFile(tokenFile, JSON.stringify({ ...tokens, issued_at: 1 }))
    }
  })

  test('and had written in part counts as not written', async () => {
    await authorized()
    await writeFile(`${tokenFile}.draft`, '{"access_token": "a", "refr')
    sandbox.expireAccessTokens()
    await client().account()
    expect(await readdir(folder)).toEqual(['amocrm-token.json'])
  })

  test('and had not written needs a person: the old pair is used up', async () => {
    await authorized()
    const { refresh_token } = await readTokens(tokenFile)
    const requests = tokenRequests(sandbox.integration, options, new URL(sandbox.url))
    await requests.refresh(await readTokens(tokenFile))
    sandbox.expireAccessTokens()
    const failure: unknown = await client()
      .account()
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'refresh_token_rejected',
      exitCode: 5,
      message: expect.stringContaining('used or revoked'),
      advice: expect.stringContaining('hubdwh auth amocrm'),
    })
    expect(JSON.stringify(failure)).not.toContain(refresh_token)
  })
})

test('nothing is asked where the new pair could not be written', async () => {
  await authorized()
  await mkdir(`${tokenFile}.draft`)
  sandbox.expireAccessTokens()
  await expect(client().account()).rejects.toThrow()
  expect(refreshes()).toEqual([])
})

test('every token that comes up is named as a secret', async () => {
  await authorized()
  const old = await readTokens(tokenFile)
  sandbox.expireAccessTokens()
  const secrets: string[] = []
  await client({ ...options, keepSecret: more => secrets.push(...more) }).account()
  const fresh = await readTokens(tokenFile)
  for (const { access_token, refresh_token } of [old, fresh]) {
    expect(secrets).toEqual(expect.arrayContaining([access_token, refresh_token]))
  }
})

test('a token that ends in the middle of many requests is renewed once, and none of them fails', async () => {
  await authorized()
  const amocrm = client()
  for (let hours = 0; hours < 30; hours += 1) {
    await Promise.all([amocrm.account(), amocrm.account()])
    clock.advance(3_600_000)
  }
  expect(refreshes()).toHaveLength(1)
})

test('a page of the block instead of tokens is a block, and no refusal', async () => {
  await authorized({ faults: [{ kind: '403', path: /access_token/ }] })
  sandbox.expireAccessTokens()
  await expect(client().account()).rejects.toMatchObject({ code: 'blocked', exitCode: 3 })
})

describe('a code that is refused', () => {
  const refusedBecause = async (code: string, integration: Partial<Integration> = {}): Promise<unknown> => {
    const requests = tokenRequests({ ...sandbox.integration, ...integration }, options, new URL(sandbox.url))
    return requests.exchange(new URL(sandbox.url), code).catch((error: unknown) => error)
  }

  test('because it is too old is told so', async () => {
    await authorized()
    const code = sandbox.authorizationCode()
    clock.advance(21 * 60_000)
    expect(await refusedBecause(code)).toMatchObject({
      code: 'code_rejected',
      exitCode: 5,
      message: expect.stringContaining('20 minutes'),
    })
  })

  test('because of the redirect_uri is told so', async () => {
    await authorized()
    const wrong = { redirectUri: 'https://example.kz/other' }
    expect(await refusedBecause(sandbox.authorizationCode(), wrong)).toMatchObject({
      code: 'redirect_uri_mismatch',
      exitCode: 5,
    })
  })

  test('because of the secret key is told so', async () => {
    await authorized()
    expect(await refusedBecause(sandbox.authorizationCode(), { clientSecret: 'x' })).toMatchObject({
      code: 'integration_rejected',
      exitCode: 5,
    })
  })
})

test('a code is exchanged for the first pair', async () => {
  await authorized()
  const requests = tokenRequests(sandbox.integration, options, new URL(sandbox.url))
  const tokens = await requests.exchange(new URL(sandbox.url), sandbox.authorizationCode())
  await writeTokens(tokenFile, tokens)
  await client().account()
  await expect(requests.exchange(new URL(sandbox.url), 'wrong')).rejects.toMatchObject({
    code: 'code_rejected',
    exitCode: 5,
  })
})

describe('an account that has moved', () => {
  const accessToken = ['x', Buffer.from('{"api_domain":"api-b.amocrm.ru"}').toString('base64url'), 'x'].join(
    '.',
  )
  const old: Tokens = {
    access_token: accessToken,
    refresh_token: 'r1',
    expires_at: 0,
    base_url: 'https://old.amocrm.ru',
  }
  const integration = { clientId: 'i', clientSecret: 's', redirectUri: 'https://example.kz' }

  async function refreshWhen(domain: string) {
    const asked: TransportRequest[] = []
    const requests = tokenRequests(
      integration,
      {
        ...options,
        transport: async request => {
          asked.push(request)
          const answer = (status: number, json: object) => ({
            status,
            headers: {},
            body: Buffer.from(JSON.stringify(json)),
          })
          if (request.url.host === 'api-b.amocrm.ru') return answer(200, { id: 1, subdomain: 'new', domain })
          if (request.url.host === 'new.kommo.com')
            return answer(200, { access_token: 'a2', refresh_token: 'r2', expires_in: 86_400 })
          return answer(404, {})
        },
      },
      new URL('https://old.amocrm.ru'),
    )
    return { asked, tokens: await requests.refresh(old).catch((error: unknown) => error) }
  }

  test('is found where the vendor says, and the address is kept with the tokens', async () => {
    const { tokens, asked } = await refreshWhen('new.kommo.com')
    expect(tokens).toMatchObject({ access_token: 'a2', base_url: 'https://new.kommo.com' })
    expect(asked[1]?.headers).toMatchObject({ 'x-refresh-token': 'r1' })
  })

  test('is looked for where a request finds nothing, with the same tokens', async () => {
    await writeTokens(tokenFile, { ...old, expires_at: clock.now() })
    const asked: string[] = []
    const transport = async ({ url, headers }: TransportRequest) => {
      asked.push(`${url.host} ${Object.keys(headers).filter(name => /token|authorization/.test(name))}`)
      const answer = (status: number, json: object) => ({
        status,
        headers: {},
        body: Buffer.from(JSON.stringify(json)),
      })
      if (url.host === 'api-b.amocrm.ru') return answer(200, { domain: 'new.kommo.com' })
      return url.host === 'new.kommo.com' ? answer(200, { id: 5 }) : answer(404, {})
    }
    const amocrm = createAmocrmClient(
      { baseUrl: 'https://old.amocrm.ru', auth: { kind: 'oauth', tokenFile, ...integration } },
      { ...options, transport },
    )
    expect(await amocrm.account()).toMatchObject({ id: 5 })
    expect(asked).toEqual([
      'old.amocrm.ru authorization',
      'api-b.amocrm.ru x-refresh-token',
      'new.kommo.com authorization',
    ])
    expect(await readTokens(tokenFile)).toMatchObject({
      refresh_token: 'r1',
      base_url: 'https://new.kommo.com',
    })
  })

  test('is not followed to a stranger', async () => {
    const { tokens, asked } = await refreshWhen('evil.example')
    expect(tokens).toMatchObject({ code: 'untrusted_host', exitCode: 5 })
    expect(asked.map(request => request.url.host)).toEqual(['old.amocrm.ru', 'api-b.amocrm.ru'])
  })
})

describe('a token goes to', () => {
  const configured = new URL('http://127.0.0.1:8080')
  test.each([
    ['example.amocrm.ru', 'https://example.amocrm.ru'],
    ['https://example.kommo.com/api/v4/', 'https://example.kommo.com'],
    ['http://127.0.0.1:8080/x', 'http://127.0.0.1:8080'],
  ])('%s', (text, origin) => {
    expect(trustedOrigin(text, configured).origin).toBe(origin)
  })
  test.each([
    'evil.example',
    'amocrm.ru.evil.example',
    'http://example.amocrm.ru',
    'https://example.amocrm.ru:8443',
    'https://example.amocrm.ru@evil.example',
    '',
    'notamocrm.ru',
  ])('nowhere like %j', text => {
    expect(() => trustedOrigin(text, configured)).toThrow(expect.objectContaining({ code: 'untrusted_host' }))
  })
})

test('what is on disk after a refresh is what amoCRM gave', async () => {
  await authorized()
  sandbox.expireAccessTokens()
  await client().account()
  const stored: unknown = JSON.parse(await readFile(tokenFile, 'utf8'))
  expect(stored).toEqual(await readTokens(tokenFile))
  expect(stored).toMatchObject({ base_url: sandbox.url })
})
