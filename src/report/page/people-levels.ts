/** The colours of numbers of people, and what they mean. */
import { type LegendItem, legend } from './chart.js'
import type { View } from './view.js'

const colours = 5

export interface Levels {
  /** A colour of report.css: 0 is nobody, 5 the most. */
  of(people: number): number
  /** For each colour in use the numbers that it stands for, both included. */
  readonly ranges: readonly { readonly from: number; readonly to: number; readonly level: number }[]
}

/** Colours in equal steps up to the greatest number: for what has a peak. */
export function evenLevels(numbers: readonly number[]): Levels {
  const most = Math.max(0, ...numbers)
  return levelsUpTo(Array.from({ length: colours }, (_, index) => Math.ceil(((index + 1) * most) / colours)))
}

/** As many of the numbers have each colour: in equal steps, weekends would leave all working days alike. */
export function sharedLevels(numbers: readonly number[]): Levels {
  const known = numbers.filter(number => number > 0).sort((a, b) => a - b)
  return levelsUpTo(
    Array.from(
      { length: colours },
      (_, index) => known[Math.ceil(((index + 1) * known.length) / colours) - 1] ?? 0,
    ),
  )
}

/** @param bounds the greatest number of each colour, ascending */
function levelsUpTo(bounds: readonly number[]): Levels {
  const distinct = [...new Set(bounds)].filter(bound => bound > 0)
  const ranges = distinct.map((to, index) => ({
    from: (distinct[index - 1] ?? 0) + 1,
    to,
    level: Math.ceil(((index + 1) * colours) / distinct.length),
  }))
  return {
    of: people => (people === 0 ? 0 : (ranges.find(({ to }) => people <= to)?.level ?? colours)),
    ranges,
  }
}

/** @param more what else has a colour */
export function levelLegend(
  { wording, format }: View,
  { ranges }: Levels,
  more: readonly LegendItem[] = [],
): HTMLElement {
  return legend([
    { text: wording.attendance.nobody, swatch: 'level-0' },
    ...ranges.map(({ from, to, level }) => ({
      text: from === to ? format.number(from) : `${format.number(from)}–${format.number(to)}`,
      swatch: `level-${level}`,
    })),
    ...more,
  ])
}
