import stringWidth from 'string-width'
import { visible } from './visible.js'

export interface TableColumn {
  readonly name: string
  /** Numbers stand at the right, so that their digits are beneath each other. */
  readonly align?: 'left' | 'right'
}

export interface TableOptions {
  /** A wider cell is cut, with `…` at its end; columns of a terminal. */
  readonly widestCell?: number
}

/** How a missing value is shown: unlike an empty text, and unlike the text `NULL` in a file. */
export const nullText = 'NULL'

const cells = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * Rows as an aligned table: a heading, a rule, a line a row. Widths are what a terminal shows (Cyrillic 1, an emoji
 * 2, an accent 0); control characters are escaped. A column without `align` stands right if all its values are
 * numbers.
 */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly unknown[])[],
  { widestCell = 60 }: TableOptions = {},
): string {
  const shown = rows.map(row => columns.map((_, index) => cut(cellText(row[index]), widestCell)))
  const heads = columns.map(column => cut(visible(column.name), widestCell))
  const widths = heads.map((head, index) =>
    shown.reduce((widest, row) => Math.max(widest, stringWidth(row[index] ?? '')), stringWidth(head)),
  )
  const isRight = columns.map(({ align }, index) => (align ? align === 'right' : holdsNumbers(rows, index)))
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => pad(text, widths[index] ?? 0, isRight[index] === true))
      .join('  ')
      .trimEnd()
  return [line(heads), widths.map(width => '─'.repeat(width)).join('  '), ...shown.map(line)]
    .map(text => `${text}\n`)
    .join('')
}

/** A value as text: days and instants as ISO 8601, lists and structures as JSON. */
export function cellText(value: unknown): string {
  return visible(plainText(value) ?? nullText)
}

/** The text of a value as it goes into a file; undefined for a missing one. */
export function plainText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'object':
      if (value === null) return undefined
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString()
      return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part))
    default:
      return undefined
  }
}

function holdsNumbers(rows: readonly (readonly unknown[])[], index: number): boolean {
  const values = rows.map(row => row[index]).filter(value => value !== null && value !== undefined)
  return values.length > 0 && values.every(value => typeof value === 'number' || typeof value === 'bigint')
}

function pad(text: string, width: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return isRight ? space + text : text + space
}

function cut(text: string, widest: number): string {
  if (stringWidth(text) <= widest) return text
  let shown = ''
  let width = 0
  for (const { segment } of cells.segment(text)) {
    width += stringWidth(segment)
    if (width > widest - 1) break
    shown += segment
  }
  return `${shown}…`
}
