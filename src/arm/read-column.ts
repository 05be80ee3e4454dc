/** How a column of others is read: as SQL that calls the functions of the models. */
import { identifier } from '../warehouse/sql-text.js'
import type { ExternalColumn, ExternalTable } from './external-table.js'

/** What stands there as a text without space around it; NULL where there is none. */
export function asText({ name, kind }: ExternalColumn): string {
  const value = identifier(name)
  return `empty_to_null(trimmed(${kind === 'number' ? `whole_number_text(${value})` : `cast(${value} as string)`}))`
}

/** ИИН or БИН, twelve digits; NULL where it is none. A numeric column and a CSV may have lost leading zeros. */
export function asNumber(column: ExternalColumn, { table }: ExternalTable): string {
  const mayLackZeros = table.kind === 'csv' || isNumeric(column)
  return `padded_number(${asText(column)}, ${mayLackZeros})`
}

/** A day; NULL where it is none. */
export function asDay(column: ExternalColumn, end: 'first' | 'last' = 'first'): string {
  const { name, kind } = column
  if (kind === 'day' || kind === 'wall clock') return `cast(${identifier(name)} as date)`
  if (kind === 'instant') return `local_date(${identifier(name)})`
  const text = asText(column)
  return end === 'first' ? `day_named(${text})` : `last_day_named(${text})`
}

/** A decimal number with two places; NULL where it is none. */
export function asAmount(column: ExternalColumn): string {
  return isNumeric(column)
    ? `amount_of_number(${identifier(column.name)})`
    : `amount_named(${asText(column)})`
}

function isNumeric({ kind }: ExternalColumn): boolean {
  return kind === 'number' || kind === 'whole number'
}
