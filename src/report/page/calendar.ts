/** People by day as a calendar: a chart a year, a column a week. */
import * as Plot from '@observablehq/plot'
import { addDays, daysBetween, daysFromTo } from '../../calendar.js'
import { firstDayOf, monthOf } from '../report-period.js'
import { type DayTotals, weekdayOf } from '../totals.js'
import { chart } from './chart.js'
import { element } from './elements.js'
import { levelLegend, sharedLevels } from './people-levels.js'
import type { View } from './view.js'

const cellMost = 22
const cellLeast = 12
const weekdaysWidth = 34
/** The name of a month that begins in the last week. */
const lastMonthWidth = 24

/** @param unknown days of which nothing is known; of the others nobody came on those that are not among `days` */
export function calendarOf(
  view: View,
  days: readonly DayTotals[],
  unknown: readonly string[],
): readonly HTMLElement[] {
  const { wording, format, choice, data } = view
  const { attendance: words } = wording
  const peopleOn = new Map(days.map(({ day, people }) => [day, people]))
  const isUnknown = new Set(unknown)
  const busiest = days.reduce<DayTotals | undefined>(
    (best, day) => (best === undefined || day.people > best.people ? day : best),
    undefined,
  )
  const levels = sharedLevels(days.map(({ people }) => people))
  const last = [lastShownDay(view), ...unknown, ...days.map(({ day }) => day)].sort().at(-1) ?? ''
  const first = [firstDayOf(choice.from), data.attendance?.firstDay ?? ''].sort().at(-1) ?? ''
  const begin = [first, ...unknown].sort()[0] ?? first
  const shown = daysFromTo(begin, last)
  const years = [...new Set(shown.map(day => day.slice(0, 4)))]
  const weeksOf = (year: string) => {
    const ofYear = shown.filter(day => day.startsWith(year))
    return { ofYear, start: monday(ofYear[0] ?? begin), end: monday(ofYear.at(-1) ?? begin) }
  }
  const mostWeeks = Math.max(
    1,
    ...years.map(year => weeksBetween(weeksOf(year).start, weeksOf(year).end) + 1),
  )
  const summary = busiest
    ? words.calendarSummary(
        format.counted(days.length, wording.days),
        format.counted(busiest.people, wording.people),
        format.day(busiest.day),
      )
    : words.none
  const charts = years.map(year => {
    const { ofYear, start, end } = weeksOf(year)
    const weeks = Array.from({ length: weeksBetween(start, end) + 1 }, (_, index) => index)
    const weekOf = (day: string) => weeksBetween(start, monday(day))
    const cells = ofYear.map(day => {
      const people = peopleOn.get(day) ?? 0
      const isKnown = people > 0 || !isUnknown.has(day)
      const what = isKnown ? format.counted(people, wording.people) : wording.unknown
      return {
        week: weekOf(day),
        weekday: weekdayOf(day),
        colour: isKnown ? `var(--level-${levels.of(people)})` : 'var(--surface)',
        edge: isKnown ? 'none' : 'var(--muted)',
        title: `${format.dayWithWeekday(day)}: ${what}`,
      }
    })
    const monthStarts = new Map(
      ofYear
        .filter((day, index) => index === 0 || day.endsWith('-01'))
        .map(day => [weekOf(day), monthOf(day)]),
    )
    const ticks = withRoom([...monthStarts.keys()])
    return element(
      'div',
      { class: 'year' },
      element('p', { class: 'year-name' }, year),
      element(
        'div',
        // A year is wider than a phone: it scrolls by itself, also by keyboard.
        { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': `${words.calendar}, ${year}` },
        chart(`${year}. ${summary}`, width => {
          const cell = Math.max(
            cellLeast,
            Math.min(cellMost, Math.floor((width - weekdaysWidth - lastMonthWidth) / mostWeeks)),
          )
          return {
            width: weekdaysWidth + weeks.length * cell + lastMonthWidth,
            height: 7 * cell + 22,
            marginLeft: weekdaysWidth,
            marginRight: lastMonthWidth,
            marginTop: 20,
            marginBottom: 2,
            x: { type: 'band', domain: weeks, padding: 0, align: 0 },
            y: { type: 'band', domain: [1, 2, 3, 4, 5, 6, 7], padding: 0 },
            color: { type: 'identity' },
            marks: [
              Plot.axisX({
                anchor: 'top',
                tickSize: 0,
                label: null,
                ticks,
                textAnchor: 'start',
                dx: -cell / 2,
                tickFormat: (week: number) =>
                  format.shortMonth(monthStarts.get(week) ?? 0).replace(/ \d+$/, ''),
              }),
              Plot.axisY({
                tickSize: 0,
                label: null,
                ticks: [1, 3, 5, 7],
                tickFormat: (number: number) => wording.weekdays[number - 1] ?? '',
              }),
              Plot.cell(cells, {
                x: 'week',
                y: 'weekday',
                fill: 'colour',
                stroke: 'edge',
                strokeDasharray: '2 2',
                title: 'title',
                inset: 1,
                rx: 2,
              }),
            ],
          }
        }),
      ),
    )
  })
  return [
    ...charts,
    levelLegend(view, levels, unknown.length === 0 ? [] : [{ text: wording.unknown, swatch: 'unknown' }]),
  ]
}

/** The last day of the chosen months that is not later than the newest known one. */
function lastShownDay({ choice, data }: View): string {
  const { attendance } = data
  const newest = attendance ? addDays(attendance.firstDay, attendance.days.at(-1)?.[0] ?? 0) : ''
  const end = addDays(firstDayOf(choice.to + 1), -1)
  return newest < end ? newest : end
}

function monday(day: string): string {
  return addDays(day, 1 - weekdayOf(day))
}

function weeksBetween(from: string, to: string): number {
  return Math.round(daysBetween(from, to) / 7)
}

/** Names of months need two weeks at least: the first, cut one gives way. */
function withRoom(weeks: readonly number[]): number[] {
  return weeks.filter((week, index) => {
    const next = weeks[index + 1]
    return next === undefined || next - week >= 2
  })
}
