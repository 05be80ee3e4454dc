import { describe, expect, it } from 'vitest'
import { columnValues } from './thrift-values.js'

/** Eight bytes as the driver has them: within a larger buffer. */
function int64(value: bigint): { buffer: Uint8Array; offset: number } {
  const buffer = Buffer.alloc(11, 0xff)
  buffer.writeBigInt64BE(value, 3)
  return { buffer, offset: 3 }
}

describe('a column of the protocol', () => {
  it('has NULL where its bit is set, the lowest bit first', () => {
    const nulls = Buffer.from([0b0000_0101, 0b0000_0001])
    const values = Array.from({ length: 9 }, (_, at) => at)
    expect(columnValues({ i32Val: { values, nulls } })).toEqual([null, 1, null, 3, 4, 5, 6, 7, null])
  })

  it('has no NULL where the bits end early', () => {
    expect(columnValues({ stringVal: { values: ['', 'ИИН'], nulls: Buffer.alloc(0) } })).toEqual(['', 'ИИН'])
  })

  it('has whole numbers as numbers, and as text where a number would not be exact', () => {
    const values = [
      int64(-1n),
      int64(9_007_199_254_740_991n),
      int64(9_007_199_254_740_993n),
      int64(-(2n ** 63n)),
    ]
    expect(columnValues({ i64Val: { values } })).toEqual([
      -1,
      9_007_199_254_740_991,
      '9007199254740993',
      '-9223372036854775808',
    ])
  })

  it('has what is no number as text, as JSON cannot say it', () => {
    const values = [1.5, Number.NaN, Number.POSITIVE_INFINITY]
    expect(columnValues({ doubleVal: { values } })).toEqual([1.5, 'NaN', 'Infinity'])
  })

  it('has truth and bytes', () => {
    expect(columnValues({ boolVal: { values: [true, false] } })).toEqual([true, false])
    expect(columnValues({ binaryVal: { values: [Buffer.from([0, 255])] } })).toEqual(['00ff'])
  })

  it('is none where the server sends nothing', () => {
    expect(columnValues({})).toEqual([])
  })
})
