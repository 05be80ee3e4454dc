import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rateLimit, type Verdict } from '../../sandbox/rate-limit.js'
import { memoryStore } from './budget-store.js'
import { createBudget, createRateBudget, type RateBudget } from './rate-budget.js'
import { type SimulatedClock, simulatedClock } from './simulated-clock.js'

const chance = { fraction: () => 0, hex: () => '' }

/** When each of so many requests, all wanted at once, may go; milliseconds from the start. */
async function departures(clock: SimulatedClock, budget: RateBudget, requests: number): Promise<number[]> {
  const start = clock.now()
  const times: number[] = []
  for (let count = 0; count < requests; count += 1) {
    void budget.take().then(() => times.push(clock.now() - start))
  }
  await clock.run()
  return times
}

/** A budget as several processes share it. */
function shared(clock: SimulatedClock, processes: number, requestsPerSecond: number): readonly RateBudget[] {
  const store = memoryStore(clock)
  return Array.from({ length: processes }, () =>
    createBudget(store, { source: 'amoCRM', requestsPerSecond, clock, chance }),
  )
}

describe('the rate', () => {
  test('is exceeded in no window of a second', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 60 }),
        async (rate, requests) => {
          const clock = simulatedClock()
          const times = await departures(clock, createRateBudget(rate, clock), requests)
          expect(times).toHaveLength(requests)
          for (const from of times) {
            expect(times.filter(time => time >= from && time < from + 1000).length).toBeLessThanOrEqual(rate)
          }
        },
      ),
    )
  })

  test('below one a second is kept', async () => {
    const clock = simulatedClock()
    const times = await departures(clock, createRateBudget(0.5, clock), 3)
    expect(times).toEqual([0, 2_050, 4_100])
  })

  test('is kept where a process sends late what it was to send before', async () => {
    const clock = simulatedClock()
    let sleeps = 0
    const heldUpOnce: SimulatedClock = {
      ...clock,
      sleep: (milliseconds, signal) => {
        sleeps += 1
        return clock.sleep(milliseconds + (sleeps === 4 ? 500 : 0), signal)
      },
    }
    const times = await departures(heldUpOnce, createRateBudget(7, heldUpOnce), 30)
    for (const from of times) {
      expect(times.filter(time => time >= from && time < from + 1000).length).toBeLessThanOrEqual(7)
    }
    expect(times.at(-1)).toBeLessThan(30 * (1025 / 7) + 500)
  })

  test('far above any limit costs a turn of the store for many requests', async () => {
    const clock = simulatedClock()
    let turns = 0
    const store = memoryStore(clock)
    const counting = {
      ...store,
      update: (...given: Parameters<typeof store.update>) => {
        turns += 1
        return store.update(...given)
      },
    }
    const budget = createBudget(counting, { source: 'amoCRM', requestsPerSecond: 10_000, clock })
    await departures(clock, budget, 2_000)
    expect(turns).toBeLessThanOrEqual(11)
  })
})

/**
 * Processes that ask a server with amoCRM's limit, each with so many requests under way, for so many seconds.
 * @param wayMs how long a request takes to the server, milliseconds
 */
async function against7PerSecond(processes: number, seconds: number, wayMs: () => number) {
  const clock = simulatedClock()
  const limit = rateLimit({ requestsPerSecond: 7, blockAfter: 10, blockWindowMs: 10_000, blockMs: 900_000 })
  const verdicts: Verdict[] = []
  const end = clock.now() + seconds * 1000
  const worker = async (budget: RateBudget): Promise<void> => {
    for (;;) {
      await budget.take()
      if (clock.now() >= end) return
      const there = wayMs()
      await clock.sleep(there)
      verdicts.push(limit.admit(clock.now()))
      await clock.sleep(400 - there)
    }
  }
  const atOnce = 8
  for (const budget of shared(clock, processes, 7)) {
    for (let count = 0; count < atOnce; count += 1) void worker(budget)
  }
  await clock.run()
  return { verdicts, used: verdicts.length / (7 * seconds) }
}

describe('amoCRM’s 7 requests a second, with answers that take 400 ms', () => {
  test.each([1, 2, 5])('are used to 95 %% by %i processes, and never exceeded', async processes => {
    const { verdicts, used } = await against7PerSecond(processes, 120, () => 50)
    expect(used).toBeGreaterThanOrEqual(0.95)
    expect(verdicts.filter(verdict => verdict !== 'pass')).toEqual([])
  })

  test('are not exceeded where the way there takes now longer and now shorter', async () => {
    let count = 0
    const uneven = [40, 60, 45, 62, 41, 50]
    const { verdicts, used } = await against7PerSecond(2, 120, () => uneven[count++ % uneven.length] ?? 50)
    expect(used).toBeGreaterThanOrEqual(0.95)
    expect(verdicts.filter(verdict => verdict !== 'pass')).toEqual([])
  })
})

