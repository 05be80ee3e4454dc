import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packed, unpacking } from './packed-rows.js'

function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(packed(value)), unpacking)
}

describe('packed rows', () => {
  it('say a value that repeats once', () => {
    const rows = Array.from({ length: 10 }, (_, index) => [24_300, index])
    expect(packed({ rows })).toEqual({
      rows: { packed: [{ runs: [24_300, 10] }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]] },
    })
  })

  it('leave what is no list of rows as it is', () => {
    const value = {
      name: null,
      list: [1, 2],
      rows: [[1, null]],
      texts: Array.from({ length: 20 }, () => ['a']),
    }
    expect(packed(value)).toEqual(value)
  })

  it('come back as they were', () => {
    const cell = fc.option(fc.integer({ min: -3, max: 3 }))
    const rows = fc
      .integer({ min: 1, max: 4 })
      .chain(width => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 40 }))
    fc.assert(
      fc.property(rows, rows, (one, other) => {
        const value = { one, deeper: { other, name: 'x' }, listed: [one] }
        expect(throughJson(value)).toEqual(value)
      }),
    )
  })
})
