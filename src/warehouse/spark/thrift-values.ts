/** What columns of HiveServer2's protocol hold, as plain values: pure. */

/** Whole numbers as numbers (as text beyond 2^53); decimals, dates, timestamps and everything nested as text. */
export type PlainValue = string | number | boolean | null

/** One of these is filled. */
export interface ColumnBytes {
  readonly boolVal?: Filled<boolean> | null
  readonly byteVal?: Filled<unknown> | null
  readonly i16Val?: Filled<number> | null
  readonly i32Val?: Filled<number> | null
  readonly i64Val?: Filled<unknown> | null
  readonly doubleVal?: Filled<number> | null
  readonly stringVal?: Filled<string> | null
  readonly binaryVal?: Filled<Uint8Array> | null
}

interface Filled<T> {
  readonly values: readonly T[]
  /** A bit a row, the lowest first; may end early. */
  readonly nulls?: Uint8Array | string | null
}

export function columnValues(column: ColumnBytes): readonly PlainValue[] {
  if (column.boolVal) return withNulls(column.boolVal, value => value)
  if (column.byteVal) return withNulls(column.byteVal, Number)
  if (column.i16Val) return withNulls(column.i16Val, Number)
  if (column.i32Val) return withNulls(column.i32Val, Number)
  if (column.i64Val) return withNulls(column.i64Val, wholeNumber)
  if (column.doubleVal) {
    return withNulls(column.doubleVal, value => (Number.isFinite(value) ? value : String(value)))
  }
  if (column.stringVal) return withNulls(column.stringVal, value => value)
  if (column.binaryVal) return withNulls(column.binaryVal, value => Buffer.from(value).toString('hex'))
  return []
}

function withNulls<T>({ values, nulls }: Filled<T>, plain: (value: T) => PlainValue): readonly PlainValue[] {
  const bits = typeof nulls === 'string' ? Buffer.from(nulls, 'latin1') : (nulls ?? new Uint8Array())
  return values.map((value, at) => ((bits[at >> 3] ?? 0) & (1 << (at & 7)) ? null : plain(value)))
}

/** Eight bytes, the highest first, as the driver keeps them: node-int64's `buffer` and `offset`. */
function wholeNumber(bytes: unknown): number | string {
  const { buffer, offset } = bytes as { buffer: unknown; offset: unknown }
  if (!(buffer instanceof Uint8Array))
    throw new Error('The driver keeps whole numbers otherwise than it did.')
  const value = Buffer.from(buffer.buffer, buffer.byteOffset).readBigInt64BE(Number(offset))
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
}
