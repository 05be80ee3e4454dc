import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../json.js'
import { listedWorld, type MovableClock, movableClock, type Sandbox, startSandbox } from '../sandbox.js'
import { ask, askToken } from '../test-client.js'

const minute = 60_000
const day = 24 * 60 * minute
let clock: MovableClock
let sandbox: Sandbox

beforeEach(async () => {
  clock = movableClock('2025-02-01T00:00:00Z')
  sandbox = await startSandbox({ clock, world: listedWorld({}) })
})
afterEach(() => sandbox.close())

function integration(): JsonObject {
  const { clientId, clientSecret, redirectUri } = sandbox.integration
  return { client_id: clientId, client_secret: clientSecret, redirect_uri: redirectUri }
}

const byCode = (code: string) =>
  askToken(sandbox, { ...integration(), grant_type: 'authorization_code', code })
const byRefresh = (refresh_token: string) =>
  askToken(sandbox, { ...integration(), grant_type: 'refresh_token', refresh_token })
const accountWith = (token: string) =>
  ask(sandbox, '/api/v4/account', { authorization: `Bearer ${token}` }).then(({ status }) => status)

describe('a code', () => {
  it('is exchanged for a pair of tokens that work', async () => {
    const answer = await byCode(sandbox.authorizationCode())
    expect(answer.json).toEqual({
      token_type: 'Bearer',
      expires_in: 86_400,
      server_time: 1_738_368_000,
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      refresh_token: expect.any(String),
    })
    expect(await accountWith(String(answer.json.access_token))).toBe(200)
  })

  it('works once', async () => {
    const code = sandbox.authorizationCode()
    await byCode(code)
    expect((await byCode(code)).status).toBe(400)
  })

  it('lives twenty minutes', async () => {
    const code = sandbox.authorizationCode()
    clock.advance(20 * minute)
    expect((await byCode(code)).json).toMatchObject({ status: 400, hint: 'Authorization code has expired' })
  })
})

describe('a refresh token', () => {
  it('brings a new pair, and the new one works in turn', async () => {
    const { refresh_token } = sandbox.issueTokens()
    const first = await byRefresh(refresh_token)
    const second = await byRefresh(String(first.json.refresh_token))
    expect([first.status, second.status]).toEqual([200, 200])
    expect(second.json.access_token).not.toBe(first.json.access_token)
  })

  it('used again answers 401 with the hint', async () => {
    const { refresh_token } = sandbox.issueTokens()
    await byRefresh(refresh_token)
    const answer = await byRefresh(refresh_token)
    expect(answer.type).toBe('application/problem+json')
    expect(answer.json).toEqual({
      hint: 'Token has been revoked',
      title: expect.any(String),
      type: expect.any(String),
      status: 401,
      detail: expect.any(String),
    })
  })

  it('lives three months', async () => {
    const { refresh_token } = sandbox.issueTokens()
    clock.advance(90 * day)
    expect((await byRefresh(refresh_token)).status).toBe(401)
  })

  it('tells where the account lives', async () => {
    const { refresh_token } = sandbox.issueTokens()
    const answer = await ask(sandbox, '/oauth2/account/current/subdomain', {
      'x-refresh-token': refresh_token,
    })
    expect(answer.json).toEqual({
      id: expect.any(Number),
      subdomain: expect.any(String),
      domain: new URL(sandbox.url).host,
      top_level_domain: expect.any(String),
    })
  })
})

describe('an access token', () => {
  it('lives a day', async () => {
    const { access_token } = sandbox.issueTokens()
    clock.advance(day - 1)
    expect(await accountWith(access_token)).toBe(200)
    clock.advance(1)
    expect(await accountWith(access_token)).toBe(401)
  })

  it('carries the claims that a client needs', () => {
    const [, claims = ''] = sandbox.issueTokens().access_token.split('.')
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      account_id: expect.any(Number),
      api_domain: new URL(sandbox.url).host,
      exp: 1_738_368_000 + 86_400,
    })
  })

  it('is of a length that varies', () => {
    const lengths = Array.from({ length: 5 }, () => sandbox.issueTokens().access_token.length)
    expect(new Set(lengths).size).toBeGreaterThan(1)
  })

  it('can be taken away while the refresh token goes on', async () => {
    const { access_token, refresh_token } = sandbox.issueTokens()
    sandbox.expireAccessTokens()
    expect(await accountWith(access_token)).toBe(401)
    expect((await byRefresh(refresh_token)).status).toBe(200)
  })

  it('stops with everything else when the rights are revoked', async () => {
    const { access_token, refresh_token } = sandbox.issueTokens()
    sandbox.revokeAccess()
    expect(await accountWith(access_token)).toBe(401)
    expect((await byRefresh(refresh_token)).status).toBe(401)
    expect((await byCode(sandbox.authorizationCode())).status).toBe(200)
  })
})

describe('authorization', () => {
  it('is refused without a token, with a wrong one and by Alaqan’s key', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { 'x-api-key': sandbox.apiKey }]) {
      const answer = await ask(sandbox, '/api/v4/leads', headers)
      expect([answer.status, answer.type]).toEqual([401, 'application/problem+json'])
    }
  })

  it.each([
    ['client_secret', 401],
    ['client_id', 401],
    ['redirect_uri', 400],
    ['grant_type', 400],
    ['code', 400],
  ])('is refused with a wrong %s', async (name, status) => {
    const sent = { ...integration(), grant_type: 'authorization_code', code: sandbox.authorizationCode() }
    expect((await askToken(sandbox, { ...sent, [name]: 'wrong' })).status).toBe(status)
  })

  it('does not use a code up when something else was wrong', async () => {
    const code = sandbox.authorizationCode()
    await askToken(sandbox, {
      ...integration(),
      client_secret: 'wrong',
      grant_type: 'authorization_code',
      code,
    })
    expect((await byCode(code)).status).toBe(200)
  })

  it.each(['', 'not json', '[]', 'null', '{}'])('is refused with the body "%s"', async body => {
    expect((await askToken(sandbox, body)).status).toBe(400)
  })

  it('redirects from its page with code, referer, state and platform', async () => {
    const response = await fetch(`${sandbox.url}/oauth?client_id=sandbox-client&state=xyz`, {
      redirect: 'manual',
    })
    const target = new URL(response.headers.get('location') ?? '')
    expect(response.status).toBe(302)
    expect(target.origin + target.pathname).toBe(sandbox.integration.redirectUri)
    expect(Object.fromEntries(target.searchParams)).toEqual({
      code: expect.any(String),
      referer: new URL(sandbox.url).host,
      platform: '1',
      state: 'xyz',
    })
    expect((await byCode(target.searchParams.get('code') ?? '')).status).toBe(200)
  })
})

it('an account that has moved answers only where it is', async () => {
  const moved = await startSandbox({
    clock,
    world: listedWorld({}),
    amocrm: { movedTo: 'example.kommo.com' },
  })
  const { refresh_token } = moved.issueTokens()
  const where = await ask(moved, '/oauth2/account/current/subdomain', { 'x-refresh-token': refresh_token })
  const api = await ask(moved, '/api/v4/account')
  await moved.close()
  expect(where.json).toMatchObject({
    subdomain: 'example',
    domain: 'example.kommo.com',
    top_level_domain: 'com',
  })
  expect(api.status).toBe(404)
})
