/** Asking amoCRM for tokens: the exchange of a code, and the refresh (reference: "Authorization"). */
import { z } from 'zod'
import { AuthorizationError } from '../../errors.js'
import { createHttpClient, type HttpAnswer, type HttpOptions } from '../http/http-client.js'
import { trustedOrigin } from './hosts.js'
import type { Tokens } from './token-file.js'

/** The integration, as its page in amoCRM shows it (config, `amocrm.auth`). */
export interface Integration {
  readonly clientId: string
  /** A secret. */
  readonly clientSecret: string
  /** Must match the integration's exactly. */
  readonly redirectUri: string
}

/** @param origin where it is asked: the account's host */
export type TokenRequest = (origin: URL, signal?: AbortSignal) => Promise<Tokens>

const answerSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.number().positive(),
})
const domainSchema = z.object({ domain: z.string().min(1) })
const claimsSchema = z.object({ api_domain: z.string().min(1) })

/** Statuses with which amoCRM refuses a grant; 404 comes from the host that an account has left. */
const refusals = [400, 401, 403, 404]

/** @throws by its functions: AuthorizationError `code_rejected`, `refresh_token_rejected`; UnavailableError */
export function tokenRequests(integration: Integration, options: HttpOptions, configured: URL) {
  const http = createHttpClient(
    {
      source: 'amoCRM',
      credential: 'amocrm.auth',
      credentialAdvice: 'Run `hubdwh auth amocrm`.',
      // The credentials are in the body.
      authorize: async () => ({}),
    },
    options,
  )
  const now = (): number => options.clock?.now() ?? Date.now()

  async function ask(origin: URL, grant: Readonly<Record<string, string>>, signal?: AbortSignal) {
    const answer = await http.send({
      url: new URL('/oauth2/access_token', origin),
      method: 'POST',
      json: {
        client_id: integration.clientId,
        client_secret: integration.clientSecret,
        redirect_uri: integration.redirectUri,
        ...grant,
      },
      accept: refusals,
      problemWith: json => (answerSchema.safeParse(json).success ? undefined : 'JSON without tokens'),
      ...(signal ? { signal } : {}),
    })
    return refusals.includes(answer.status) ? undefined : tokensIn(answer, origin, now())
  }

  return {
    /** Turns the code of a redirection, which lives 20 minutes, into the first pair of tokens. */
    exchange: async (origin: URL, code: string, signal?: AbortSignal): Promise<Tokens> => {
      const tokens = await ask(origin, { grant_type: 'authorization_code', code }, signal)
      if (tokens) return tokens
      throw new AuthorizationError('code_rejected', `amoCRM (${origin.host}) does not accept the code.`, {
        advice:
          'A code works once and for 20 minutes: get a new one. Check client_id, client_secret and redirect_uri too.',
      })
    },

    /** Turns a refresh token, which works once, into the next pair; also where the account has moved. */
    refresh: async (tokens: Tokens, signal?: AbortSignal): Promise<Tokens> => {
      const origin = trustedOrigin(tokens.base_url, configured)
      const refreshed = await refreshAt(origin)
      if (refreshed) return refreshed
      const moved = await movedTo(tokens, signal)
      const again = moved && moved.host !== origin.host ? await refreshAt(moved) : undefined
      if (again) return again
      throw new AuthorizationError(
        'refresh_token_rejected',
        `amoCRM (${origin.host}) does not accept the refresh token: it works once and for three months.`,
        {
          advice:
            'Run `hubdwh auth amocrm`, and let no other program use the same token file or a copy of it.',
        },
      )
      function refreshAt(where: URL): Promise<Tokens | undefined> {
        return ask(where, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }, signal)
      }
    },
  }

  /** Where the account is now, as the vendor's own address knows; undefined where it does not say. */
  async function movedTo(tokens: Tokens, signal?: AbortSignal): Promise<URL | undefined> {
    const claims = claimsSchema.safeParse(claimsOf(tokens.access_token))
    if (!claims.success) return undefined
    const answer = await http.send({
      url: new URL('/oauth2/account/current/subdomain', trustedOrigin(claims.data.api_domain, configured)),
      headers: { 'x-refresh-token': tokens.refresh_token },
      accept: refusals,
      ...(signal ? { signal } : {}),
    })
    const account = domainSchema.safeParse(answer.json)
    return account.success ? trustedOrigin(account.data.domain, configured) : undefined
  }
}

function tokensIn(answer: HttpAnswer, origin: URL, now: number): Tokens {
  const { access_token, refresh_token, expires_in } = answerSchema.parse(answer.json)
  return {
    access_token,
    refresh_token,
    expires_at: Math.floor(now / 1000) + expires_in,
    base_url: origin.origin,
  }
}

/** The claims of a JWT, unverified: they are only asked where else to ask. */
function claimsOf(accessToken: string): unknown {
  try {
    return JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
  } catch {
    return undefined
  }
}
