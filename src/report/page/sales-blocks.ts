/** Sales: leads by month, pipelines beside each other, the stages of one, and how leads pass through them. */
import { shareOf } from '../exact-rounding.js'
import type { SalesFacts } from '../report-data.js'
import { greatestPipeline, monthList, type Outcomes, outcomesOf, passagesOf, stagesOf } from '../totals.js'
import { block, nothing, part } from './block.js'
import { legend } from './chart.js'
import { bar, barCell, dataTable, foldedTable } from './data-table.js'
import { element, nameOf } from './elements.js'
import { monthBars } from './month-bars.js'
import { pipelineName } from './names.js'
import type { View } from './view.js'

const kinds = ['won', 'open', 'lost'] as const

export function salesPart(view: View): HTMLElement | undefined {
  const { data, wording, choice } = view
  const { sales } = data
  const { sales: words } = wording
  if (!sales) return undefined
  if (sales.funnel.rows.length === 0) return part('sales', words.heading, nothing(words.empty))
  const pipeline = choice.pipeline ?? greatestPipeline(sales.funnel, choice)
  return part(
    'sales',
    words.heading,
    monthsBlock(view, sales),
    pipelinesBlock(view, sales),
    ...(pipeline === undefined
      ? []
      : [stagesBlock(view, sales, pipeline), passageBlock(view, sales, pipeline)]),
  )
}

function outcomeLegend({ wording }: View): HTMLElement {
  return legend(kinds.map(kind => ({ text: wording.sales[kind], swatch: kind })))
}

function outcomeCells({ format }: View, outcomes: Outcomes): readonly string[] {
  return [
    ...kinds.map(kind => format.number(outcomes[kind])),
    format.percent(shareOf(outcomes.won, outcomes.leads)),
    format.money(outcomes.price),
  ]
}

function outcomeColumns({ wording }: View) {
  const { sales: words } = wording
  return [...kinds.map(kind => words[kind]), words.conversion, words.price].map(title => ({ title }))
}

function monthsBlock(view: View, { funnel }: SalesFacts): HTMLElement {
  const { wording, format, choice } = view
  const { sales: words } = wording
  const parts = {
    id: 'leads-by-month',
    title: words.byMonth,
    note: words.byMonthNote,
    obeys: ['period', 'pipeline'],
  } as const
  const all = outcomesOf(funnel, choice, choice.pipeline)
  if (all.leads === 0) return block(view, { ...parts, content: [nothing(words.none)] })
  const months = monthList(choice).map(month => ({
    month,
    outcomes: outcomesOf(funnel, { from: month, to: month }, choice.pipeline),
  }))
  const summary = words.byMonthSummary(
    format.counted(all.leads, wording.leads),
    format.number(all.won),
    format.number(all.lost),
  )
  return block(view, {
    ...parts,
    content: [
      outcomeLegend(view),
      monthBars(
        view,
        `${words.byMonth}. ${summary}`,
        months.flatMap(({ month, outcomes }) =>
          kinds.map(kind => ({
            month,
            value: outcomes[kind],
            part: kind,
            colour: `var(--${kind})`,
            title: `${format.month(month)}, ${words[kind]}: ${format.number(outcomes[kind])}`,
          })),
        ),
      ),
      foldedTable('leads-by-month', wording.table, {
        caption: words.byMonth,
        columns: [{ title: words.month }, { title: words.leads }, ...outcomeColumns(view)],
        rows: months.map(({ month, outcomes }) => [
          format.month(month),
          format.number(outcomes.leads),
          ...outcomeCells(view, outcomes),
        ]),
        totals: [wording.total, format.number(all.leads), ...outcomeCells(view, all)],
      }),
    ],
  })
}

function pipelinesBlock(view: View, { funnel }: SalesFacts): HTMLElement {
  const { wording, format, choice } = view
  const { sales: words } = wording
  const rows = funnel.pipelines
    .map((_, place) => ({ place, outcomes: outcomesOf(funnel, choice, place) }))
    .filter(
      ({ place, outcomes }) =>
        outcomes.leads > 0 && (choice.pipeline === undefined || place === choice.pipeline),
    )
    .sort((a, b) => b.outcomes.leads - a.outcomes.leads)
  const most = Math.max(1, ...rows.map(({ outcomes }) => outcomes.leads))
  const all = outcomesOf(funnel, choice, choice.pipeline)
  return block(view, {
    id: 'pipelines',
    title: words.pipelines,
    obeys: ['period', 'pipeline'],
    content:
      rows.length === 0
        ? [nothing(words.none)]
        : [
            outcomeLegend(view),
            dataTable({
              caption: words.pipelines,
              columns: [
                { title: words.pipeline },
                { title: words.leads, isText: true },
                ...outcomeColumns(view),
              ],
              rows: rows.map(({ place, outcomes }) => [
                nameOf(pipelineName(view, place), wording.unnamed),
                barCell(
                  format.number(outcomes.leads),
                  kinds.map(kind => ({ share: outcomes[kind] / most, kind })),
                ),
                ...outcomeCells(view, outcomes),
              ]),
              ...(rows.length > 1
                ? { totals: [wording.total, format.number(all.leads), ...outcomeCells(view, all)] }
                : {}),
            }),
          ],
  })
}

function stagesBlock(view: View, { funnel }: SalesFacts, pipeline: number): HTMLElement {
  const { wording, format, choice } = view
  const { sales: words } = wording
  const stages = stagesOf(funnel, choice, pipeline)
  const all = outcomesOf(funnel, choice, pipeline).leads
  return block(view, {
    id: 'stages',
    title: words.stages(pipelineName(view, pipeline)),
    note: `${words.stagesNote}${choice.pipeline === undefined ? ` ${words.greatest}` : ''}`,
    obeys: ['period', 'pipeline'],
    content:
      all === 0
        ? [nothing(words.none)]
        : [
            dataTable({
              caption: words.stages(pipelineName(view, pipeline)),
              columns: [
                { title: words.stage },
                { title: words.reached, isText: true },
                { title: words.share },
                { title: words.standing },
                { title: words.price },
              ],
              rows: stages.map(({ name, kind, leads, price, reached, share }) => [
                nameOf(name, kind === 'open' ? words.open : words[kind]),
                reached === null
                  ? element('span', { class: 'bar-cell' }, bar([]), '—')
                  : barCell(format.number(reached), [
                      {
                        share: reached / all,
                        kind: kind === 'lost' ? 'lost' : kind === 'won' ? 'won' : 'accent',
                      },
                    ]),
                format.percent(share),
                format.number(leads),
                format.money(price),
              ]),
            }),
          ],
  })
}

function passageBlock(view: View, { funnel, stages }: SalesFacts, pipeline: number): HTMLElement | undefined {
  const { wording, format, choice } = view
  const { sales: words } = wording
  const passages = passagesOf(funnel, stages, choice, pipeline)
  if (passages.length === 0) return undefined
  const caption = `${words.passage}: ${pipelineName(view, pipeline)}`
  return block(view, {
    id: 'passage',
    title: caption,
    note: words.passageNote,
    obeys: ['period', 'pipeline'],
    content: [
      dataTable({
        caption,
        columns: [
          { title: words.stage },
          { title: words.entered },
          { title: words.movedOn },
          { title: words.won },
          { title: words.lost },
          { title: words.median },
        ],
        rows: passages.map(({ name, entered, movedOn, won, lost, medianDays }) => [
          nameOf(name, wording.unnamed),
          format.number(entered),
          format.number(movedOn),
          format.number(won),
          format.number(lost),
          format.decimal(medianDays, 2),
        ]),
      }),
    ],
  })
}
