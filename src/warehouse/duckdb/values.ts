/** DuckDB's values as the plain values of warehouse/engine.ts. */
import type { DuckDBValue } from '@duckdb/node-api'
import type { Value } from '../engine.js'
import { isoFormatIn } from '../instant-text.js'
import {
  DuckDBArrayValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
} from './library.js'

/** Makes the converter of a session: instants come out as ISO 8601 with the offset of `timeZone`. */
export function plainValueIn(timeZone: string): (value: DuckDBValue) => Value {
  const format = isoFormatIn(timeZone)
  const plain = (value: DuckDBValue): Value => {
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
    if (typeof value === 'bigint')
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
    if (value instanceof DuckDBTimestampTZValue)
      return hasCalendarForm(value) ? format(value.micros) : value.toString()
    if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(plain)
    if (value instanceof DuckDBStructValue) {
      return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, plain(entry)]))
    }
    if (
      value instanceof DuckDBDecimalValue ||
      value instanceof DuckDBDateValue ||
      value instanceof DuckDBTimeValue ||
      value instanceof DuckDBTimestampValue
    ) {
      return value.toString()
    }
    return String(value)
  }
  return plain
}

/** Infinite timestamps have no calendar form. */
function hasCalendarForm(value: DuckDBTimestampTZValue): boolean {
  const milliseconds = Number(value.micros / 1000n)
  return Math.abs(milliseconds) <= 8.64e15
}
