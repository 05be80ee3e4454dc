/**
 * DuckDB's library, required and not imported: it is CommonJS, and before Node imports such a module it reads through all of its
 * text for the names that it exports, which takes longer than to run it.
 */
import { createRequire } from 'node:module'
import type * as Library from '@duckdb/node-api'

const library: typeof Library = createRequire(import.meta.url)('@duckdb/node-api')

export const {
  DuckDBArrayValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
} = library

export type DuckDBInstance = Library.DuckDBInstance
export type DuckDBTimestampTZValue = Library.DuckDBTimestampTZValue
