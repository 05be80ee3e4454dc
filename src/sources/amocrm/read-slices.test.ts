import { describe, expect, test } from 'vitest'
import type { ExtractionMessage } from '../../extraction.js'
import { movableClock } from '../../sandbox/sandbox.js'
import type { AmocrmClient, Page } from './client.js'
import { entityNamed } from './entities.js'
import { readSlices, type SliceReader, type Slices } from './read-slices.js'
import { pageMessage, type ReadingContext } from './reading.js'

/** A slice is how many answers it still takes; every answer brings one record. */
const counting: SliceReader<number> = {
  ask: slice => ({ target: `/${slice}`, isPromised: false }),
  take: (slice, page) => ({
    kind: 'taken',
    message: pageMessage(entityNamed('leads'), { path: '' }, page),
    rest: slice > 1 ? slice - 1 : undefined,
  }),
}

const pageWith = (id: number): Page => ({
  answer: { request: '/', status: 200, receivedAt: 0, body: Buffer.alloc(0), headers: {}, json: undefined },
  records: [{ id }],
  next: undefined,
})

function contextWith(page: AmocrmClient['page'], more: Partial<ReadingContext> = {}): ReadingContext {
  const unused = () => Promise.reject(new Error('not asked for'))
  return {
    client: { account: unused, record: unused, page },
    entity: entityNamed('leads'),
    since: 0,
    ceiling: 0,
    isFilterEnabled: true,
    eventTypes: [],
    concurrency: 2,
    clock: movableClock(0),
    ...more,
  }
}

const started = (slices: readonly number[], tail: number | null = null): Slices<number> => ({
  slices,
  tail,
  stretch: null,
})

async function all(messages: AsyncGenerator<ExtractionMessage, unknown, undefined>) {
  const seen: ExtractionMessage[] = []
  let failure: unknown
  try {
    for await (const message of messages) seen.push(message)
  } catch (error) {
    failure = error
  }
  return {
    seen,
    failure,
    cursors: seen.flatMap(message => (message.type === 'checkpoint' ? [message.cursor] : [])),
  }
}

describe('slices', () => {
  test('are read side by side, as many as may be, and the tail when they are done', async () => {
    let underWay = 0
    let most = 0
    const asked: string[] = []
    const context = contextWith(async target => {
      asked.push(target)
      underWay += 1
      most = Math.max(most, underWay)
      await new Promise(resolve => setImmediate(resolve))
      underWay -= 1
      return pageWith(1)
    })
    const { cursors } = await all(readSlices(context, counting, started([3, 3, 1], 9)))
    expect(most).toBe(2)
    expect(asked.slice(-9)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1].map(number => `/${number}`))
    expect(cursors.at(-1)).toEqual({ slices: [], tail: null, stretch: null })
  })

  test('go on from a checkpoint with what it leaves', async () => {
    const context = contextWith(async () => pageWith(1))
    const { cursors } = await all(readSlices(context, counting, started([2, 2], 1)))
    expect(cursors).toHaveLength(5)
    expect(cursors[0]).toEqual({ slices: [2, 1], tail: 1, stretch: null })
  })

  test('whose request fails end the reading, after what else was under way has been handed on', async () => {
    let fail = (): void => {}
    const context = contextWith(
      target =>
        new Promise((resolve, reject) => {
          if (target === '/7') fail = () => reject(new Error('broken'))
          else setImmediate(() => resolve(pageWith(5)))
          setImmediate(() => fail())
        }),
    )
    const { seen, failure } = await all(readSlices(context, counting, started([7, 1])))
    expect(failure).toMatchObject({ message: 'broken' })
    expect(seen.filter(message => message.type === 'answer')).toHaveLength(1)
  })

  test('are abandoned with their requests when nobody wants them any more', async () => {
    const signals: AbortSignal[] = []
    const context = contextWith(
      (target, _, signal) =>
        new Promise((resolve, reject) => {
          if (signal) signals.push(signal)
          signal?.addEventListener('abort', () => reject(signal.reason))
          if (target === '/1') resolve(pageWith(1))
        }),
    )
    for await (const message of readSlices(context, counting, started([1, 5]))) {
      if (message.type === 'answer') break
    }
    expect(signals.map(signal => signal.aborted)).toEqual([true, true])
  })

  test('are not begun when the signal is aborted', async () => {
    const signal = AbortSignal.abort(new Error('stopped'))
    const context = contextWith(async () => pageWith(1), { signal })
    const { seen, failure } = await all(readSlices(context, counting, started([1])))
    expect([seen, failure]).toEqual([[], new Error('stopped')])
  })
})
