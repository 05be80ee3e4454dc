/** Addresses as they are asked, and as they are shown. */
import { maskNumbers } from './redact.js'

/** Path and query without personal numbers, for the archive. */
export function nameOf(url: URL): string {
  return maskNumbers(decoded(url.pathname + url.search))
}

/** The same with the host, for messages. The credential is in a header, and never here. */
export function addressOf(url: URL): string {
  return `${url.origin}${nameOf(url)}`
}

/** `filter[updated_at]` reads better than its percent signs, and a masked number cannot hide behind them. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A base address with a slash at its end, so that relative paths are joined to it and do not replace its last part. */
export function baseUrl(text: string): URL {
  return new URL(text.endsWith('/') ? text : `${text}/`)
}
