/** Managers: revenue by month, and what each has done. */
import { type ManagerTotals, managerTotals, monthList } from '../totals.js'
import { block, nothing, part } from './block.js'
import { barCell, foldedTable, ranking } from './data-table.js'
import { nameOf } from './elements.js'
import { monthBars } from './month-bars.js'
import { managerName } from './names.js'
import type { View } from './view.js'

export function managersPart(view: View): HTMLElement | undefined {
  const { data, wording, choice } = view
  const facts = data.sales?.managers
  if (!facts || facts.rows.length === 0) return undefined
  const { managers: words } = wording
  const all = managerTotals(facts, choice, choice.manager)
  if (isIdle(all)) return part('managers', words.heading, nothing(words.none))
  return part('managers', words.heading, revenueBlock(view, all), tableBlock(view, all))
}

function revenueBlock(view: View, all: ManagerTotals): HTMLElement | undefined {
  const { data, wording, format, choice } = view
  const facts = data.sales?.managers
  if (!facts) return undefined
  const { managers: words } = wording
  const months = monthList(choice).map(month => ({
    month,
    totals: managerTotals(facts, { from: month, to: month }, choice.manager),
  }))
  const columns = workColumns(view)
  return block(view, {
    id: 'revenue-by-month',
    title: words.revenueByMonth,
    obeys: ['period', 'manager'],
    content: [
      monthBars(
        view,
        `${words.revenueByMonth}. ${words.revenueSummary(format.money(all.revenue))}`,
        months.map(({ month, totals }) => ({
          month,
          value: totals.revenue,
          part: 'revenue',
          colour: 'var(--accent)',
          title: `${format.month(month)}: ${format.money(totals.revenue)}`,
        })),
      ),
      foldedTable('revenue-by-month', wording.table, {
        caption: words.revenueByMonth,
        columns: [{ title: words.month }, { title: words.revenue }, ...columns],
        rows: months.map(({ month, totals }) => [
          format.month(month),
          format.money(totals.revenue),
          ...workCells(view, totals),
        ]),
        totals: [wording.total, format.money(all.revenue), ...workCells(view, all)],
      }),
    ],
  })
}

function tableBlock(view: View, all: ManagerTotals): HTMLElement {
  const { data, wording, format, choice } = view
  const facts = data.sales?.managers
  const { managers: words } = wording
  const rows = (facts?.managers ?? [])
    .map((_, place) => place)
    .filter(place => choice.manager === undefined || place === choice.manager)
    .flatMap(place => {
      const totals = facts && managerTotals(facts, choice, place)
      return totals && !isIdle(totals) ? [{ place, totals }] : []
    })
    .sort((a, b) => b.totals.revenue - a.totals.revenue || b.totals.created - a.totals.created)
  const most = Math.max(1, ...rows.map(({ totals }) => totals.revenue))
  return block(view, {
    id: 'work',
    title: words.table,
    note: words.tableNote,
    obeys: ['period', 'manager'],
    content: [
      ...ranking('work', count => wording.more(format.number(count)), {
        caption: words.table,
        columns: [{ title: words.manager }, { title: words.revenue, isText: true }, ...workColumns(view)],
        rows: rows.map(({ place, totals }) => [
          nameOf(managerName(view, place), wording.unnamed),
          barCell(format.money(totals.revenue), [{ share: totals.revenue / most, kind: 'accent' }]),
          ...workCells(view, totals),
        ]),
        ...(rows.length > 1
          ? { totals: [wording.total, format.money(all.revenue), ...workCells(view, all)] }
          : {}),
      }),
    ],
  })
}

function workColumns({ wording }: View) {
  const { managers: words } = wording
  return [words.created, words.won, words.lost, words.tasks, words.cycle].map(title => ({ title }))
}

function workCells({ format }: View, totals: ManagerTotals): readonly string[] {
  const { created, won, lost, tasks, cycleDays } = totals
  return [
    ...[created, won, lost, tasks].map(format.number),
    cycleDays === null ? '—' : format.number(cycleDays),
  ]
}

function isIdle({ created, won, lost, tasks, revenue }: ManagerTotals): boolean {
  return created + won + lost + tasks + revenue === 0
}
