/** What is worth trying again, and when. Lists, so that they can be read. */
import type { Chance } from '../../effects.js'

/** Answers that another try can change. */
const retriableStatuses: readonly number[] = [408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524]

/** Failures that another try cannot change: the certificate, or what we send, is wrong. */
const permanentCodes: readonly RegExp[] = [
  /^CERT_/,
  /^ERR_TLS_/,
  /^ERR_SSL_/,
  /SELF_SIGNED_CERT/,
  /^UNABLE_TO_(GET|VERIFY)_/,
  /^ERR_INVALID_/,
  /^UND_ERR_INVALID_ARG$/,
]

/** So often a request is sent in all. */
export const defaultAttempts = 6
const firstDelayMs = 500
/** After "too many requests" back-off starts here: hammering prolongs amoCRM's block. */
const firstThrottledDelayMs = 2_000
const longestDelayMs = 60_000
/** A source that asks for more patience than this is told about instead of waited for. */
export const longestRetryAfterMs = 15 * 60_000

export function isRetriableStatus(status: number): boolean {
  return retriableStatuses.includes(status)
}

export function isPermanentCode(code: string | undefined): boolean {
  return code !== undefined && permanentCodes.some(pattern => pattern.test(code))
}

/**
 * How long to wait before the next try, in milliseconds: twice as long each time, up to a minute; the half of
 * it is left to chance, so that clients that failed together do not come back together.
 * @param attempt the number of the try that failed, from 1
 */
export function backOff(attempt: number, chance: Chance): number {
  return jittered(firstDelayMs, attempt, chance)
}

/** The same for everybody after "too many requests". @param pauses how many there have been in a row, from 1 */
export function pauseLength(pauses: number, chance: Chance): number {
  return jittered(firstThrottledDelayMs, pauses, chance)
}

function jittered(first: number, attempt: number, chance: Chance): number {
  const longest = Math.min(longestDelayMs, first * 2 ** (attempt - 1))
  return Math.round(longest * (0.5 + chance.fraction() / 2))
}

/**
 * The wait that a `Retry-After` header asks for, in milliseconds; undefined where it says nothing usable.
 * @param header seconds, or an HTTP date
 * @param now Unix milliseconds
 */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  // A date without letters would be read as some year; HTTP dates have a month's name.
  const date = /[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
