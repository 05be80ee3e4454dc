/** Where a token may be sent. */
import { AuthorizationError } from '../../errors.js'

/** Domains of the vendor (reference: "Authorization"). Nothing else may see a token, whoever asks for it. */
const vendorDomains = ['.amocrm.ru', '.amocrm.com', '.kommo.com']

/**
 * The origin of an account from what a person, a file or the vendor wrote: with or without scheme, path and
 * last slash. Everything but the configured host must be https.
 * @param configured the origin from the config: an account, or a server of one's own on this machine
 * @throws AuthorizationError `untrusted_host`
 */
export function trustedOrigin(text: string, configured: URL): URL {
  const trusted = trustedOrNone(text, configured)
  if (trusted) return trusted
  const host = originIn(text)?.host
  throw new AuthorizationError(
    'untrusted_host',
    `A token for amoCRM was about to go to ${host ?? 'something that is no address'}.`,
    {
      advice:
        'Run `hubdwh auth amocrm` again; if the account has another address, put it into amocrm.base_url.',
    },
  )
}

/** Whether a token may go there; see {@link trustedOrigin}. */
export function isTrusted(text: string, configured: URL): boolean {
  return trustedOrNone(text, configured) !== undefined
}

function trustedOrNone(text: string, configured: URL): URL | undefined {
  const origin = originIn(text)
  if (origin && origin.host === configured.host) return new URL(configured.origin)
  const isVendor = vendorDomains.some(domain => origin?.hostname.endsWith(domain))
  return origin && isVendor && origin.protocol === 'https:' && origin.port === '' ? origin : undefined
}

function originIn(text: string): URL | undefined {
  const withScheme = /^https?:\/\//i.test(text) ? text : `https://${text}`
  return URL.canParse(withScheme) ? new URL(new URL(withScheme).origin) : undefined
}

/** The origin of `amocrm.base_url`, which the spec writes with `/api/v4/` at its end. */
export function configuredOrigin(baseUrl: string): URL {
  return new URL(new URL(baseUrl).origin)
}
