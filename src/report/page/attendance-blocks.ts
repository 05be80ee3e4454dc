/** Attendance: a calendar, months, hours on site, arrival hours. */
import * as Plot from '@observablehq/plot'
import { monthOf } from '../report-period.js'
import { arrivalsIn, attendanceTotals, type DayTotals, daysIn, monthList, unknownDaysIn } from '../totals.js'
import { block, nothing, part } from './block.js'
import { calendarOf } from './calendar.js'
import { chart, everyFew } from './chart.js'
import { foldedTable } from './data-table.js'
import { monthBars } from './month-bars.js'
import { evenLevels, levelLegend } from './people-levels.js'
import type { View } from './view.js'

export function attendancePart(view: View): HTMLElement | undefined {
  const { data, wording, choice } = view
  const { attendance } = data
  const { attendance: words } = wording
  if (!attendance) return undefined
  if (attendance.days.length === 0) return part('attendance', words.heading, nothing(words.empty))
  const days = daysIn(attendance, choice)
  const unknown = unknownDaysIn(attendance, choice)
  if (days.length === 0 && unknown.length === 0) {
    return part('attendance', words.heading, nothing(words.none))
  }
  return part(
    'attendance',
    words.heading,
    calendarBlock(view, days, unknown),
    peopleBlock(view, days),
    hoursBlock(view, days),
    arrivalsBlock(view),
  )
}

function calendarBlock(view: View, days: readonly DayTotals[], unknown: readonly string[]): HTMLElement {
  const { wording, format } = view
  const { attendance: words } = wording
  return block(view, {
    id: 'calendar',
    title: words.calendar,
    obeys: ['period'],
    content: [
      ...calendarOf(view, days, unknown),
      foldedTable('calendar', wording.table, {
        caption: words.calendar,
        columns: [
          { title: words.day },
          { title: words.people },
          { title: words.averageHours },
          { title: words.totalHours },
        ],
        rows: [...days]
          .reverse()
          .map(day => [
            format.dayWithWeekday(day.day),
            format.number(day.people),
            format.decimal(attendanceTotals([day]).averageHours, 2),
            format.decimal(day.hours, 2),
          ]),
      }),
    ],
  })
}

function peopleBlock(view: View, days: readonly DayTotals[]): HTMLElement {
  const { data, wording, format, choice } = view
  const { attendance: words } = wording
  const different = new Map(data.attendance?.months)
  const months = monthList(choice).map(month => {
    const ofMonth = days.filter(({ day }) => monthOf(day) === month)
    return { month, people: different.get(month) ?? 0, totals: attendanceTotals(ofMonth) }
  })
  const label = months
    .map(({ month, people }) => `${format.shortMonth(month)}: ${format.number(people)}`)
    .join('; ')
  return block(view, {
    id: 'people',
    title: words.byMonth,
    note: words.byMonthNote,
    obeys: ['period'],
    content: [
      monthBars(
        view,
        `${words.byMonth}. ${label}`,
        months.map(({ month, people }) => ({
          month,
          value: people,
          part: 'people',
          colour: 'var(--accent)',
          title: `${format.month(month)}: ${format.counted(people, wording.people)}`,
        })),
      ),
      foldedTable('people', wording.table, {
        caption: words.byMonth,
        columns: [
          { title: words.month },
          { title: words.people },
          { title: words.personDays },
          { title: words.totalHours },
        ],
        rows: months.map(({ month, people, totals }) => [
          format.month(month),
          format.number(people),
          format.number(totals.personDays),
          format.decimal(totals.hours, 2),
        ]),
        totals: [
          wording.total,
          '—',
          format.number(attendanceTotals(days).personDays),
          format.decimal(attendanceTotals(days).hours, 2),
        ],
      }),
    ],
  })
}

