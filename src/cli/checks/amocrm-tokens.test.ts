import { mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { AmocrmConfig } from '../../config/config.js'
import { type Tokens, writeTokens } from '../../sources/amocrm/token-file.js'
import { checkTokenFile } from './amocrm-tokens.js'

const now = Date.UTC(2025, 0, 31, 12)
const day = 86_400
const pair: Tokens = {
  access_token: 'a',
  refresh_token: 'r',
  expires_at: 0,
  base_url: 'https://example.amocrm.ru',
}

/** The states of the findings about a token file. @param touchedDaysAgo when it was written */
async function states(tokens: Tokens | undefined, touchedDaysAgo = 0): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-check-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const tokenFile = join(folder, 'token.json')
  if (tokens) {
    await writeTokens(tokenFile, tokens)
    await utimes(tokenFile, new Date(), new Date(now - touchedDaysAgo * day * 1000))
  }
  const amocrm: AmocrmConfig = {
    baseUrl: 'https://example.amocrm.ru',
    auth: { kind: 'oauth', clientId: 'i', clientSecret: 's', redirectUri: 'https://example.kz', tokenFile },
    requestsPerSecond: 7,
    overlapSeconds: 600,
    sweepDays: 7,
    events: { from: '2024-01-01', types: [] },
    customFields: { bin: [], source: [], industry: [], phone: [], email: [] },
    currency: 'KZT',
  }
  const clock = { now: () => now, sleep: async () => {} }
  const findings = await checkTokenFile(amocrm, { clock })
  return findings.map(({ state }) => state)
}

const issuedDaysAgo = (days: number): Tokens => ({ ...pair, issued_at: now / 1000 - days * day })

it.each([
  [0, 'ok'],
  [75, 'ok'],
  [76, 'warning'],
  [100, 'warning'],
])('a refresh token of %i days ago is %s', async (days, state) => {
  expect(await states(issuedDaysAgo(days), 200)).toEqual([state, 'ok'])
})

it('an older file that does not say when the tokens were given is judged by its own age', async () => {
  expect(await states(pair, 10)).toEqual(['ok', 'ok'])
  expect(await states(pair, 80)).toEqual(['warning', 'ok'])
})

it('tokens for another address are a warning', async () => {
  expect(await states({ ...issuedDaysAgo(0), base_url: 'https://other.kommo.com' })).toEqual([
    'ok',
    'warning',
  ])
})

it('a file that is missing is a failure', async () => {
  expect(await states(undefined)).toEqual(['failed'])
})
