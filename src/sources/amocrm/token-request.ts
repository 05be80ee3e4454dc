/** Asking amoCRM for tokens: the exchange of a code, and the refresh (reference: "Authorization"). */
import { z } from 'zod'
import { createHttpClient, type HttpOptions } from '../http/http-client.js'
import type { HttpAnswer } from '../http/http-request.js'
import { isTrusted, trustedOrigin } from './hosts.js'
import { claimsOf } from './token-claims.js'
import type { Tokens } from './token-file.js'
import { codeRefusal, type GrantRefusal, refreshRefusal, refusalIn } from './token-refusal.js'

/** The integration, as its page in amoCRM shows it (config, `amocrm.auth`). */
export interface Integration {
  readonly clientId: string
  /** A secret. */
  readonly clientSecret: string
  /** Must match the integration's exactly. */
  readonly redirectUri: string
}

export interface TokenRequests {
  /**
   * Turns the code of a redirection, which lives 20 minutes, into the first pair of tokens.
   * @param origin where the account is
   */
  exchange(origin: URL, code: string, signal?: AbortSignal): Promise<Tokens>
  /** Turns a refresh token, which works once, into the next pair; also where the account has moved. */
  refresh(tokens: Tokens): Promise<Tokens>
  /** Where the account is now, as the vendor's own address knows; undefined where it does not say. Uses nothing up. */
  movedTo(tokens: Tokens): Promise<URL | undefined>
}

const answerSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.number().positive(),
})
const domainSchema = z.object({ domain: z.string().min(1) })
const claimsSchema = z.object({ api_domain: z.string().min(1) })

/** Statuses with which amoCRM refuses a grant; 404 comes from the host that an account has left. */
const refusals = [400, 401, 404]

/**
 * @param configured the origin in the config
 * @throws by its functions: AuthorizationError `code_rejected`, `refresh_token_rejected`, …; UnavailableError
 */
export function tokenRequests(
  integration: Integration,
  options: HttpOptions,
  configured: URL,
): TokenRequests {
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

  async function ask(
    origin: URL,
    grant: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<Tokens | GrantRefusal> {
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
    if (refusals.includes(answer.status)) return refusalIn(answer)
    const tokens = tokensIn(answer, origin, now())
    options.keepSecret?.([tokens.access_token, tokens.refresh_token])
    return tokens
  }

  return {
    exchange: async (origin, code, signal) => {
      const answer = await ask(origin, { grant_type: 'authorization_code', code }, signal)
      if (isTokens(answer)) return answer
      throw codeRefusal(origin.host, answer)
    },

    refresh: async tokens => {
      const grant = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
      // An address that nobody vouches for is not asked, though it stands in the file.
      const first = isTrusted(tokens.base_url, configured)
        ? trustedOrigin(tokens.base_url, configured)
        : configured
      const refused = await ask(first, grant)
      if (isTokens(refused)) return refused
      const elsewhere = [configured, await movedTo(tokens)]
      const asked = new Set([first.host])
      for (const origin of elsewhere) {
        if (origin === undefined || asked.has(origin.host)) continue
        asked.add(origin.host)
        const answer = await ask(origin, grant)
        if (isTokens(answer)) return answer
      }
      throw refreshRefusal(first.host, refused)
    },

    movedTo,
  }

  async function movedTo(tokens: Tokens): Promise<URL | undefined> {
    const claims = claimsSchema.safeParse(claimsOf(tokens.access_token))
    if (!claims.success || !isTrusted(claims.data.api_domain, configured)) return undefined
    const answer = await http.send({
      url: new URL('/oauth2/account/current/subdomain', trustedOrigin(claims.data.api_domain, configured)),
      headers: { 'x-refresh-token': tokens.refresh_token },
      accept: refusals,
    })
    const account = domainSchema.safeParse(answer.json)
    return account.success ? trustedOrigin(account.data.domain, configured) : undefined
  }
}

function isTokens(answer: Tokens | GrantRefusal): answer is Tokens {
  return 'access_token' in answer
}

function tokensIn(answer: HttpAnswer, origin: URL, now: number): Tokens {
  const { access_token, refresh_token, expires_in } = answerSchema.parse(answer.json)
  const issuedAt = Math.floor(now / 1000)
  return {
    access_token,
    refresh_token,
    expires_at: issuedAt + expires_in,
    base_url: origin.origin,
    issued_at: issuedAt,
  }
}