function hoursBlock(view: View, days: readonly DayTotals[]): HTMLElement {
  const { wording, format, choice } = view
  const { attendance: words } = wording
  const months = monthList(choice)
  const points = months.flatMap(month => {
    const { averageHours } = attendanceTotals(days.filter(({ day }) => monthOf(day) === month))
    return averageHours === null
      ? []
      : [
          {
            month,
            hours: averageHours / 100,
            text: format.decimal(averageHours, 2),
            title: `${format.month(month)}: ${format.decimal(averageHours, 2)}`,
          },
        ]
  })
  const label = points.map(({ month, text }) => `${format.shortMonth(month)}: ${text}`).join('; ')
  const content =
    points.length === 0
      ? [nothing(words.none)]
      : [
          chart(`${words.hoursByMonth}. ${label}`, width => ({
            width,
            height: 220,
            marginLeft: 40,
            marginRight: 12,
            marginTop: 16,
            marginBottom: 28,
            x: { type: 'point', domain: [...months], padding: 0.5 },
            y: { zero: true, nice: true },
            marks: [
              Plot.gridY({ ticks: 4, stroke: 'var(--grid)', strokeOpacity: 1 }),
              Plot.axisY({ ticks: 4, tickSize: 0, label: null, tickFormat: format.short }),
              Plot.axisX({
                tickSize: 0,
                label: null,
                tickFormat: format.shortMonth,
                ticks: [...everyFew(months, width - 52, 72)],
              }),
              Plot.ruleY([0], { stroke: 'var(--axis)' }),
              Plot.lineY(points, { x: 'month', y: 'hours', stroke: 'var(--accent)', strokeWidth: 2 }),
              Plot.dot(points, {
                x: 'month',
                y: 'hours',
                r: months.length > 40 ? 2 : 4,
                fill: 'var(--accent)',
                title: 'title',
              }),
              ...(points.length * 56 > width
                ? []
                : [
                    Plot.text(points, {
                      x: 'month',
                      y: 'hours',
                      text: 'text',
                      dy: -14,
                      fill: 'currentColor',
                    }),
                  ]),
            ],
          })),
          foldedTable('hours', wording.table, {
            caption: words.hoursByMonth,
            columns: [{ title: words.month }, { title: words.averageHours }],
            rows: points.map(({ month, text }) => [format.month(month), text]),
            totals: [wording.total, format.decimal(attendanceTotals(days).averageHours, 2)],
          }),
        ]
  return block(view, {
    id: 'hours',
    title: words.hoursByMonth,
    note: words.hoursNote,
    obeys: ['period'],
    content,
  })
}

function arrivalsBlock(view: View): HTMLElement {
  const { data, wording, format, choice } = view
  const { attendance: words } = wording
  const arrivals = data.attendance ? arrivalsIn(data.attendance, choice) : []
  const parts = {
    id: 'arrivals',
    title: words.arrivals,
    note: words.arrivalsNote,
    obeys: ['period'],
  } as const
  const most = arrivals.reduce<(typeof arrivals)[number] | undefined>(
    (best, each) => (best === undefined || each.people > best.people ? each : best),
    undefined,
  )
  if (!most) return block(view, { ...parts, content: [nothing(words.none)] })
  const hours = arrivals.map(({ hour }) => hour)
  const shown = Array.from(
    { length: Math.max(...hours) - Math.min(...hours) + 1 },
    (_, index) => Math.min(...hours) + index,
  )
  const weekdays = [1, 2, 3, 4, 5, 6, 7]
  const levels = evenLevels(arrivals.map(({ people }) => people))
  const weekday = (number: number) => wording.weekdays[number - 1] ?? ''
  const cells = weekdays.flatMap(number =>
    shown.map(hour => {
      const people = arrivals.find(each => each.weekday === number && each.hour === hour)?.people ?? 0
      return {
        weekday: number,
        hour,
        people,
        colour: `var(--level-${levels.of(people)})`,
        title: `${weekday(number)}, ${format.hour(hour)}: ${format.counted(people, wording.people)}`,
      }
    }),
  )
  const sumOf = (match: (cell: (typeof cells)[number]) => boolean) =>
    cells.filter(match).reduce((sum, { people }) => sum + people, 0)
  return block(view, {
    ...parts,
    content: [
      chart(
        `${words.arrivals}. ${words.arrivalsSummary(
          wording.weekdaysLong[most.weekday - 1] ?? '',
          format.hour(most.hour),
          format.counted(most.people, wording.people),
        )}`,
        width => ({
          width,
          height: 220,
          marginLeft: 30,
          marginRight: 8,
          marginTop: 8,
          marginBottom: 28,
          x: { type: 'band', domain: shown, padding: 0.06 },
          y: { type: 'band', domain: weekdays, padding: 0.06 },
          color: { type: 'identity' },
          marks: [
            Plot.axisX({
              tickSize: 0,
              label: null,
              tickFormat: format.hour,
              ticks: [...everyFew(shown, width - 40, 48)],
            }),
            Plot.axisY({ tickSize: 0, label: null, tickFormat: weekday }),
            Plot.cell(cells, { x: 'hour', y: 'weekday', fill: 'colour', title: 'title', rx: 2 }),
          ],
        }),
      ),
      levelLegend(view, levels),
      foldedTable('arrivals', wording.table, {
        caption: words.arrivals,
        columns: [
          { title: words.hour },
          ...wording.weekdays.map(title => ({ title })),
          { title: wording.total },
        ],
        rows: shown.map(hour => [
          format.hour(hour),
          ...weekdays.map(number =>
            format.number(sumOf(cell => cell.hour === hour && cell.weekday === number)),
          ),
          format.number(sumOf(cell => cell.hour === hour)),
        ]),
        totals: [
          wording.total,
          ...weekdays.map(number => format.number(sumOf(cell => cell.weekday === number))),
          format.number(sumOf(() => true)),
        ],
      }),
    ],
  })
}
