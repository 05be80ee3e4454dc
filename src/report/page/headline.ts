/** The numbers that one looks at first, beside those of the months before. */
import { shareOf } from '../exact-rounding.js'
import {
  attendanceTotals,
  daysIn,
  type Months,
  managerTotals,
  monthsBefore,
  newestDay,
  outcomesOf,
} from '../totals.js'
import { type Filter, obeyedText } from './block.js'
import { element } from './elements.js'
import { comparisonProblem } from './filter-bar.js'
import { periodName } from './names.js'
import type { View } from './view.js'

interface Card {
  readonly id: string
  readonly label: string
  readonly note?: string
  readonly value: string
  readonly compared: string | undefined
  readonly obeys: readonly Filter[]
}

export function headline(view: View): HTMLElement {
  const { wording } = view
  const problem = comparisonProblem(view)
  const cards = [...attendanceCards(view), ...salesCards(view)]
  return element(
    'section',
    { id: 'headline', class: 'part', 'aria-labelledby': 'headline-heading' },
    element('h2', { id: 'headline-heading' }, wording.headline.heading),
    problem === undefined ? undefined : element('p', { class: 'note', id: 'not-compared' }, `${problem}.`),
    element('ul', { class: 'cards' }, ...cards.map(card => cardElement(view, card))),
  )
}

function cardElement(view: View, { id, label, note, value, compared, obeys }: Card): HTMLElement {
  const none = view.wording.filters.obeysNoneNow
  return element(
    'li',
    { id: `card-${id}`, class: 'card' },
    element('h3', { class: 'label' }, label),
    element('p', { class: 'value' }, value),
    element('p', { class: 'compared' }, compared ?? ''),
    note === undefined ? undefined : element('p', { class: 'note' }, note),
    element('p', { class: 'obeys' }, obeyedText(view, obeys, none)),
  )
}

function attendanceCards(view: View): readonly Card[] {
  const { data, wording, format, choice } = view
  const { attendance } = data
  const { headline: words, compared } = wording
  const newest = attendance && newestDay(attendance)
  if (!attendance || !newest) return []
  const totalsOf = (months: Months) => attendanceTotals(daysIn(attendance, months))
  const now = totalsOf(choice)
  return [
    {
      id: 'newest-day',
      label: words.peopleOn(format.dayWithWeekday(newest.day)),
      value: format.number(newest.people),
      compared:
        newest.weekBefore === undefined
          ? undefined
          : changeText(
              view,
              newest.people,
              newest.weekBefore,
              compared.wasDay(format.number(newest.weekBefore)),
            ),
      obeys: [],
    },
    {
      id: 'per-weekday',
      label: words.perWeekday,
      value: format.decimal(now.perWeekday, 1),
      compared: comparedWith(
        view,
        months => totalsOf(months).perWeekday,
        value => format.decimal(value, 1),
      ),
      obeys: ['period'],
    },
    {
      id: 'average-hours',
      label: words.averageHours,
      value: format.decimal(now.averageHours, 2),
      compared: comparedWith(
        view,
        months => totalsOf(months).averageHours,
        value => format.decimal(value, 2),
      ),
      obeys: ['period'],
    },
  ]
}

function salesCards(view: View): readonly Card[] {
  const { data, wording, format, choice } = view
  const { sales } = data
  if (!sales || (sales.funnel.rows.length === 0 && sales.managers.rows.length === 0)) return []
  const { headline: words } = wording
  const outcomes = (months: Months) => outcomesOf(sales.funnel, months, choice.pipeline)
  const managers = (months: Months) => managerTotals(sales.managers, months, choice.manager)
  return [
    {
      id: 'leads',
      label: words.leads,
      value: format.number(outcomes(choice).leads),
      compared: comparedWith(view, months => outcomes(months).leads, format.number),
      obeys: ['period', 'pipeline'],
    },
    {
      id: 'conversion',
      label: words.conversion,
      note: words.conversionNote,
      value: format.percent(shareOf(outcomes(choice).won, outcomes(choice).leads)),
      // Not beside the months before: of older leads more have come to an end.
      compared: words.stillOpen(format.number(outcomes(choice).open)),
      obeys: ['period', 'pipeline'],
    },
    {
      id: 'won',
      label: words.won,
      note: words.closedNote,
      value: format.number(managers(choice).won),
      compared: comparedWith(view, months => managers(months).won, format.number),
      obeys: ['period', 'manager'],
    },
    {
      id: 'revenue',
      label: words.revenue,
      note: words.closedNote,
      value: format.money(managers(choice).revenue),
      compared: comparedWith(view, months => managers(months).revenue, format.money),
      obeys: ['period', 'manager'],
    },
  ]
}

/** Undefined where the period cannot be compared, or has nothing to be compared. */
function comparedWith(
  view: View,
  valueIn: (months: Months) => number | null,
  text: (value: number) => string,
): string | undefined {
  if (comparisonProblem(view) !== undefined) return undefined
  const months = monthsBefore(view.choice)
  const [now, before] = [valueIn(view.choice), valueIn(months)]
  if (now === null) return undefined
  const period = periodName(view, months)
  const { compared } = view.wording
  if (before === null || before === 0) return compared.nothingBefore(period)
  return changeText(view, now, before, compared.was(text(before), period))
}

function changeText({ format, wording }: View, now: number, before: number, was: string): string {
  if (before === 0) return was
  const change = shareOf(now - before, before) ?? 0
  const text = now === before ? wording.compared.same : `${arrow(now - before)} ${format.change(change)}`
  return `${text} · ${was}`
}

function arrow(change: number): string {
  return change > 0 ? '▲' : change < 0 ? '▼' : ''
}
