import { type Day, daysFromTo } from '../../calendar.js'
import { dayKind } from './holidays.js'
import { dayStarts } from './wall-clock.js'

/** When things happen in a company: on workdays, in office hours, more of them from year to year. */
export interface WorkingTime {
  /** The first and the last instant of the world, Unix seconds. */
  readonly start: number
  readonly end: number
  /** The instant (Unix seconds) at a share of all work done, in [0, 1). Never falls as the share grows. */
  at(share: number): number
  /** The nearest office hour (09:00 to 18:30) on the day of an instant; a share in [0, 1) says which. */
  officeHour(instant: number, share: number): number
  /**
   * An instant within so many seconds after another. What would lie beyond the end of the world is drawn between
   * the other and the end instead, so that nothing piles up in the last second.
   */
  soonAfter(instant: number, seconds: number, share: number): number
}

const hour = 3600
/** Share of a day's work done by an hour of the day: little before nine and after half past six. */
const dayCurve = [
  [0, 7.5 * hour],
  [0.06, 9 * hour],
  [0.93, 18.5 * hour],
  [1, 23 * hour],
] as const

function secondOfDay(share: number): number {
  let [fromShare, fromSecond]: readonly [number, number] = dayCurve[0]
  for (const [toShare, toSecond] of dayCurve) {
    if (share < toShare) {
      return fromSecond + ((share - fromShare) / (toShare - fromShare)) * (toSecond - fromSecond)
    }
    fromShare = toShare
    fromSecond = toSecond
  }
  return fromSecond
}

/** The number of values that are at most `value`; the values ascend. */
function countUpTo(values: Float64Array, value: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((values[middle] ?? Number.POSITIVE_INFINITY) <= value) low = middle + 1
    else high = middle
  }
  return low
}

/** The working time between two days, both included, in a zone. */
export function workingTime(from: Day, to: Day, timeZone: string): WorkingTime {
  const days = daysFromTo(from, to)
  const starts = dayStarts(days, timeZone)
  const weights = days.map((day, index) => {
    const kind = dayKind(day)
    const growth = 1 + (0.6 * index) / days.length
    return growth * (kind === 'workday' ? 1 : kind === 'weekend' ? 0.08 : 0.03)
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let running = 0
  const begun = Float64Array.from(weights, weight => {
    const before = running / total
    running += weight
    return before
  })
  const start = starts[0] ?? 0
  const end = (starts.at(-1) ?? 0) + 24 * hour - 1

  return {
    start,
    end,
    soonAfter: (instant, seconds, share) => {
      const later = instant + Math.floor(seconds * share)
      return later <= end ? later : instant + Math.floor(Math.max(0, end - instant) * share)
    },
    at: share => {
      const index = countUpTo(begun, share) - 1
      const before = begun[index] ?? 0
      const next = begun[index + 1] ?? 1
      return Math.floor((starts[index] ?? start) + secondOfDay((share - before) / (next - before)))
    },
    officeHour: (instant, share) => {
      const index = Math.max(0, countUpTo(starts, instant) - 1)
      const dayStart = starts[index] ?? start
      // Beyond the world's last day, days go on without weekends or changes of the clock.
      const daysBeyond = instant > end ? Math.floor((instant - dayStart) / (24 * hour)) : 0
      return Math.floor(dayStart + daysBeyond * 24 * hour + (9 + 9.5 * share) * hour)
    },
  }
}
