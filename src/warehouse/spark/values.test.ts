import { describe, expect, it } from 'vitest'
import { isAmbiguous, readableQuery } from './values.js'

const described = [
  { name: 'at', type: 'timestamp' },
  { name: 'ids', type: 'array<int>' },
  { name: 'price', type: 'decimal(20,2)' },
  { name: 'price', type: 'timestamp_ntz' },
]

describe('a query that can be read back', () => {
  const { sql, plain } = readableQuery('select 1', described, 'Asia/Almaty')

  it('asks for instants as numbers and for lists as JSON, whatever the names of the columns', () => {
    expect(sql.replaceAll(/\s+/g, ' ')).toBe(
      'select unix_micros("column_0") as column_0, ' +
        `to_json("column_1", map('ignoreNullFields', 'false')) as column_1, ` +
        '"column_2" as column_2, "column_3" as column_3 ' +
        'from (select 1 ) as result(column_0, column_1, column_2, column_3)',
    )
  })

  it('has instants with the offset of their day, also in the hour that repeats', () => {
    const at = (iso: string) => plain([Date.parse(iso) * 1000, null, null, null])[0]
    expect(at('2024-02-29T17:30:00Z')).toBe('2024-02-29T23:30:00+06:00')
    expect(at('2024-02-29T18:30:00Z')).toBe('2024-02-29T23:30:00+05:00')
    expect(plain([1_706_745_600_123_456, null, null, null])[0]).toBe('2024-02-01T06:00:00.123456+06:00')
  })

  it('has lists as lists, with texts that would break a list of their own', () => {
    expect(plain([null, '["a\\"b",null,"c,d]"]', '0.10', '2024-01-01 00:00:00'])).toEqual([
      null,
      ['a"b', null, 'c,d]'],
      '0.10',
      '2024-01-01 00:00:00',
    ])
  })
})

describe('a type', () => {
  it('has to be asked about where the protocol does not tell it whole', () => {
    const ambiguous = ['timestamp', 'array', 'int', 'string', 'decimal'].filter(type =>
      isAmbiguous({ name: 'x', type }),
    )
    expect(ambiguous).toEqual(['timestamp', 'array'])
  })
})
