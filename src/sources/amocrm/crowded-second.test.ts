import { describe, expect, test } from 'vitest'
import type { Page } from './client.js'
import { afterPassPage, firstPass, mostPasses, type PassOutcome } from './crowded-second.js'

const second = 1000
/** A pass of two pages over these ids, by a server at that second. */
const pagesOf = (now: number, ids: readonly number[]): readonly Page[] =>
  [ids.slice(0, 2), ids.slice(2)].map((part, index) => ({
    answer: {
      request: '/',
      status: 200,
      receivedAt: 0,
      body: Buffer.alloc(0),
      headers: { date: new Date(now * 1000).toUTCString() },
      json: undefined,
    },
    records: part.map(id => ({ id, updated_at: second })),
    next: index === 0 ? '/next' : undefined,
  }))

/** What passes come to, one after the other, until it is over. */
function passing(passes: readonly (readonly Page[])[]): PassOutcome {
  let outcome: PassOutcome = { kind: 'on', crowd: firstPass(second) }
  for (const page of passes.flat()) {
    if (outcome.kind !== 'on') return outcome
    outcome = afterPassPage(outcome.crowd, second, second, page)
  }
  return outcome
}

describe('a second that fills more than a page', () => {
  const later = second + 60

  test('is settled when two successive passes are the same sequence', () => {
    expect(passing([pagesOf(later, [1, 2, 3])])).toMatchObject({ kind: 'on' })
    expect(passing([pagesOf(later, [1, 2, 3]), pagesOf(later, [1, 2, 3])])).toEqual({ kind: 'settled' })
  })

  test('is not settled by a pass that brings less, or another order', () => {
    expect(passing([pagesOf(later, [1, 2, 3]), pagesOf(later, [1, 2])])).toMatchObject({ kind: 'on' })
    expect(passing([pagesOf(later, [1, 2, 3]), pagesOf(later, [2, 1, 3])])).toMatchObject({ kind: 'on' })
  })

  test('is not settled while it is the present one, and is waited for', () => {
    const now = pagesOf(second, [1, 2, 3])
    expect(passing([now, now])).toMatchObject({ kind: 'on', crowd: { mustWait: true, previous: null } })
    const over = pagesOf(second + 2, [1, 2, 3])
    expect(passing([now, now, over])).toMatchObject({ kind: 'on' })
    expect(passing([now, now, over, over])).toEqual({ kind: 'settled' })
  })

  test('that fits on a page by now is seen at once', () => {
    const [, page] = pagesOf(later, [1, 2, 3])
    expect(passing([pagesOf(later, [1, 2, 3]), page ? [page] : []])).toEqual({ kind: 'settled' })
  })

  test('that never settles is given up', () => {
    const restless = Array.from({ length: mostPasses }, (_, index) => pagesOf(later, [index, 2, 3]))
    expect(passing(restless)).toEqual({ kind: 'given_up' })
  })
})
