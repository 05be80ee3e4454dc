/** amoCRM's OAuth: access tokens that end, and refresh tokens that work once. */
import { type Answer, json, problem, type Request } from './exchange.js'

export interface Tokens {
  /** A long-lived token. */
  readonly longLived: string
  /** The pair that is good now, as the product's token file holds it; it ends after so many seconds. */
  issue(lifetime: number): {
    readonly access_token: string
    readonly refresh_token: string
    readonly expires_at: number
  }
  isGood(authorization: string | string[] | undefined): boolean
  isRefreshGood(token: string): boolean
  /** How often a pair was asked for, and how often with a spent refresh token. */
  readonly asked: { refreshes: number; reuses: number }
  /** POST /oauth2/access_token */
  exchange(request: Request): Answer
}

export const integration = {
  client_id: 'our-id',
  client_secret: 'our-secret',
  redirect_uri: 'https://example.kz/oauth',
}
/** A code that works, any number of times: a person can always get another. */
export const code = 'a-code'
const lifetime = 86_400

/** @param now Unix seconds */
export function createTokens(now: () => number): Tokens {
  const goodUntil = new Map<string, number>()
  let refreshToken: string | undefined
  let issued = 0
  const asked = { refreshes: 0, reuses: 0 }
  const issue = (seconds: number) => {
    issued += 1
    const claims = Buffer.from(JSON.stringify({ n: issued, api_domain: 'api.invalid' })).toString('base64url')
    const pair = {
      access_token: `head.${claims}.tail`,
      refresh_token: `refresh-token-number-${issued}`,
      expires_at: now() + seconds,
    }
    goodUntil.set(pair.access_token, pair.expires_at)
    refreshToken = pair.refresh_token
    return pair
  }
  const longLived = 'a-long-lived-token'
  const answer = () => {
    const { access_token, refresh_token } = issue(lifetime)
    return json({
      token_type: 'Bearer',
      expires_in: lifetime,
      server_time: now(),
      access_token,
      refresh_token,
    })
  }
  return {
    longLived,
    asked,
    issue,
    isGood: authorization => {
      const token = String(authorization ?? '').replace(/^Bearer /, '')
      return token === longLived || (goodUntil.get(token) ?? 0) > now()
    },
    isRefreshGood: token => token === refreshToken,
    exchange: ({ body }) => {
      const isOurs = Object.entries(integration).every(([name, value]) => body[name] === value)
      if (!isOurs) return problem(400, 'Bad request')
      if (body.grant_type === 'authorization_code')
        return body.code === code ? answer() : problem(400, 'Bad code')
      asked.refreshes += 1
      if (body.refresh_token === refreshToken) return answer()
      asked.reuses += 1
      return problem(401, 'Unauthorized', { hint: 'Token has been revoked' })
    },
  }
}
