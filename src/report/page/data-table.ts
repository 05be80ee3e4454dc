/** Tables: those behind the charts, and those with a bar in a column, which are charts themselves. */
import { type Child, element } from './elements.js'

export interface TableColumn {
  readonly title: string
  /** Text is aligned to the start, numbers to the end. */
  readonly isText?: boolean
}

export interface TableParts {
  /** What it is a table of: its caption. */
  readonly caption: string
  readonly columns: readonly TableColumn[]
  /** The first cell is the row's name. */
  readonly rows: readonly (readonly Child[])[]
  readonly totals?: readonly Child[]
}

export function dataTable({ caption, columns, rows, totals }: TableParts): HTMLElement {
  const row = (cells: readonly Child[], kind: 'body' | 'total') =>
    element(
      'tr',
      kind === 'total' ? { class: 'total' } : {},
      ...cells.map((cell, index) =>
        index === 0
          ? element('th', { scope: 'row' }, cell)
          : element('td', columns[index]?.isText ? {} : { class: 'number' }, cell),
      ),
    )
  const table = element(
    'table',
    {},
    element('caption', { class: 'spoken' }, caption),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...columns.map(({ title, isText }, index) =>
          element('th', { scope: 'col', class: index === 0 || isText ? undefined : 'number' }, title),
        ),
      ),
    ),
    element('tbody', {}, ...rows.map(cells => row(cells, 'body'))),
    totals ? element('tfoot', {}, row(totals, 'total')) : undefined,
  )
  // A wide table scrolls by itself, also by keyboard; the page never does sideways.
  return element('div', { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': caption }, table)
}

/** A longer table is printed only where somebody has unfolded it: a year of days would take ten sheets. */
const rowsOnPaper = 62

/** A table that is folded away until it is asked for, or printed. */
export function foldedTable(id: string, summary: string, parts: TableParts): HTMLElement {
  return element(
    'details',
    { id: `${id}-table`, 'data-long': parts.rows.length > rowsOnPaper },
    element('summary', {}, summary, element('span', { class: 'spoken' }, `: ${parts.caption}`)),
    dataTable(parts),
  )
}

/** So many rows of a list that can be long are shown before it is unfolded. */
const shownRows = 10

/** A table whose rows come in order of greatness: the first ones, and the rest folded away. The totals are of all. */
export function ranking(
  id: string,
  more: (count: number) => string,
  parts: TableParts,
): readonly HTMLElement[] {
  const { rows } = parts
  // One or two more are no reason to fold.
  if (rows.length <= shownRows + 2) return [dataTable(parts)]
  const { caption, columns } = parts
  const summary = more(rows.length - shownRows)
  return [
    dataTable({ ...parts, rows: rows.slice(0, shownRows) }),
    foldedTable(id, summary, {
      caption: `${caption}: ${summary}`,
      columns,
      rows: rows.slice(shownRows),
    }),
  ]
}

export interface BarPart {
  readonly share: number
  readonly kind: 'accent' | 'won' | 'open' | 'lost' | 'other'
}

/** A number with a bar before it. @param parts shares of the whole width, 0 to 1 */
export function barCell(text: string, parts: readonly BarPart[]): HTMLElement {
  return element('span', { class: 'bar-cell' }, bar(parts), element('span', {}, text))
}

/** @param parts shares of the whole width, 0 to 1 */
export function bar(parts: readonly BarPart[]): HTMLElement {
  return element(
    'span',
    { class: 'bar', 'aria-hidden': 'true' },
    ...parts.map(({ share, kind }) => {
      const filled = element('span', { class: `bar-part ${kind}` })
      filled.style.inlineSize = `${Math.max(0, Math.min(1, share)) * 100}%`
      return filled
    }),
  )
}
