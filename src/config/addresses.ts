/** Addresses in the configuration: https, or http on loopback; contract, "Config". */
import { type Refuse, reader } from './values.js'

/** Whether a host is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d+){3}$/.test(hostname)
  )
}

const amocrmDomains = ['.amocrm.ru', '.amocrm.com', '.kommo.com']

/** Alaqan's API; ends in `/`, so that endpoints can be appended. */
export const alaqanAddress = reader((raw, refuse) => {
  const url = readAddress(raw, refuse)
  return `${url.origin}${url.pathname.replace(/\/*$/, '/')}`
})

/**
 * An amoCRM account, without the `/api/v4/` that the specification writes and without a slash at the end. A token
 * is sent to amoCRM's own domains and to loopback, nowhere else.
 */
export const amocrmAddress = reader((raw, refuse) => {
  const url = readAddress(raw, refuse)
  const isAmocrm = amocrmDomains.some(domain => url.hostname.endsWith(domain))
  if (!isAmocrm && !isLoopback(url.hostname)) {
    return refuse("the account's own address, https://<subdomain>.amocrm.ru (or .amocrm.com, .kommo.com)")
  }
  if (!/^\/*(?:api\/v4\/*)?$/.test(url.pathname)) return refuse('an address without a path, or with /api/v4/')
  return url.origin
})

/** Where amoCRM sends a person after consent. Kept as written: amoCRM compares it letter by letter. */
export const redirectAddress = reader((raw, refuse) => {
  readAddress(raw, refuse, { withQuery: true })
  return String(raw).trim()
})

/** Telegram's Bot API, or a server in its place; without a slash at the end. */
export const telegramAddress = reader((raw, refuse) => {
  const url = readAddress(raw, refuse)
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
})

/** Where notices are posted to. A query may hold what lets us in. */
export const webhookAddress = reader((raw, refuse) => readAddress(raw, refuse, { withQuery: true }).href)

/** A service of the users' own, perhaps inside their network; without a slash at the end. */
export const serviceAddress = reader((raw, refuse) => {
  const url = readAddress(raw, refuse, { isInside: true })
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
})

function readAddress(raw: unknown, refuse: Refuse, { withQuery = false, isInside = false } = {}): URL {
  if (typeof raw !== 'string' || !URL.canParse(raw.trim())) return refuse('an address, https://…')
  const url = new URL(raw.trim())
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && (isInside || isLoopback(url.hostname)))) {
    return refuse(
      isInside
        ? 'an address with https:// or http://'
        : 'an address with https:// (http:// only on this machine: localhost, 127.0.0.1)',
    )
  }
  if (!/^[a-z0-9.-]+$|^\[::1\]$/.test(url.hostname))
    return refuse('an address with the real host name, without placeholders')
  if (url.username !== '' || url.password !== '') return refuse('an address without user name and password')
  if (!withQuery && (url.search !== '' || url.hash !== '')) return refuse('an address without "?" and "#"')
  return url
}
