import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvRecord } from './csv.js'

it.each([
  [['a', 1, true], 'a,1,true\r\n'],
  [[null, ''], ',""\r\n'],
  [['a,b', 'say "hi"', 'two\nlines'], '"a,b","say ""hi""","two\nlines"\r\n'],
  [[' padded'], '" padded"\r\n'],
  [[[1, 2]], '"[1,2]"\r\n'],
  [[12345678901234567890n], '12345678901234567890\r\n'],
])('%o', (values, record) => {
  expect(csvRecord(values)).toBe(record)
})

it('a record read back gives the same texts', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), texts => {
      expect(readRecord(csvRecord(texts))).toEqual(texts)
    }),
  )
})

/** Reads one record by the grammar of RFC 4180. */
function readRecord(record: string): string[] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n$)/gy
  return [...record.matchAll(field)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '')
}
