import type { ColumnType } from './table.js'

/** Fields of a source's records that a Bronze table has columns for, with the columns' types. */
export type ExpectedFields = ReadonlyMap<string, ColumnType>
