/**
 * What the page shows for the months, the pipeline and the manager that are chosen: sums of the report's aggregates. Only
 * what adds up is summed; averages and shares are rounded once, from exact sums. Pure, so that it is tested without a page.
 */
import { addDays, daysBetween } from '../calendar.js'
import { divideHalfUp, shareOf } from './exact-rounding.js'
import type {
  AttendanceFacts,
  CompanyAttendance,
  FunnelFacts,
  ManagerFacts,
  Month,
  Pipeline,
  ReportData,
  ResidentRow,
  StageRow,
} from './report-data.js'
import { firstDayOf, monthOf } from './report-period.js'

/** Months, both included. */
export interface Months {
  readonly from: Month
  readonly to: Month
}

export interface Selection extends Months {
  /** Its place in the list; undefined for all. */
  readonly pipeline: number | undefined
  /** Its place in the list; undefined for all. */
  readonly manager: number | undefined
}

/** The months that the report has something of, up to the one under way. */
export function knownMonths(data: Pick<ReportData, 'madeMonth' | 'attendance' | 'sales'>): Months {
  const { attendance, sales, madeMonth } = data
  const first = [
    ...(attendance?.days.length ? [monthOf(attendance.firstDay)] : []),
    ...(sales?.funnel.rows ?? []).map(([month]) => month),
    ...(sales?.managers.rows ?? []).map(([month]) => month),
  ].reduce((least, month) => Math.min(least, month), madeMonth)
  return { from: first, to: madeMonth }
}

export function monthList({ from, to }: Months): readonly Month[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
}

/** As many months before. */
export function monthsBefore({ from, to }: Months): Months {
  const length = to - from + 1
  return { from: from - length, to: to - length }
}

/** Why a period cannot be compared with the one before; undefined where it can. */
export type Incomparable = 'not_over' | 'too_short'

/** The first month of a history may have begun before it, so nothing is compared with it. */
export function comparability(period: Months, known: Months): Incomparable | undefined {
  if (period.to >= known.to) return 'not_over'
  return monthsBefore(period).from > known.from ? undefined : 'too_short'
}

/** The longest of a year, three months and one month that can be compared; else everything. */
export function usualMonths(known: Months): Months {
  const to = known.to - 1
  const lengths = [12, 3, 1].map((length): Months => ({ from: to - length + 1, to }))
  return lengths.find(months => comparability(months, known) === undefined) ?? known
}

function isIn(month: Month, { from, to }: Months): boolean {
  return month >= from && month <= to
}

export interface DayTotals {
  /** `YYYY-MM-DD` */
  readonly day: string
  readonly people: number
  readonly timed: number
  readonly hours: number
}

/** The days of these months on which somebody came. */
export function daysIn({ firstDay, days }: AttendanceFacts, months: Months): readonly DayTotals[] {
  const from = daysBetween(firstDay, firstDayOf(months.from))
  const to = daysBetween(firstDay, firstDayOf(months.to + 1))
  return days
    .filter(([number]) => number >= from && number < to)
    .map(([number, people, timed, hours]) => ({ day: addDays(firstDay, number), people, timed, hours }))
}

/** The days of these months of which nothing is known. */
export function unknownDaysIn({ firstDay, unknownDays }: AttendanceFacts, months: Months): readonly string[] {
  const least = daysBetween(firstDay, firstDayOf(months.from))
  const most = daysBetween(firstDay, firstDayOf(months.to + 1)) - 1
  return unknownDays.flatMap(([from, to]) => {
    const [first, last] = [Math.max(from, least), Math.min(to, most)]
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
      addDays(firstDay, first + index),
    )
  })
}

export interface AttendanceTotals {
  /** Visits: each person counts once a day. */
  readonly personDays: number
  /** Hundredths of an hour. */
  readonly hours: number
  /** Of those whose hours are known, hundredths; null where nobody's are. */
  readonly averageHours: number | null
  /** People a working day (Monday to Friday, on which somebody came), tenths; null where there is none. */
  readonly perWeekday: number | null
}

