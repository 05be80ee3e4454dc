/** The tokens of one integration: what was issued, until when it holds, what has been used up. */
import { createHash } from 'node:crypto'
import type { Clock } from '../../effects.js'
import { accountId } from '../generated/dictionaries.js'

const codeLifeMs = 20 * 60_000
const accessLifeMs = 24 * 3_600_000
const refreshLifeMs = 90 * 24 * 3_600_000
/** The longest a long-lived token lasts: five years. */
const longLivedMs = 5 * 365 * 24 * 3_600_000

/** The answer of `/oauth2/access_token`. `expires_in` is seconds, `server_time` Unix seconds. */
export interface IssuedTokens {
  readonly token_type: 'Bearer'
  readonly expires_in: number
  readonly server_time: number
  readonly access_token: string
  readonly refresh_token: string
}

/** Why a code or a refresh token was not taken. */
export type Refusal = 'unknown' | 'expired' | 'used'

export interface Tokens {
  /** The token that needs no refresh. */
  readonly longLived: string
  newCode(): string
  issue(): IssuedTokens
  /** Takes a code, once. */
  useCode(code: string): Refusal | undefined
  /** Takes a refresh token, once. */
  useRefreshToken(token: string): Refusal | undefined
  /** Whether a refresh token is one of ours, used or not. */
  isKnownRefreshToken(token: string): boolean
  isValidAccessToken(token: string): boolean
  /** All access tokens, the long-lived one too, stop working; refresh tokens go on. */
  expireAccessTokens(): void
  /** A person took the integration's rights away: nothing works any more but a new code. */
  revokeAll(): void
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}

/**
 * @param seed makes the tokens, which are secret from nobody, the same in each run
 * @param apiDomain the host that stands in the tokens as `api_domain`; asked for when a token is made
 * @param longLived a token to accept; one is made where it is absent
 */
export function tokens(
  seed: number,
  clock: Clock,
  apiDomain: () => string,
  longLived: string | undefined,
): Tokens {
  let made = 0
  const codes = new Map<string, { readonly expiresAt: number; isUsed: boolean }>()
  const refreshTokens = new Map<string, { readonly expiresAt: number; isUsed: boolean }>()
  const accessTokens = new Map<string, number>()

  const opaque = (purpose: string) => {
    made += 1
    return createHash('sha256').update(`${seed} ${purpose} ${made}`).digest('hex')
  }
  /** Three parts, as in a JWT, of a length that varies. */
  const accessToken = (expiresAt: number) => {
    const id = opaque('access')
    const seconds = Math.floor(expiresAt / 1000)
    const claims = {
      aud: '00000000-0000-4000-8000-000000000000',
      jti: id.slice(0, 16 + (made % 24)),
      exp: seconds,
      sub: '9400101',
      grant_type: '',
      account_id: accountId,
      api_domain: apiDomain(),
      scopes: ['crm', 'notifications'],
    }
    const head = base64url(JSON.stringify({ typ: 'JWT', alg: 'RS256' }))
    const token = `${head}.${base64url(JSON.stringify(claims))}.${Buffer.from(id, 'hex').toString('base64url')}`
    accessTokens.set(token, expiresAt)
    return token
  }
  const use = (known: typeof codes, token: string): Refusal | undefined => {
    const found = known.get(token)
    if (!found) return 'unknown'
    if (found.isUsed) return 'used'
    if (clock.now() >= found.expiresAt) return 'expired'
    found.isUsed = true
    return undefined
  }

  const longLivedUntil = clock.now() + longLivedMs
  const longLivedToken = longLived ?? accessToken(longLivedUntil)
  accessTokens.set(longLivedToken, longLivedUntil)

  return {
    longLived: longLivedToken,
    newCode: () => {
      const code = `def502${opaque('code')}`
      codes.set(code, { expiresAt: clock.now() + codeLifeMs, isUsed: false })
      return code
    },
    issue: () => {
      const refreshToken = `def502${opaque('refresh')}${opaque('refresh')}`
      refreshTokens.set(refreshToken, { expiresAt: clock.now() + refreshLifeMs, isUsed: false })
      return {
        token_type: 'Bearer',
        expires_in: accessLifeMs / 1000,
        server_time: Math.floor(clock.now() / 1000),
        access_token: accessToken(clock.now() + accessLifeMs),
        refresh_token: refreshToken,
      }
    },
    useCode: code => use(codes, code),
    useRefreshToken: token => use(refreshTokens, token),
    isKnownRefreshToken: token => refreshTokens.has(token),
    isValidAccessToken: token => clock.now() < (accessTokens.get(token) ?? Number.NEGATIVE_INFINITY),
    expireAccessTokens: () => accessTokens.clear(),
    revokeAll: () => {
      accessTokens.clear()
      refreshTokens.clear()
      codes.clear()
    },
  }
}
