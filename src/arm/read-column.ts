/** How a column of others is read: as SQL that calls the functions of the models. */
import { identifier } from '../warehouse/sql-text.js'
import type { ExternalColumn, ExternalTable } from './external-table.js'

/** What stands there as a text without space around it; NULL where there is none. */
export function asText({ name, type }: ExternalColumn): string {
  const value = identifier(name)
  return `nullif(trim(${isFloating(type) ? `whole_number_text(${value})` : `cast(${value} as varchar)`}), '')`
}

/** ИИН or БИН, twelve digits; NULL where it is none. A numeric column and a CSV may have lost leading zeros. */
export function asNumber(column: ExternalColumn, { table }: ExternalTable): string {
  const mayLackZeros = table.kind === 'csv' || isNumeric(column.type)
  return `padded_number(${asText(column)}, ${mayLackZeros})`
}

/** A day; NULL where it is none. */
export function asDay({ name, type }: ExternalColumn, end: 'first' | 'last' = 'first'): string {
  if (type === 'DATE' || /^TIMESTAMP(_S|_MS|_NS)?$/.test(type)) return `cast(${identifier(name)} as date)`
  if (type === 'TIMESTAMP WITH TIME ZONE') return `local_date(${identifier(name)})`
  const text = asText({ name, type })
  return end === 'first' ? `day_named(${text})` : `last_day_named(${text})`
}

/** A decimal number with two places; NULL where it is none. */
export function asAmount({ name, type }: ExternalColumn): string {
  return isNumeric(type) ? `amount_of_number(${identifier(name)})` : `amount_named(${asText({ name, type })})`
}

function isFloating(type: string): boolean {
  return /^(DOUBLE|FLOAT|DECIMAL)/.test(type)
}

function isNumeric(type: string): boolean {
  return isFloating(type) || /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)
}