export function attendanceTotals(days: readonly DayTotals[]): AttendanceTotals {
  const weekdays = days.filter(({ day }) => weekdayOf(day) <= 5)
  const hours = sumOf(days, day => day.hours)
  return {
    personDays: sumOf(days, day => day.people),
    hours,
    averageHours: divideHalfUp(
      hours,
      sumOf(days, day => day.timed),
    ),
    perWeekday: divideHalfUp(10 * sumOf(weekdays, day => day.people), weekdays.length),
  }
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7
}

/** The newest day on which somebody came, beside the same day of the week before; undefined where there is none. */
export function newestDay(
  facts: AttendanceFacts,
): { readonly day: string; readonly people: number; readonly weekBefore: number | undefined } | undefined {
  const last = facts.days.at(-1)
  if (!last) return undefined
  const [number, people] = last
  const before = facts.days.find(([day]) => day === number - 7)
  return { day: addDays(facts.firstDay, number), people, weekBefore: before?.[1] }
}

/** People by day of the week and hour of their first entry. */
export function arrivalsIn(
  { arrivals }: AttendanceFacts,
  months: Months,
): readonly { readonly weekday: number; readonly hour: number; readonly people: number }[] {
  const sums = new Map<number, number>()
  for (const [month, weekday, hour, people] of arrivals) {
    if (!isIn(month, months)) continue
    const key = weekday * 24 + hour
    sums.set(key, (sums.get(key) ?? 0) + people)
  }
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([key, people]) => ({ weekday: Math.floor(key / 24), hour: key % 24, people }))
}

export interface Outcomes {
  readonly leads: number
  readonly won: number
  readonly lost: number
  readonly open: number
  readonly price: number
}

const nothing: Outcomes = { leads: 0, won: 0, lost: 0, open: 0, price: 0 }

/** Leads that were created in these months, by what has become of them. */
export function outcomesOf(funnel: FunnelFacts, months: Months, pipeline: number | undefined): Outcomes {
  const sums = { ...nothing }
  for (const [month, place, status, leads, price] of funnel.rows) {
    if (!isIn(month, months) || (pipeline !== undefined && place !== pipeline)) continue
    sums.leads += leads
    sums.price += price
    sums[funnel.pipelines[place]?.statuses[status]?.kind ?? 'open'] += leads
  }
  return sums
}

export interface Stage {
  readonly name: string | null
  readonly kind: 'open' | 'won' | 'lost'
  /** Leads that stand there now. */
  readonly leads: number
  readonly price: number
  /** Leads that stand there or further; of the lost status, the lost ones; null where its place is unknown. */
  readonly reached: number | null
  /** Hundredths of a percent of all leads. */
  readonly share: number | null
}

/** The stages of a pipeline, as `gold.amocrm_sales_funnel` counts them, for leads of these months together. */
export function stagesOf(funnel: FunnelFacts, months: Months, pipeline: number): readonly Stage[] {
  const statuses = funnel.pipelines[pipeline]?.statuses ?? []
  const leads = statuses.map(() => 0)
  const prices = statuses.map(() => 0)
  let all = 0
  for (const [month, place, status, count, price] of funnel.rows) {
    if (place !== pipeline || !isIn(month, months)) continue
    leads[status] = (leads[status] ?? 0) + count
    prices[status] = (prices[status] ?? 0) + price
    all += count
  }
  return statuses.map(({ name, place, kind }, index): Stage => {
    const count = leads[index] ?? 0
    const reached = kind === 'lost' ? count : place === null ? null : reachedFrom(statuses, leads, place)
    return {
      name,
      kind,
      leads: count,
      price: prices[index] ?? 0,
      reached,
      share: reached === null ? null : shareOf(reached, all),
    }
  })
}

function reachedFrom(statuses: Pipeline['statuses'], leads: readonly number[], from: number): number {
  return statuses.reduce(
    (sum, { place, kind }, index) =>
      kind !== 'lost' && place !== null && place >= from ? sum + (leads[index] ?? 0) : sum,
    0,
  )
}

export interface StagePassage {
  readonly name: string | null
  readonly entered: number
  readonly movedOn: number
  readonly won: number
  readonly lost: number
  /** Hundredths of a day; null where unknown, and of several months, as medians do not add up. */
  readonly medianDays: number | null
}

