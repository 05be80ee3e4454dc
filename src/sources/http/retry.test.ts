import { expect, test } from 'vitest'
import { backOff, isPermanentCode, isRetriableStatus, pauseLength, retryAfter } from './retry.js'

const chance = (fraction: number) => ({ fraction: () => fraction, hex: () => '' })
const now = Date.parse('2025-01-31T00:00:00Z')

test('back-off doubles, up to a minute, and leaves half to chance', () => {
  expect([1, 2, 3, 20].map(attempt => backOff(attempt, chance(0)))).toEqual([250, 500, 1000, 30_000])
  expect(backOff(1, chance(0.999999))).toBe(500)
})

test('back-off is longer after "too many requests"', () => {
  expect(pauseLength(1, chance(0))).toBe(1_000)
})

test.each([
  ['7', 7_000],
  [' 0 ', 0],
  ['1.5', 1_500],
  ['Fri, 31 Jan 2025 00:00:10 GMT', 10_000],
  ['Thu, 30 Jan 2025 00:00:00 GMT', 0],
  ['-5', undefined],
  ['soon', undefined],
  ['2025', 2_025_000],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %j asks for %j ms', (header, wait) => {
  expect(retryAfter(header, now)).toBe(wait)
})

test('what is retriable: being too fast and failing servers, not refusals', () => {
  expect([429, 500, 502, 503, 504].every(isRetriableStatus)).toBe(true)
  expect([400, 401, 402, 403, 404, 422].some(isRetriableStatus)).toBe(false)
})

test('a wrong certificate stays wrong, a lost connection does not', () => {
  expect(
    ['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'].every(
      isPermanentCode,
    ),
  ).toBe(true)
  expect(['ECONNRESET', 'ECONNREFUSED', 'UND_ERR_SOCKET', 'EAI_AGAIN', undefined].some(isPermanentCode)).toBe(
    false,
  )
})
