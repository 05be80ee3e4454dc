import type { Day } from '../../calendar.js'

/** Kazakhstan's days off that fall on the same date each year, `MM-DD`. */
const yearly: ReadonlySet<string> = new Set([
  '01-01',
  '01-02',
  '01-07',
  '03-08',
  '03-21',
  '03-22',
  '03-23',
  '05-01',
  '05-07',
  '05-09',
  '07-06',
  '08-30',
  '10-25',
  '12-16',
])

export type DayKind = 'workday' | 'weekend' | 'holiday'

/** Whether people are expected at work on a day. */
export function dayKind(day: Day): DayKind {
  if (yearly.has(day.slice(5))) return 'holiday'
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday === 0 || weekday === 6 ? 'weekend' : 'workday'
}
