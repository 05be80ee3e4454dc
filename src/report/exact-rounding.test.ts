import { describe, expect, it } from 'vitest'
import { divideHalfUp, shareOf } from './exact-rounding.js'

describe('rounding as gold rounds', () => {
  it.each([
    [5, 2, 3],
    [-5, 2, -3],
    [7, 3, 2],
    [0, 7, 0],
    [1, 3, 0],
    // 4.5 + 4.6 + 4.55 hours are 1365 hundredths of three people.
    [1365, 3, 455],
    [9_007_199_254_740_991, 2, 4_503_599_627_370_496],
  ])('%i / %i is %i', (dividend, divisor, quotient) => {
    expect(divideHalfUp(dividend, divisor)).toBe(quotient)
  })

  it('has no average of nothing', () => {
    expect(divideHalfUp(0, 0)).toBeNull()
    expect(shareOf(0, 0)).toBeNull()
  })

  it('gives shares in hundredths of a percent', () => {
    expect(shareOf(1, 3)).toBe(3333)
    expect(shareOf(2, 3)).toBe(6667)
    expect(shareOf(1, 8)).toBe(1250)
  })
})
