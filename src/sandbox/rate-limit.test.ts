import { describe, expect, it } from 'vitest'
import { rateLimit } from './rate-limit.js'

const minute = 60_000
const options = { requestsPerSecond: 7, blockAfter: 10, blockWindowMs: 10_000, blockMs: 15 * minute }

function admitMany(limit: ReturnType<typeof rateLimit>, times: number, now: number) {
  return Array.from({ length: times }, () => limit.admit(now))
}

describe('the rate limit', () => {
  it('lets seven requests a second pass and refuses the eighth', () => {
    const limit = rateLimit(options)
    expect(admitMany(limit, 8, 1000)).toEqual([...Array(7).fill('pass'), 'too_many'])
  })

  it('starts anew with the next second', () => {
    const limit = rateLimit(options)
    admitMany(limit, 8, 1999)
    expect(limit.admit(2000)).toBe('pass')
  })

  it('turns refusals that keep coming into a block', () => {
    const limit = rateLimit(options)
    expect(admitMany(limit, 17, 1000).at(-1)).toBe('blocked')
  })

  it('does not block for refusals that are far apart', () => {
    const limit = rateLimit(options)
    const verdicts = Array.from({ length: 20 }, (_, index) => admitMany(limit, 8, index * 11_000).at(-1))
    expect(new Set(verdicts)).toEqual(new Set(['too_many']))
  })

  it('lifts the block after a quarter of an hour of silence', () => {
    const limit = rateLimit(options)
    admitMany(limit, 17, 0)
    expect(limit.admit(15 * minute)).toBe('pass')
  })

  it('prolongs the block when somebody hammers', () => {
    const limit = rateLimit(options)
    admitMany(limit, 17, 0)
    limit.admit(14 * minute)
    expect(limit.admit(20 * minute)).toBe('blocked')
  })

  it('can be lifted', () => {
    const limit = rateLimit({ ...options, requestsPerSecond: null })
    expect(new Set(admitMany(limit, 1000, 0))).toEqual(new Set(['pass']))
  })
})
