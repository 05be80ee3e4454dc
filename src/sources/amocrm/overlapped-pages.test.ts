import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonValue } from '../../json.js'
import type { Page } from './client.js'
import {
  beginWalk,
  byId,
  newestFirst,
  nextPlace,
  stepOn,
  unknownOrder,
  type Walk,
} from './overlapped-pages.js'

const pageOf = (records: readonly JsonValue[], hasNext = true): Page => ({
  answer: { request: '/', status: 200, receivedAt: 0, body: Buffer.alloc(0), headers: {}, json: undefined },
  records,
  next: hasNext ? '/next' : undefined,
})
const ids = (...numbers: readonly number[]) => numbers.map(id => ({ id, updated_at: 1000 - id }))
const restOf = (walk: Walk | undefined): Walk => {
  if (!walk) throw new Error('the walk is at its end')
  return walk
}

describe('the next place', () => {
  test('is the first page at the beginning', () => {
    expect(nextPlace(beginWalk(250))).toEqual({ page: 1, limit: 250 })
  })

  test('starts before the end, ends behind it, and has a length that the server allows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 250, max: 1_000_000 }), fc.integer({ min: 1, max: 20 }), (end, back) => {
        const { page, limit } = nextPlace({ end, back, longest: 250 })
        expect((page - 1) * limit).toBeLessThanOrEqual(end - back)
        expect(page * limit).toBeGreaterThan(end)
        expect(limit).toBeLessThanOrEqual(250)
      }),
    )
  })

  test('makes a long list a tenth longer at most', () => {
    let [end, requests] = [0, 0]
    for (; end < 100_000; requests += 1) {
      const { page, limit } = nextPlace({ end, back: end > 0 ? 5 : 0, longest: 250 })
      end = page * limit
    }
    expect(requests).toBeLessThanOrEqual((100_000 / 250) * 1.11)
  })
})

describe('a page', () => {
  const first = restOf(stepOn(beginWalk(5), pageOf(ids(1, 2, 3, 4, 5)), byId).rest)

  test('that begins within what was read is joined', () => {
    expect(stepOn(first, pageOf(ids(5, 6, 7)), byId)).toMatchObject({ isJoined: true, isLost: false })
  })

  test('that begins behind it is not, and the next one starts further back', () => {
    const step = stepOn(first, pageOf(ids(6, 7, 8)), byId)
    expect(step.isJoined).toBe(false)
    expect(step.rest).toMatchObject({ end: 5, back: 2, reached: 5 })
  })

  test('at the beginning is joined, whatever became of the others', () => {
    const back = { ...first, back: 5 }
    expect(stepOn(back, pageOf(ids(7, 8)), byId).isJoined).toBe(true)
  })

  test('that is empty is not the end of a list of which more was read', () => {
    const step = stepOn(first, pageOf([], false), byId)
    expect(step).toMatchObject({ isJoined: false })
    expect(step.rest).toBeDefined()
  })

  test('out of order is lost', () => {
    expect(stepOn(first, pageOf(ids(5, 7, 6)), byId).isLost).toBe(true)
  })

  test('far shorter than asked for tells how long pages are', () => {
    const walk = restOf(stepOn(beginWalk(250), pageOf(ids(...Array(50).keys())), byId).rest)
    expect(walk).toMatchObject({ longest: 50, end: 50 })
  })

  test('of times is joined by an earlier start, or by a version that both have', () => {
    const newest = restOf(stepOn(beginWalk(5), pageOf(ids(1, 2, 3, 4, 5)), newestFirst).rest)
    const isJoined = (id: number, updated_at: number) =>
      stepOn(newest, pageOf([{ id, updated_at }, ...ids(6)]), newestFirst).isJoined
    expect(isJoined(9, 996)).toBe(true)
    expect(isJoined(5, 995)).toBe(true)
    expect(isJoined(9, 995)).toBe(false)
  })

  test('in no known order is joined only by a version that both have', () => {
    const walk = restOf(stepOn(beginWalk(5), pageOf(ids(1, 2, 3, 4, 5)), unknownOrder).rest)
    expect(stepOn(walk, pageOf(ids(5, 6)), unknownOrder).isJoined).toBe(true)
    expect(stepOn(walk, pageOf(ids(0, 6)), unknownOrder).isJoined).toBe(false)
  })

  test('tells what was taken before, and an edited record is not', () => {
    const step = stepOn(first, pageOf(ids(5, 6)), byId)
    expect(step.isTaken({ id: 5, updated_at: 995 })).toBe(true)
    expect(step.isTaken({ id: 5, updated_at: 2000 })).toBe(false)
  })
})

test('a walk that leads nowhere is lost in the end', () => {
  let walk = restOf(stepOn(beginWalk(5), pageOf(ids(1, 2, 3, 4, 5)), byId).rest)
  let steps = 0
  for (; steps < 1000; steps += 1) {
    const step = stepOn(walk, pageOf(ids(1, 2, 3, 4, 5)), byId)
    if (step.isLost) break
    walk = restOf(step.rest)
  }
  expect(steps).toBeLessThan(100)
})
