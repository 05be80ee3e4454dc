import { expect, test } from 'vitest'
import { maskedRecord } from './masked-record.js'

const kept = new Set(['id', 'type'])

test('shows shape, flags and technical values, and hides what a person wrote', () => {
  const record = { id: 5, type: 'text', name: 'Асель', price: 7, done: true, none: null, list: [1, 'x'] }
  expect(maskedRecord(record, kept)).toBe(
    '{"id":5,"type":"text","name":"***","price":"***","done":true,"none":null,"list":["***","***"]}',
  )
})

test('hides what could be a number of a person, or a long text, even under a technical key', () => {
  expect(maskedRecord({ id: '650727300949', type: 'x'.repeat(50) }, kept)).toBe('{"id":"***","type":"***"}')
  expect(maskedRecord({ '650727300949': { id: 1 } }, kept)).toBe('{"***":{"id":1}}')
})