describe('too many requests', () => {
  test('hold back everybody, and afterwards the rate holds again', async () => {
    const clock = simulatedClock()
    const [ours, theirs] = shared(clock, 2, 10)
    if (!ours || !theirs) throw new Error('two budgets')
    await ours.take()
    const waiting = departures(clock, theirs, 3)
    await ours.tooMany(clock.now(), 5_000)
    expect(await waiting).toEqual([5_000, 5_102.5, 5_205])
  })

  test('mean a longer pause each time, up to a minute', async () => {
    const clock = simulatedClock()
    const budget = createBudget(memoryStore(clock), {
      source: 'amoCRM',
      requestsPerSecond: 7,
      clock,
      chance,
    })
    const pauses: number[] = []
    for (let time = 1; time <= 8; time += 1) {
      const going = budget.take()
      await clock.run()
      await going
      const now = clock.now()
      pauses.push((await budget.tooMany(now)) - now)
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  })

  test('answered to several requests under way are one complaint', async () => {
    const clock = simulatedClock()
    const [ours, theirs] = shared(clock, 2, 7)
    const sentAt = clock.now()
    const until = await ours?.tooMany(sentAt)
    expect(await theirs?.tooMany(sentAt)).toBe(until)
    expect(await ours?.tooMany(sentAt - 100)).toBe(until)
  })

  test('of long ago are forgotten', async () => {
    const clock = simulatedClock()
    const [budget] = shared(clock, 1, 7)
    await budget?.tooMany(clock.now())
    void clock.sleep(62_000)
    await clock.run()
    const now = clock.now()
    expect(await budget?.tooMany(now)).toBe(now + 1_000)
  })

  test('with an hour to wait are told instead of waited for', async () => {
    const clock = simulatedClock()
    const [ours, theirs] = shared(clock, 2, 7)
    await ours?.tooMany(clock.now(), 3_600_000)
    await expect(theirs?.take()).rejects.toMatchObject({
      code: 'told_to_wait',
      exitCode: 3,
      advice: 'Run again in 60 minutes.',
    })
  })
})

describe('a block', () => {
  const minute = 60_000
  const pass = async (clock: SimulatedClock, milliseconds: number): Promise<void> => {
    void clock.sleep(milliseconds)
    await clock.run()
  }

  test('keeps every process from asking, until it has cooled down', async () => {
    const clock = simulatedClock()
    const [ours, theirs] = shared(clock, 2, 7)
    await ours?.blocked(clock.now())
    await expect(theirs?.take()).rejects.toMatchObject({
      code: 'blocked',
      exitCode: 3,
      message: 'amoCRM blocks this program (403): it is not asked again before 2025-01-31 00:15 UTC.',
    })
    await pass(clock, 15 * minute)
    await expect(theirs?.take()).resolves.toBeUndefined()
  })

  test('ends the waiting of whoever was in line', async () => {
    const clock = simulatedClock()
    const [ours, theirs] = shared(clock, 2, 1)
    await theirs?.take()
    const waiting = theirs?.take()
    const refused = expect(waiting).rejects.toMatchObject({ code: 'blocked' })
    await ours?.blocked(clock.now())
    await clock.run()
    await refused
  })

  test('lasts twice as long each time, and is forgotten after a day without', async () => {
    const clock = simulatedClock()
    const [budget] = shared(clock, 1, 7)
    const lengths: (number | undefined)[] = []
    for (let time = 1; time <= 3; time += 1) {
      const now = clock.now()
      const until = (await budget?.blocked(now)) ?? 0
      lengths.push((until - now) / minute)
      await pass(clock, until - now)
    }
    await pass(clock, 24 * 60 * minute + 1)
    const now = clock.now()
    lengths.push((((await budget?.blocked(now)) ?? 0) - now) / minute)
    expect(lengths).toEqual([15, 30, 60, 15])
  })

  test('that several requests under way are told of is one', async () => {
    const clock = simulatedClock()
    const [budget] = shared(clock, 1, 7)
    const now = clock.now()
    await budget?.blocked(now)
    expect(await budget?.blocked(now)).toBe(now + 15 * minute)
  })
})

describe('a rate that is not documented', () => {
  function adaptive(clock: SimulatedClock): RateBudget {
    const store = memoryStore(clock)
    return createBudget(store, { source: 'Alaqan', requestsPerSecond: 10, isAdaptive: true, clock, chance })
  }
  const spacing = async (clock: SimulatedClock, budget: RateBudget): Promise<number> => {
    const [first = 0, second = 0] = await departures(clock, budget, 2)
    return second - first
  }
  const answers = async (budget: RateBudget, count: number, milliseconds: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) await budget.answered(milliseconds)
  }

  test('is halved when it was too much', async () => {
    const clock = simulatedClock()
    const budget = adaptive(clock)
    await budget.tooMany(clock.now())
    expect(await spacing(clock, budget)).toBeCloseTo(205)
  })

  test('is lowered by a tenth when the answers become slow', async () => {
    const clock = simulatedClock()
    const budget = adaptive(clock)
    await answers(budget, 10, 400)
    await answers(budget, 10, 2_000)
    expect(await spacing(clock, budget)).toBeCloseTo(102.5 / 0.9)
  })

  test('stays where answers were never faster', async () => {
    const clock = simulatedClock()
    const budget = adaptive(clock)
    await answers(budget, 100, 2_000)
    expect(await spacing(clock, budget)).toBeCloseTo(102.5)
  })

  test('creeps back to what is configured, and no further', async () => {
    const clock = simulatedClock()
    const budget = adaptive(clock)
    await budget.tooMany(clock.now())
    expect(await spacing(clock, budget)).toBeCloseTo(205)
    await answers(budget, 10, 400)
    expect(await spacing(clock, budget)).toBeCloseTo(102.5 / 0.55)
    for (let round = 0; round < 30; round += 1) {
      await answers(budget, 10, 400)
      await spacing(clock, budget)
    }
    expect(await spacing(clock, budget)).toBeCloseTo(102.5)
  })
})

test('whoever is aborted does not get through', async () => {
  const controller = new AbortController()
  controller.abort(new Error('stopped'))
  await expect(createRateBudget(1, simulatedClock()).take(controller.signal)).rejects.toThrow('stopped')
})
