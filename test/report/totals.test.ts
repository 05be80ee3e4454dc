/** What the page adds up, on a report that a person can add up too. */
import { describe, expect, it } from 'vitest'
import {
  arrivalsIn,
  attendanceTotals,
  companyVisits,
  comparability,
  daysIn,
  greatestPipeline,
  knownMonths,
  managerTotals,
  monthsBefore,
  newestDay,
  outcomesOf,
  passagesOf,
  residentOutcomes,
  stagesOf,
  unknownDaysIn,
  usualMonths,
} from '../../src/report/totals.js'
import { january, smallReport } from './invented-report.js'

const { attendance, sales } = smallReport
if (!attendance || !sales) throw new Error('The invented report has both.')
const december = { from: january - 1, to: january - 1 }
const both = { from: january - 1, to: january }

describe('attendance of the chosen months', () => {
  it('counts each person once a day, and averages hours over those whose hours are known', () => {
    expect(attendanceTotals(daysIn(attendance, december))).toEqual({
      personDays: 33,
      hours: 21_605,
      // 216.05 hours of 27 people are 8.0018…
      averageHours: 800,
      // 30 people on two working days; the Saturday does not count.
      perWeekday: 150,
    })
  })

  it('has no averages where nobody came', () => {
    expect(attendanceTotals([])).toEqual({ personDays: 0, hours: 0, averageHours: null, perWeekday: null })
  })

  it('names the days of which nothing is known, within the months alone', () => {
    expect(unknownDaysIn(attendance, december)).toEqual(['2024-12-09', '2024-12-10', '2024-12-11'])
    expect(unknownDaysIn(attendance, { from: january, to: january })).toEqual([])
  })

  it('puts the newest day beside the same day of the week before, where somebody came then', () => {
    expect(newestDay(attendance)).toEqual({ day: '2025-01-02', people: 5, weekBefore: undefined })
    const days = [...attendance.days, [35, 9, 9, 7200] as const]
    expect(newestDay({ ...attendance, days })).toEqual({ day: '2025-01-09', people: 9, weekBefore: 5 })
  })

  it('sums arrivals by day of the week and hour', () => {
    expect(arrivalsIn(attendance, both)).toEqual([
      { weekday: 4, hour: 9, people: 15 },
      { weekday: 5, hour: 9, people: 12 },
      { weekday: 5, hour: 10, people: 8 },
    ])
  })
})

describe('leads of the chosen months', () => {
  it('are won, lost or in progress, and all of them one of these', () => {
    expect(outcomesOf(sales.funnel, december, undefined)).toEqual({
      leads: 17,
      won: 8,
      lost: 1,
      open: 8,
      price: 1905,
    })
    expect(outcomesOf(sales.funnel, both, 0)).toMatchObject({ leads: 12, won: 3, lost: 1, open: 8 })
  })

  it('reach a stage or a later one, as gold counts it: lost ones stand at none', () => {
    const stages = stagesOf(sales.funnel, december, 0)
    expect(stages.map(({ leads, reached, share }) => [leads, reached, share])).toEqual([
      [4, 9, 8182],
      [3, 5, 4545],
      [2, 2, 1818],
      [1, 1, 909],
      // Where the stage stands is not known, so nobody can be said to have reached it.
      [1, null, null],
    ])
  })

  it('show the pipeline with the most of them', () => {
    expect(greatestPipeline(sales.funnel, december)).toBe(0)
    expect(greatestPipeline(sales.funnel, { from: january + 5, to: january + 5 })).toBeUndefined()
  })

  it('have a median in a stage of one month alone: medians do not add up', () => {
    expect(passagesOf(sales.funnel, sales.stages, december, 0)).toMatchObject([
      { entered: 5, movedOn: 4, won: 2, lost: 1, medianDays: 150 },
    ])
    expect(passagesOf(sales.funnel, sales.stages, both, 0)).toMatchObject([{ entered: 7, medianDays: null }])
  })
})

describe('managers', () => {
  it('add up, and their cycle counts as often as they won', () => {
    expect(managerTotals(sales.managers, both, undefined)).toEqual({
      created: 15,
      won: 4,
      lost: 3,
      revenue: 610,
      tasks: 18,
      // Three leads of 10 days and one of 20.
      cycleDays: 13,
    })
    expect(managerTotals(sales.managers, both, 1)).toMatchObject({ created: 5, won: 0, cycleDays: null })
  })
})

describe('residents', () => {
  it('and others are counted apart, of one pipeline or of all', () => {
    const rows = [
      [january, 0, 1, 5, 2, 1, 100],
      [january, 0, 0, 7, 1, 1, 300],
      [january, 1, 1, 2, 2, 0, 40],
    ] as const
    const months = { from: january, to: january }
    expect(residentOutcomes(rows, months, undefined, true)).toEqual({ leads: 7, won: 4, lost: 1, price: 140 })
    expect(residentOutcomes(rows, months, 0, false)).toEqual({ leads: 7, won: 1, lost: 1, price: 300 })
  })

  it('come by visits, with those of no company last', () => {
    const visits = companyVisits(
      {
        companies: [
          { name: 'А', kind: 'company' },
          { name: null, kind: 'unknown' },
          { name: 'Б', kind: 'company' },
          { name: 'В', kind: 'company' },
        ],
        others: 0,
        rows: [
          [january, 0, 5, 4000],
          [january, 1, 90, 0],
          [january, 2, 7, 100],
          [january - 1, 3, 1, 1],
        ],
      },
      { from: january, to: january },
    )
    expect(visits.map(({ name, visits: count }) => [name, count])).toEqual([
      ['Б', 7],
      ['А', 5],
      [null, 90],
    ])
  })
})

describe('the period', () => {
  const known = { from: january - 30, to: january }

  it('is known from the first month with anything to the one under way', () => {
    expect(knownMonths(smallReport)).toEqual({ from: january - 2, to: january })
    expect(knownMonths({ madeMonth: january, attendance: undefined, sales: undefined })).toEqual({
      from: january,
      to: january,
    })
  })

  it('is not compared while its last month is under way, or where the one before is not known whole', () => {
    expect(comparability({ from: january, to: january }, known)).toBe('not_over')
    expect(comparability({ from: january - 1, to: january - 1 }, known)).toBeUndefined()
    expect(comparability({ from: january - 15, to: january - 1 }, known)).toBe('too_short')
    expect(monthsBefore({ from: january - 3, to: january - 1 })).toEqual({
      from: january - 6,
      to: january - 4,
    })
  })

  it('is the longest at first that can be compared', () => {
    expect(usualMonths(known)).toEqual({ from: january - 12, to: january - 1 })
    expect(usualMonths({ from: january - 10, to: january })).toEqual({ from: january - 3, to: january - 1 })
    expect(usualMonths({ from: january - 3, to: january })).toEqual({ from: january - 1, to: january - 1 })
    expect(usualMonths({ from: january - 1, to: january })).toEqual({ from: january - 1, to: january })
  })
})
