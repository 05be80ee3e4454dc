/** Bars by month. */
import * as Plot from '@observablehq/plot'
import type { Month } from '../report-data.js'
import { monthList } from '../totals.js'
import { chart, everyFew } from './chart.js'
import type { View } from './view.js'

export interface MonthBar {
  readonly month: Month
  readonly value: number
  /** The name of the part, where bars are stacked. */
  readonly part: string
  /** A colour of report.css. */
  readonly colour: string
  readonly title: string
}

/** @param label what a screen reader says instead of it */
export function monthBars(view: View, label: string, bars: readonly MonthBar[]): HTMLElement {
  const { choice, format } = view
  const months = monthList(choice)
  return chart(label, width => ({
    width,
    height: 220,
    marginLeft: 52,
    marginRight: 8,
    marginTop: 16,
    marginBottom: 28,
    x: { type: 'band', domain: [...months], padding: months.length > 40 ? 0.1 : 0.25 },
    y: { zero: true, nice: true },
    color: { type: 'identity' },
    marks: [
      Plot.gridY({ ticks: 4, stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.axisY({ ticks: 4, tickSize: 0, label: null, tickFormat: format.short }),
      Plot.axisX({
        tickSize: 0,
        label: null,
        tickFormat: format.shortMonth,
        ticks: [...everyFew(months, width - 60, 72)],
      }),
      Plot.barY([...bars], {
        x: 'month',
        y: 'value',
        z: 'part',
        fill: 'colour',
        title: 'title',
        insetTop: 0.5,
        insetBottom: 0.5,
        rx: 1,
      }),
      Plot.ruleY([0], { stroke: 'var(--axis)' }),
    ],
  }))
}
