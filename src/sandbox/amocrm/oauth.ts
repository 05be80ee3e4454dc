/** amoCRM's OAuth endpoints (reference: "Authorization"). */
import { isJsonObject, type JsonObject } from '../../json.js'
import { type Answer, html, json, problem } from '../answer.js'
import type { Query } from '../query.js'
import type { Refusal, Tokens } from './tokens.js'

/** The integration as it is registered in the account. */
export interface Integration {
  readonly clientId: string
  readonly clientSecret: string
  /** Must match exactly in every request. */
  readonly redirectUri: string
}

const oauthProblem = {
  title: 'Некорректный запрос',
  type: 'https://developers.amocrm.ru/v3/errors/OAuthProblemJson',
} as const

function refused(status: number, detail: string, hint?: string): Answer {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({ ...(hint === undefined ? {} : { hint }), ...oauthProblem, status, detail }),
  }
}

function refusedCode(why: Refusal): Answer {
  const hint = {
    unknown: 'Cannot decrypt the authorization code',
    expired: 'Authorization code has expired',
    used: 'Authorization code has been revoked',
  }[why]
  return refused(400, 'The request is missing a required parameter or includes an invalid one: `code`.', hint)
}

function refusedRefreshToken(why: Refusal): Answer {
  const hint = {
    unknown: 'Cannot decrypt the refresh token',
    expired: 'Token has expired',
    used: 'Token has been revoked',
  }[why]
  return refused(401, 'The refresh token is invalid.', hint)
}

function readBody(contentType: string, body: string): JsonObject | undefined {
  if (contentType.includes('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body))
  }
  try {
    const parsed: unknown = JSON.parse(body)
    return isJsonObject(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

/** `POST /oauth2/access_token`: a code or a refresh token, each good for one use, against a new pair. */
export function exchange(
  contentType: string,
  body: string,
  integration: Integration,
  tokens: Tokens,
): Answer {
  const sent = readBody(contentType, body)
  if (!sent) return refused(400, 'The request body is not valid.')
  const wrong = (name: string) =>
    refused(400, `The request is missing a required parameter, or it is malformed: \`${name}\`.`)
  if (typeof sent.client_id !== 'string') return wrong('client_id')
  if (typeof sent.client_secret !== 'string') return wrong('client_secret')
  if (sent.client_id !== integration.clientId || sent.client_secret !== integration.clientSecret) {
    return refused(401, 'Client authentication failed')
  }
  if (sent.redirect_uri !== integration.redirectUri) return wrong('redirect_uri')
  switch (sent.grant_type) {
    case 'authorization_code': {
      if (typeof sent.code !== 'string') return wrong('code')
      const refusal = tokens.useCode(sent.code)
      return refusal ? refusedCode(refusal) : json(200, { ...tokens.issue() })
    }
    case 'refresh_token': {
      if (typeof sent.refresh_token !== 'string') return wrong('refresh_token')
      const refusal = tokens.useRefreshToken(sent.refresh_token)
      return refusal ? refusedRefreshToken(refusal) : json(200, { ...tokens.issue() })
    }
    default:
      return refused(400, 'The authorization grant type is not supported by the authorization server.')
  }
}

/** `GET /oauth2/account/current/subdomain`: where the account of a refresh token lives now. */
export function currentSubdomain(
  refreshToken: string | undefined,
  accountId: number,
  host: string,
  tokens: Tokens,
): Answer {
  if (refreshToken === undefined || !tokens.isKnownRefreshToken(refreshToken)) {
    return problem(401, 'The refresh token is invalid.')
  }
  const [subdomain = host, ...rest] = host.split('.')
  return json(200, { id: accountId, subdomain, domain: host, top_level_domain: rest.at(-1) ?? '' })
}

/**
 * `GET /oauth`: the page on which a person lets the integration in. There is nobody here to press the button, so
 * it redirects at once, with what the real one adds: `code`, `referer`, `state`, `platform`.
 */
export function authorize(query: Query, integration: Integration, host: string, tokens: Tokens): Answer {
  if (query.one('client_id') !== integration.clientId) return html(400, '400 Bad Request')
  const target = new URL(integration.redirectUri)
  target.searchParams.set('code', tokens.newCode())
  target.searchParams.set('referer', host)
  target.searchParams.set('platform', '1')
  target.searchParams.set('state', query.one('state') ?? '')
  return { status: 302, headers: { location: target.href }, body: '' }
}
