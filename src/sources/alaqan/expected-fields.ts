import type { ExpectedFields } from '../../tables/expected-fields.js'

/** The fields of an event that its table is made of; any other type of JSON is kept as text. */
export const expectedFields: ExpectedFields = new Map([
  ['event', 'string'],
  ['time', 'string'],
])
