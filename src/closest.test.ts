import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closest } from './closest.js'

describe('the word that was meant', () => {
  const keys = ['base_url', 'api_key', 'start_date', 'lookback_days', 'requests_per_second']
  it.each([
    ['lookbak_days', 'lookback_days'],
    ['baseUrl', 'base_url'],
    ['API-KEY', 'api_key'],
    ['strat_date', 'start_date'],
    ['request_per_seconds', 'requests_per_second'],
    ['token', undefined],
    ['', undefined],
  ])('of %s is %s', (written, meant) => {
    expect(closest(written, keys)).toBe(meant)
  })

  it('is the word itself where it is known', () => {
    fc.assert(fc.property(fc.constantFrom(...keys), key => closest(key, keys) === key))
  })
})
