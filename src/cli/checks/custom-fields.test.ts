import { expect, it } from 'vitest'
import type { CustomField } from '../../config/config.js'
import { type FieldDefinition, findMappedFields } from './custom-fields.js'

const definitions: readonly FieldDefinition[] = [
  { owner: 'leads', id: 501, name: ' БИН ', code: undefined, type: 'text' },
  { owner: 'leads', id: 502, name: 'Канал', code: 'CHANNEL', type: 'select' },
  { owner: 'companies', id: 701, name: 'БИН', code: undefined, type: 'text' },
]

function found(bin: readonly CustomField[]): (number | undefined)[] {
  const mapping = { bin, source: [], industry: [], phone: [], email: [] }
  return findMappedFields(mapping, definitions)
    .filter(({ purpose }) => purpose === 'bin')
    .map(field => field.found?.id)
}

it.each([
  [['БИН'], [501, 701]],
  [['бин'], [501, 701]],
  [[502], [502, undefined]],
  [['channel'], [502, undefined]],
  [
    ['Канал', 'БИН'],
    [502, 701],
  ],
  [['501x'], [undefined, undefined]],
  [[], [undefined, undefined]],
])('%j finds, in leads and companies, %j', (wanted, ids) => {
  expect(found(wanted)).toEqual(ids)
})
