import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sortedIndex } from './sorted-index.js'

const word = fc.integer({ min: 0, max: 0xffff_ffff })

describe('a sorted index', () => {
  it('holds what was pushed, by key and then by ordinal', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.oneof(word, fc.integer({ min: 0, max: 3 })), word)), entries => {
        const index = sortedIndex(0, push => {
          for (const [key, ordinal] of entries) push(key, ordinal)
        })
        const held = Array.from({ length: index.size }, (_, at) => [index.keyAt(at), index.ordinalAt(at)])
        expect(held).toEqual(entries.toSorted(([a, b], [c, d]) => a - c || b - d))
      }),
    )
  })

  it('counts the smaller keys', () => {
    fc.assert(
      fc.property(fc.array(word), word, (keys, bound) => {
        const index = sortedIndex(keys.length, push => {
          keys.forEach((key, ordinal) => {
            push(key, ordinal)
          })
        })
        expect(index.countBelow(bound)).toBe(keys.filter(key => key < bound).length)
      }),
    )
  })

  it('knows where an entry stands, and that another is not there', () => {
    const index = sortedIndex(3, push => {
      push(20, 1)
      push(10, 5)
      push(10, 2)
    })
    expect([index.positionOf(10, 5), index.positionOf(20, 1), index.positionOf(10, 3)]).toEqual([1, 2, -1])
  })
})
