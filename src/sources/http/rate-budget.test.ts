import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Clock } from '../../effects.js'
import { createRateBudget } from './rate-budget.js'

/** A clock whose sleepers wake in the order of their time, when told to go on. */
function steppedClock(): Clock & { run(): Promise<void> } {
  let now = 0
  let sleepers: { readonly at: number; readonly wake: () => void }[] = []
  return {
    now: () => now,
    sleep: milliseconds => new Promise(wake => sleepers.push({ at: now + milliseconds, wake })),
    run: async () => {
      for (;;) {
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
        const next = sleepers.toSorted((a, b) => a.at - b.at)[0]
        if (!next) return
        sleepers = sleepers.filter(sleeper => sleeper !== next)
        now = Math.max(now, next.at)
        next.wake()
      }
    },
  }
}

test('no window of a second ever holds more than the rate', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 60 }),
      async (rate, requests) => {
        const clock = steppedClock()
        const budget = createRateBudget(rate, clock)
        const times: number[] = []
        for (let count = 0; count < requests; count += 1)
          void budget.take().then(() => times.push(clock.now()))
        await clock.run()
        expect(times).toHaveLength(requests)
        for (const from of times) {
          const within = times.filter(time => time >= from && time < from + 1000 - 1e-6)
          expect(within.length).toBeLessThanOrEqual(rate)
        }
      },
    ),
  )
})

test('a pause holds back everybody who waits, and afterwards the rate holds again', async () => {
  const clock = steppedClock()
  const budget = createRateBudget(10, clock)
  const times: number[] = []
  await budget.take()
  for (let count = 0; count < 3; count += 1) void budget.take().then(() => times.push(clock.now()))
  budget.pause(5_000)
  await clock.run()
  expect(times).toEqual([5_000, 5_100, 5_200])
})

test('a rate below one a second is kept', async () => {
  const clock = steppedClock()
  const budget = createRateBudget(0.5, clock)
  const times: number[] = []
  for (let count = 0; count < 3; count += 1) void budget.take().then(() => times.push(clock.now()))
  await clock.run()
  expect(times).toEqual([0, 2_000, 4_000])
})

test('whoever is aborted does not get through', async () => {
  const controller = new AbortController()
  controller.abort(new Error('stopped'))
  await expect(createRateBudget(1, steppedClock()).take(controller.signal)).rejects.toThrow('stopped')
})
