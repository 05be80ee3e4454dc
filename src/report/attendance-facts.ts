/** Attendance as the report has it: sums by day and month, nobody's own row. */
import { type Day, type DayRange, daysBetween, toRanges } from '../calendar.js'
import type { PresentTables } from '../pipeline/status/present-tables.js'
import type { WarehouseFacts } from '../pipeline/status/status.js'
import { goldAlaqanDailyAttendance, goldAlaqanMonthlySummary } from '../tables/gold.js'
import { literal } from '../warehouse/sql-text.js'
import type { AttendanceFacts } from './report-data.js'
import { monthOf, type ReportPeriod } from './report-period.js'
import { weekdayOf } from './totals.js'

export async function readAttendance(
  present: PresentTables,
  facts: Pick<WarehouseFacts, 'gaps' | 'heldDays'> | undefined,
  period: ReportPeriod,
): Promise<AttendanceFacts> {
  const { firstDay, lastDay, firstMonth, lastMonth } = period
  const daily = `gold.alaqan_daily_attendance
     where visit_date between cast(${literal(firstDay)} as date) and cast(${literal(lastDay)} as date)`
  const days = await present.rowsOf(
    [goldAlaqanDailyAttendance],
    `select visit_date, count(*) as people, count(hours_on_site) as timed,
       cast(coalesce(sum(hours_on_site), 0) * 100 as bigint) as hours
     from ${daily} group by visit_date order by visit_date`,
  )
  const months = await present.rowsOf(
    [goldAlaqanMonthlySummary],
    `select year * 12 + month - 1 as month_no, count(*) as people from gold.alaqan_monthly_summary
     where year * 12 + month - 1 between ${firstMonth} and ${lastMonth}
     group by year * 12 + month - 1 order by month_no`,
  )
  const arrivals = await present.rowsOf(
    [goldAlaqanDailyAttendance],
    `select visit_date, hour(first_entry_local) as entry_hour, count(*) as people
     from ${daily} and first_entry_local is not null
     group by visit_date, hour(first_entry_local) order by visit_date, entry_hour`,
  )
  const start = String(days[0]?.visit_date ?? firstDay)
  const dayNumber = (day: Day) => daysBetween(start, day)
  return {
    firstDay: start,
    days: days.map(row => [
      dayNumber(String(row.visit_date)),
      Number(row.people),
      Number(row.timed),
      Number(row.hours),
    ]),
    unknownDays: unknownDays(facts).map(({ from, to }) => [dayNumber(from), dayNumber(to)]),
    months: months.map(row => [Number(row.month_no), Number(row.people)]),
    arrivals: byMonthAndWeekday(
      arrivals.map(row => [String(row.visit_date), Number(row.entry_hour), Number(row.people)]),
    ),
  }
}

/** A day that is held back has an older answer, which is not believed to be the last word. */
function unknownDays(facts: Pick<WarehouseFacts, 'gaps' | 'heldDays'> | undefined): readonly DayRange[] {
  return facts ? [...facts.gaps, ...toRanges(facts.heldDays)] : []
}

function byMonthAndWeekday(
  rows: readonly (readonly [day: Day, hour: number, people: number])[],
): AttendanceFacts['arrivals'] {
  const sums = new Map<string, [number, number, number, number]>()
  for (const [day, hour, people] of rows) {
    const [month, weekday] = [monthOf(day), weekdayOf(day)]
    const key = `${month} ${weekday} ${hour}`
    const sum = sums.get(key)
    if (sum) sum[3] += people
    else sums.set(key, [month, weekday, hour, people])
  }
  return [...sums.values()]
}
