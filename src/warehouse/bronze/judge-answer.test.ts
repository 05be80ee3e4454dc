import { describe, expect, it } from 'vitest'
import { judgeAnswer, type KnownAnswer } from './judge-answer.js'

const answer = (digest: string, events: number, rowsLoadId = `load of ${digest}`): KnownAnswer => ({
  digest,
  events,
  rowsLoadId,
})
const nothing = { inForce: undefined, held: undefined }

describe('an answer about a day', () => {
  it('is in force where nothing was known', () => {
    expect(judgeAnswer(answer('a', 3), nothing, false)).toEqual({
      verdict: 'accepted',
      rowsLoadId: 'load of a',
    })
  })

  it('that says the same again points to the rows that are there', () => {
    const day = { inForce: answer('a', 3, 'first load'), held: undefined }
    expect(judgeAnswer(answer('a', 3), day, false)).toEqual({
      verdict: 'unchanged',
      rowsLoadId: 'first load',
    })
  })

  it('replaces a day of which it keeps a fifth', () => {
    const day = { inForce: answer('a', 100), held: undefined }
    expect(judgeAnswer(answer('b', 20), day, false).verdict).toBe('accepted')
  })

  it('is held back where it keeps less than a fifth of a day of twenty events or more', () => {
    expect(judgeAnswer(answer('b', 3), { inForce: answer('a', 20), held: undefined }, false).verdict).toBe(
      'held',
    )
    expect(judgeAnswer(answer('b', 0), { inForce: answer('a', 19), held: undefined }, false).verdict).toBe(
      'accepted',
    )
  })

  it('is in force once it is said again, with the rows that were held back', () => {
    const day = { inForce: answer('a', 100), held: answer('b', 1, 'held load') }
    expect(judgeAnswer(answer('b', 1), day, false)).toEqual({ verdict: 'accepted', rowsLoadId: 'held load' })
  })

  it('that differs from the one held back is held back itself', () => {
    const day = { inForce: answer('a', 100), held: answer('b', 1) }
    expect(judgeAnswer(answer('c', 2), day, false).verdict).toBe('held')
  })

  it('is in force where a person insists', () => {
    expect(judgeAnswer(answer('b', 0), { inForce: answer('a', 100), held: undefined }, true).verdict).toBe(
      'accepted',
    )
  })
})
