import { describe, expect, it } from 'vitest'
import { allTables } from '../../tables/catalogue.js'
import { silverAlaqanVisits } from '../../tables/silver.js'
import { qualifiedName, type Table } from '../../tables/table.js'
import { refuseOtherFields, tableRequest } from './table-request.js'

const table = {
  schema: 'silver',
  name: 'small',
  comment: { ru: 'Малая', en: 'Small' },
  key: ['id'],
  partitionBy: ['day', 'year'],
  columns: [
    { name: 'id', type: 'int', comment: { ru: 'номер', en: 'id' }, isExtra: false },
    { name: 'ids', type: 'array<int>', comment: { ru: 'номера', en: 'ids' }, isExtra: false },
    { name: 'day', type: 'date', comment: { ru: 'день', en: 'day' }, isExtra: false },
    { name: 'at', type: 'time', comment: { ru: 'время', en: 'time' }, isExtra: false },
    { name: 'sum', type: 'decimal(20,2)', comment: { ru: 'сумма', en: 'sum' }, isExtra: false },
    { name: 'year', type: 'int', comment: { ru: 'год', en: 'year' }, isExtra: false },
  ],
} as const satisfies Table

describe('the request for a table', () => {
  it('numbers columns, then elements of lists, and parts by the month of a day', () => {
    const { schema, 'partition-spec': spec, properties } = tableRequest(table, 'string')
    expect(schema.fields.map(({ id, name, type }) => [id, name, type])).toEqual([
      [1, 'id', 'int'],
      [2, 'ids', { type: 'list', 'element-id': 7, element: 'int', 'element-required': false }],
      [3, 'day', 'date'],
      [4, 'at', 'string'],
      [5, 'sum', 'decimal(20, 2)'],
      [6, 'year', 'int'],
    ])
    expect(spec.fields).toEqual([
      { 'source-id': 3, 'field-id': 1000, name: 'day_month', transform: 'month' },
      { 'source-id': 6, 'field-id': 1001, name: 'year', transform: 'identity' },
    ])
    expect(properties).toMatchObject({ 'format-version': '2', comment: 'Малая — Small' })
    expect(schema.fields[0]?.doc).toBe('номер — id')
  })

  it('has a time of day as such where the configuration asks for it', () => {
    expect(tableRequest(table, 'time').schema.fields[3]?.type).toBe('time')
  })

  it.each(allTables.map(each => [qualifiedName(each), each] as const))(
    'of %s is what the table then has to look like',
    (_, each) => {
      for (const timeAs of ['time', 'string'] as const) {
        expect(() => refuseOtherFields(each, tableRequest(each, timeAs).schema.fields, timeAs)).not.toThrow()
      }
    },
  )
})

describe('a table of the catalog', () => {
  const found = tableRequest(table, 'string').schema.fields

  it('may have columns that others have added, and columns in another order', () => {
    const more = [{ name: 'added', type: 'uuid' }, ...found.toReversed()]
    expect(() => refuseOtherFields(table, more, 'string')).not.toThrow()
  })

  it('is refused where a column was dropped, or is of another type', () => {
    const changed = found
      .filter(({ name }) => name !== 'sum')
      .map(column => (column.name === 'id' ? { ...column, type: 'long' } : column))
    expect(() => refuseOtherFields(table, changed, 'string')).toThrow(
      'silver.small has other columns than this version writes: id is long instead of int; sum is missing (decimal(20,2)).',
    )
  })

  it('is refused with the setting to change where it was made with another type for the time of day', () => {
    const made = tableRequest(silverAlaqanVisits, 'time').schema.fields
    expect(() => refuseOtherFields(silverAlaqanVisits, made, 'string')).toThrow(
      /event_time is time instead of string/,
    )
  })
})
