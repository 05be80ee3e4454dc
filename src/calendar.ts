/**
 * Days and instants. A {@link Day} is a calendar day `YYYY-MM-DD` in the configured zone (spec: `timezone`,
 * default Asia/Almaty, where Alaqan's wall clock hangs); an instant is Unix milliseconds or seconds, UTC.
 */

/** A calendar day, `YYYY-MM-DD`. */
export type Day = string

const dayPattern = /^\d{4}-\d{2}-\d{2}$/
const millisecondsPerDay = 86_400_000

/** Whether the text is a day that exists: `2024-02-30` is not. */
export function isDay(text: string): boolean {
  if (!dayPattern.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** The day so many days later (or earlier, where negative). */
export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * millisecondsPerDay).toISOString().slice(0, 10)
}

/** How many days `to` lies after `from`; negative where it lies before. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / millisecondsPerDay)
}

/** The days from `from` to `to`, both included, ascending; empty where `to` lies before `from`. */
export function daysFromTo(from: Day, to: Day): Day[] {
  return Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => addDays(from, index))
}

/**
 * The calendar day of an instant in a zone.
 * @param instant Unix milliseconds
 * @param timeZone IANA name, e.g. `Asia/Almaty`
 */
export function dayOf(instant: number, timeZone: string): Day {
  // The Swedish locale writes a date as YYYY-MM-DD.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(instant)
}

/** The last day that is over in the zone: "yesterday" of the spec, the newest day that is final. */
export function yesterday(instant: number, timeZone: string): Day {
  return addDays(dayOf(instant, timeZone), -1)
}

/** An inclusive range of days. */
export interface DayRange {
  readonly from: Day
  readonly to: Day
}

/** Joins neighbouring and overlapping days into the fewest ranges, ascending. Order and doubles do not matter. */
export function toRanges(days: Iterable<Day>): DayRange[] {
  const ranges: { from: Day; to: Day }[] = []
  for (const day of [...new Set(days)].sort()) {
    const last = ranges.at(-1)
    if (last && addDays(last.to, 1) === day) last.to = day
    else ranges.push({ from: day, to: day })
  }
  return ranges
}
