/** Being allowed in: the header for each request, and new tokens when the old ones end. */
import { dirname } from 'node:path'
import { createPrivateFolder } from '../../durable-file.js'
import { systemClock } from '../../effects.js'
import { type LockOptions, withLock } from '../../lock.js'
import type { HttpOptions } from '../http/http-client.js'
import { configuredOrigin, isTrusted, trustedOrigin } from './hosts.js'
import { makeRoomForTokens, readTokens, recoverTokens, type Tokens, writeTokens } from './token-file.js'
import { type Integration, tokenRequests } from './token-request.js'

/** How the config says to authorize. */
export type AmocrmAuth =
  | { readonly kind: 'token' /** A long-lived token; a secret. */; readonly token: string }
  | (Integration & { readonly kind: 'oauth'; readonly tokenFile: string })

/** Where amoCRM is and as whom we ask it (config, `amocrm`). */
export interface AmocrmAccess {
  /** `https://example.amocrm.ru`, with or without `/api/v4/`. */
  readonly baseUrl: string
  readonly auth: AmocrmAuth
}

export interface Authorization {
  /** The credential by the name under which a person knows it. */
  readonly credential: string
  readonly credentialAdvice: string
  /** The account's address: with OAuth that of the tokens, for accounts move. */
  origin(): Promise<URL>
  authorize(): Promise<Readonly<Record<string, string>>>
  /** Another credential instead of one that was refused; true where there is one. */
  renew?(refused: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<boolean>
  /** Asks where the account is, after nothing was found at an origin; true where it is elsewhere now. */
  relocate?(left: URL, signal?: AbortSignal): Promise<boolean>
}

/** A token that ends so soon is renewed before it is used. */
const renewBeforeSeconds = 300
/** A refresh takes a second; with retries, minutes. */
const lockWaitMs = 180_000

export function createAuthorization(access: AmocrmAccess, options: HttpOptions): Authorization {
  const configured = configuredOrigin(access.baseUrl)
  switch (access.auth.kind) {
    case 'token':
      return longLived(access.auth.token, configured)
    case 'oauth':
      return oauth(access.auth, configured, options)
  }
}

function longLived(token: string, configured: URL): Authorization {
  return {
    credential: 'amocrm.auth.token',
    credentialAdvice:
      'The long-lived token has ended or was revoked: make a new one in the integration and put it into AMOCRM_TOKEN.',
    origin: async () => configured,
    authorize: async () => bearer(token),
  }
}

function oauth(
  auth: Integration & { readonly tokenFile: string },
  configured: URL,
  options: HttpOptions,
): Authorization {
  const { clock = systemClock } = options
  const requests = tokenRequests(auth, options, configured)
  let known: Tokens | undefined
  let renewal: Promise<Tokens> | undefined

  const endsSoon = (tokens: Tokens): boolean => tokens.expires_at - clock.now() / 1000 < renewBeforeSeconds

  /** New tokens instead of the refused or ending ones. One at a time here, and between processes. */
  function renewed(old: Tokens, signal: AbortSignal | undefined): Promise<Tokens> {
    renewal ??= renewUnderLock(old, signal).finally(() => {
      renewal = undefined
    })
    return renewal
  }

  async function renewUnderLock(old: Tokens, signal: AbortSignal | undefined): Promise<Tokens> {
    return underLock(signal, async () => {
      // Another process may have renewed them while we waited: a refresh token works only once.
      const stored = await readTokens(auth.tokenFile)
      if (stored.access_token !== old.access_token && !endsSoon(stored)) return keep(stored)
      const giveBack = await makeRoomForTokens(auth.tokenFile)
      try {
        // No signal: an answer that is thrown away here would lock us out.
        const fresh = await requests.refresh(stored)
        await writeTokens(auth.tokenFile, fresh)
        return keep(fresh)
      } finally {
        await giveBack()
      }
    })
  }

  function underLock<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    return withTokenLock(auth.tokenFile, { clock, ...(signal ? { signal } : {}) }, async () => {
      await recoverTokens(auth.tokenFile)
      return work()
    })
  }

  /** What is known is on disk, and no message shows it. */
  function keep(tokens: Tokens): Tokens {
    options.keepSecret?.([tokens.access_token, tokens.refresh_token])
    known = tokens
    return tokens
  }

  async function current(): Promise<Tokens> {
    const tokens = known ?? keep(await readTokens(auth.tokenFile))
    return endsSoon(tokens) ? renewed(tokens, undefined) : tokens
  }

  /** The tokens' own address; the configured one where nobody vouches for that. */
  function originOf({ base_url }: Tokens): URL {
    return isTrusted(base_url, configured) ? trustedOrigin(base_url, configured) : configured
  }

  return {
    credential: 'the OAuth token',
    credentialAdvice: 'Run `hubdwh auth amocrm`.',
    origin: async () => originOf(await current()),
    authorize: async () => bearer((await current()).access_token),
    renew: async (refused, signal) => {
      const tokens = await current()
      if (bearer(tokens.access_token).authorization !== refused.authorization) return true
      await renewed(tokens, signal)
      return true
    },
    relocate: async (left, signal) =>
      underLock(signal, async () => {
        const stored = keep(await readTokens(auth.tokenFile))
        if (originOf(stored).host !== left.host) return true
        const now = await requests.movedTo(stored)
        if (now === undefined || now.host === left.host) return false
        const moved = { ...stored, base_url: now.origin }
        await writeTokens(auth.tokenFile, moved)
        keep(moved)
        return true
      }),
  }
}

/**
 * Does the work while no other process reads or replaces the pair of tokens.
 * @throws UnavailableError `locked` where another holds it longer than a refresh can take
 */
export async function withTokenLock<T>(
  tokenFile: string,
  options: Pick<LockOptions, 'clock' | 'signal'>,
  work: () => Promise<T>,
): Promise<T> {
  await createPrivateFolder(dirname(tokenFile))
  return withLock(`${tokenFile}.lock`, { purpose: 'the amoCRM token', waitMs: lockWaitMs, ...options }, work)
}

function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` }
}
