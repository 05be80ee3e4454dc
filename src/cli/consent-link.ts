/** amoCRM's page on which a person lets the integration in, and what comes back from it (reference: "Authorization"). */
import { createHash, timingSafeEqual } from 'node:crypto'
import { AuthorizationError, UsageError } from '../errors.js'

/** Where the page is, by the domain of the account. */
const pages: readonly (readonly [domain: string, page: string])[] = [
  ['.amocrm.ru', 'https://www.amocrm.ru/oauth'],
  ['.amocrm.com', 'https://www.amocrm.com/oauth'],
  ['.kommo.com', 'https://www.kommo.com/oauth'],
]

/**
 * @param baseUrl the account's address; on another domain, as the sandbox's, the page is there
 * @param state comes back with the code, so that nobody can slip in a code of their own
 */
export function consentLink(baseUrl: string, clientId: string, state: string): string {
  const { hostname, origin } = new URL(baseUrl)
  const page = pages.find(([domain]) => hostname.endsWith(domain))?.[1] ?? `${origin}/oauth`
  const url = new URL(page)
  url.search = new URLSearchParams({ client_id: clientId, state, mode: 'popup' }).toString()
  return url.href
}

/** What a person's consent brings. */
export interface Consent {
  readonly code: string
  /** The account's host, where the code is good; undefined where it is not told. */
  readonly referer: string | undefined
}

/**
 * The consent in the query of a redirection; undefined where it holds nothing of the kind.
 * @param state that was sent; undefined where the address comes from a link that another command showed
 * @throws AuthorizationError `access_denied`, `state_mismatch`
 */
export function consentIn(query: URLSearchParams, state: string | undefined): Consent | undefined {
  const error = query.get('error')
  const code = query.get('code') ?? ''
  if (error === null && code === '') return undefined
  if (state !== undefined && !isSame(query.get('state') ?? '', state)) {
    throw new AuthorizationError(
      'state_mismatch',
      'The answer does not belong to the link that was shown: its state is another.',
      { advice: 'Run `hubdwh auth amocrm` again and follow its own link, in one go.' },
    )
  }
  if (error !== null) {
    const isDenied = error === 'access_denied'
    throw new AuthorizationError(
      isDenied ? 'access_denied' : 'consent_failed',
      isDenied ? 'Access to amoCRM was not allowed.' : 'amoCRM reports an error instead of a code.',
      { advice: 'Run `hubdwh auth amocrm` again and allow the access, as an administrator of the account.' },
    )
  }
  return { code, referer: query.get('referer') || undefined }
}

/**
 * The consent in what a person pasted: the whole address to which amoCRM redirected, or the code alone.
 * @throws UsageError `code_unreadable`, and as {@link consentIn}
 */
export function pastedConsent(text: string, state: string | undefined): Consent {
  const pasted = text.trim()
  if (/^[\w.~+/=-]+$/.test(pasted) && !/^https?:/i.test(pasted)) return { code: pasted, referer: undefined }
  const consent = URL.canParse(pasted) ? consentIn(new URL(pasted).searchParams, state) : undefined
  if (consent) return consent
  throw new UsageError('code_unreadable', 'What was pasted is neither a code nor an address with one.', {
    advice: 'Paste the whole address that the browser shows after consent, https://…?code=….',
  })
}

/** Takes the same time wherever the two differ. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
