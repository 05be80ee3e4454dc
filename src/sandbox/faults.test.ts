import { describe, expect, it } from 'vitest'
import { UsageError } from '../errors.js'
import { faultFinder, faultFromText } from './faults.js'

const leads = { api: 'amocrm', pathAndQuery: '/api/v4/leads?page=2' } as const

describe('faults', () => {
  it('strike exactly the matching requests that a test names', () => {
    const find = faultFinder([{ kind: '503', path: /page=2/, on: [2] }], 1)
    const struck = [1, 2, 3].map(n => find({ ...leads, n }).length)
    expect(struck).toEqual([0, 1, 0])
  })

  it('strike only the API they are for', () => {
    const find = faultFinder([{ kind: '503', api: 'alaqan' }], 1)
    expect(find({ ...leads, n: 1 })).toEqual([])
  })

  it('strike by chance about as often as they are told to, and the same requests for one seed', () => {
    const struckBy = (seed: number) => {
      const find = faultFinder([{ kind: '503', chance: 0.2 }], seed)
      return Array.from({ length: 2000 }, (_, n) => find({ ...leads, n }).length)
    }
    const struck = struckBy(1).filter(count => count > 0).length
    expect(struck).toBeGreaterThan(320)
    expect(struck).toBeLessThan(480)
    expect(struckBy(1)).toEqual(struckBy(1))
    expect(struckBy(2)).not.toEqual(struckBy(1))
  })
})

describe('a fault in a flag', () => {
  it.each([
    ['503', { kind: '503' }],
    ['503=0.05', { kind: '503', chance: 0.05 }],
    ['amocrm:truncated=.5', { kind: 'truncated', api: 'amocrm', chance: 0.5 }],
    ['alaqan:slow@2500', { kind: 'slow', api: 'alaqan', latencyMs: 2500 }],
  ])('%s', (text, fault) => {
    expect(faultFromText(text)).toEqual(fault)
  })

  it.each(['', 'boom', '503=2', '503=', 'other:503', '=0.1', '503=-1'])('is refused: "%s"', text => {
    expect(() => faultFromText(text)).toThrow(UsageError)
  })
})
