import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysFromTo } from '../calendar.js'
import { emptyLedger, type Ledger } from '../warehouse/ledger.js'
import { daysOf } from './load-unit.js'
import { planBackfill, planRecords, planVisits, type Sweeps } from './plan.js'

const zone = 'Asia/Almaty'
const noonOf = (day: string) => Date.parse(`${day}T12:00:00+05:00`)
const known = (...days: readonly string[]): Ledger => ({ ...emptyLedger, finalDays: new Set(days) })
const daysIn = (planned: ReturnType<typeof planVisits>) => planned.flatMap(({ unit }) => daysOf(unit))

describe('the days that a run reads', () => {
  const config = { startDate: '2025-01-28', lookbackDays: 1 }

  it('are all from the start to yesterday at first', () => {
    expect(daysIn(planVisits(config, emptyLedger, noonOf('2025-02-02'), zone))).toEqual(
      daysFromTo('2025-01-28', '2025-02-01'),
    )
  })

  it('are a unit a calendar month', () => {
    const planned = planVisits(config, emptyLedger, noonOf('2025-02-02'), zone)
    expect(planned.map(({ unit }) => unit.days)).toEqual([
      [{ from: '2025-01-28', to: '2025-01-31' }],
      [{ from: '2025-02-01', to: '2025-02-01' }],
    ])
  })

  it('are the gaps, yesterday and the lookback afterwards', () => {
    const ledger = known('2025-01-28', '2025-01-30', '2025-01-31')
    expect(daysIn(planVisits(config, ledger, noonOf('2025-02-02'), zone))).toEqual([
      '2025-01-29',
      '2025-01-31',
      '2025-02-01',
    ])
  })

  it('never reach today, whatever the lookback and the hour', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(86_399), (lookbackDays, second) => {
        const now = Date.parse('2025-02-02T00:00:00+05:00') + second * 1000
        const days = daysIn(planVisits({ ...config, lookbackDays }, emptyLedger, now, zone))
        expect(days.at(-1)).toBe('2025-02-01')
      }),
    )
  })

  it('together with the known ones leave no gap', () => {
    const all = daysFromTo('2024-12-20', '2025-02-01')
    fc.assert(
      fc.property(fc.subarray(all), fc.nat(5), (loaded, lookbackDays) => {
        const plan = planVisits(
          { startDate: '2024-12-20', lookbackDays },
          known(...loaded),
          noonOf('2025-02-02'),
          zone,
        )
        expect([...new Set([...loaded, ...daysIn(plan)])].sort()).toEqual(all)
      }),
    )
  })

  it('are none before the start', () => {
    expect(
      planVisits({ startDate: '2025-02-02', lookbackDays: 3 }, emptyLedger, noonOf('2025-02-02'), zone),
    ).toEqual([])
  })
})

describe('a backfill', () => {
  it('reads what is missing, newest first', () => {
    const range = { from: '2025-01-30', to: '2025-02-02' }
    expect(daysIn(planBackfill(range, known('2025-01-31'), true))).toEqual([
      '2025-02-02',
      '2025-02-01',
      '2025-01-30',
    ])
  })
})

describe('what a run reads of amoCRM', () => {
  const entities = [
    { name: 'users', isIncremental: false, isSwept: false, mayBeClosed: true },
    { name: 'leads', isIncremental: true, isSwept: true, mayBeClosed: false },
  ]
  const now = noonOf('2025-02-02')
  const day = 86_400_000
  const fromOf = (ledger: Ledger, isFull = false) =>
    planRecords({ overlapSeconds: 600, sweepDays: 7 }, ledger, now, {
      entities,
      isFull,
      isInsisted: false,
    }).map(({ unit }) => unit.from)
  const loadedBefore: Ledger = {
    ...emptyLedger,
    watermarks: new Map([
      ['leads', 1_738_000_000],
      ['users', 1_738_000_000],
    ]),
  }
  const readWhole = (daysAgo: number, isFinished = true): Ledger => ({
    ...loadedBefore,
    wholeReadings: new Map([['leads', { startedAt: now - daysAgo * day, isFinished }]]),
  })

  it('is everything at first', () => {
    expect(fromOf(emptyLedger)).toEqual([null, null])
  })

  it('is what changed since the watermark less the overlap, and dictionaries whole', () => {
    expect(fromOf(loadedBefore)).toEqual([null, 1_737_999_400])
    expect(fromOf(loadedBefore, true)).toEqual([null, null])
  })

  it('is everything again when the last reading of everything is a week old', () => {
    expect(fromOf(readWhole(6.9))).toEqual([null, 1_737_999_400])
    expect(fromOf(readWhole(7))).toEqual([null, null])
  })

  describe('where sweeps are a task of their own', () => {
    const readBy = (sweeps: Sweeps, ledger: Ledger) =>
      planRecords({ overlapSeconds: 600, sweepDays: 7 }, ledger, now, {
        ...{ entities, isFull: false, isInsisted: false, sweeps },
      }).map(({ unit }) => [unit.records, unit.from])

    it('is what changed, though a sweep is due', () => {
      expect(readBy('left', readWhole(7))).toEqual([
        ['users', null],
        ['leads', 1_737_999_400],
      ])
    })

    it('is everything at first all the same', () => {
      expect(readBy('left', emptyLedger)).toEqual([
        ['users', null],
        ['leads', null],
      ])
    })

    it('is for that task what is due for a sweep, and else nothing', () => {
      expect(readBy('only', readWhole(7))).toEqual([['leads', null]])
      expect(readBy('only', readWhole(6.9))).toEqual([])
      expect(readBy('only', emptyLedger)).toEqual([])
    })
  })

  it('is everything the day after a sweep that did not come to its end', () => {
    expect(fromOf(readWhole(0.5, false))).toEqual([null, 1_737_999_400])
    expect(fromOf(readWhole(1, false))).toEqual([null, null])
  })
})
