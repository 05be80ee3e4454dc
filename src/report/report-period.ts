/** Which months the report knows: a few years, so that a wrong date of a far century does not make it endless. */
import { addDays, type Day, dayOf } from '../calendar.js'
import type { Month } from './report-data.js'

/** Eleven years: ten whole ones and the one under way. */
export const monthsKnown = 132

export interface ReportPeriod {
  readonly firstMonth: Month
  /** The month under way. */
  readonly lastMonth: Month
  readonly firstDay: Day
  /** The last day of the month under way. */
  readonly lastDay: Day
}

/**
 * @param now Unix milliseconds
 * @param months how many, with the one under way
 */
export function reportPeriod(now: number, timeZone: string, months = monthsKnown): ReportPeriod {
  const lastMonth = monthOf(dayOf(now, timeZone))
  const firstMonth = lastMonth - months + 1
  return {
    firstMonth,
    lastMonth,
    firstDay: firstDayOf(firstMonth),
    lastDay: addDays(firstDayOf(lastMonth + 1), -1),
  }
}

export function monthOf(day: Day): Month {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1
}

export function firstDayOf(month: Month): Day {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}-01`
}