export function passagesOf(
  { pipelines }: FunnelFacts,
  rows: readonly StageRow[],
  months: Months,
  pipeline: number,
): readonly StagePassage[] {
  const statuses = pipelines[pipeline]?.statuses ?? []
  return statuses.flatMap(({ name }, index): readonly StagePassage[] => {
    const ofStage = rows.filter(
      ([month, place, status]) => place === pipeline && status === index && isIn(month, months),
    )
    if (ofStage.length === 0) return []
    return [
      {
        name,
        entered: sumOf(ofStage, row => row[3]),
        movedOn: sumOf(ofStage, row => row[4]),
        won: sumOf(ofStage, row => row[5]),
        lost: sumOf(ofStage, row => row[6]),
        medianDays: months.from === months.to ? (ofStage[0]?.[7] ?? null) : null,
      },
    ]
  })
}

/** The pipeline with the most leads of these months; undefined where there is none. */
export function greatestPipeline(funnel: FunnelFacts, months: Months): number | undefined {
  const leads = funnel.pipelines.map((_, place) => outcomesOf(funnel, months, place).leads)
  const most = Math.max(0, ...leads)
  return most === 0 ? undefined : leads.indexOf(most)
}

export interface ManagerTotals {
  readonly created: number
  readonly won: number
  readonly lost: number
  readonly revenue: number
  readonly tasks: number
  /** Days, of averages by month, each counted as often as leads were won; null where none was. */
  readonly cycleDays: number | null
}

export function managerTotals(
  { rows }: ManagerFacts,
  months: Months,
  manager: number | undefined,
): ManagerTotals {
  const chosen = rows.filter(
    ([month, place]) => isIn(month, months) && (manager === undefined || place === manager),
  )
  const timed = chosen.flatMap(([, , , won, , , , cycle]) => (cycle === null ? [] : [{ won, cycle }]))
  return {
    created: sumOf(chosen, row => row[2]),
    won: sumOf(chosen, row => row[3]),
    lost: sumOf(chosen, row => row[4]),
    revenue: sumOf(chosen, row => row[5]),
    tasks: sumOf(chosen, row => row[6]),
    cycleDays: divideHalfUp(
      sumOf(timed, ({ won, cycle }) => won * cycle),
      sumOf(timed, ({ won }) => won),
    ),
  }
}

export interface GroupOutcomes {
  readonly leads: number
  readonly won: number
  readonly lost: number
  readonly price: number
}

/** Leads of residents (true) or of others. */
export function residentOutcomes(
  rows: readonly ResidentRow[],
  months: Months,
  pipeline: number | undefined,
  areResidents: boolean,
): GroupOutcomes {
  const chosen = rows.filter(
    ([month, place, isResident]) =>
      isIn(month, months) &&
      (pipeline === undefined || place === pipeline) &&
      (isResident === 1) === areResidents,
  )
  return {
    leads: sumOf(chosen, row => row[3]),
    won: sumOf(chosen, row => row[4]),
    lost: sumOf(chosen, row => row[5]),
    price: sumOf(chosen, row => row[6]),
  }
}

export interface CompanyVisits {
  readonly name: string | null
  readonly kind: CompanyAttendance['companies'][number]['kind']
  readonly visits: number
  /** Hundredths. */
  readonly hours: number
}

/** Companies by visits in these months, those without any left out. */
export function companyVisits(attendance: CompanyAttendance, months: Months): readonly CompanyVisits[] {
  return attendance.companies
    .map(({ name, kind }, index): CompanyVisits => {
      const chosen = attendance.rows.filter(([month, place]) => place === index && isIn(month, months))
      return { name, kind, visits: sumOf(chosen, row => row[2]), hours: sumOf(chosen, row => row[3]) }
    })
    .filter(({ visits }) => visits > 0)
    .sort((a, b) => orderOf(a.kind) - orderOf(b.kind) || b.visits - a.visits)
}

function orderOf(kind: CompanyVisits['kind']): number {
  return ['company', 'others', 'unknown'].indexOf(kind)
}

function sumOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0)
}
