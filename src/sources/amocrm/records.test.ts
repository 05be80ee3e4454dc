import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../json.js'
import { type EntityName, entityNamed, entityNames } from './entities.js'
import { contentColumns, judgeRecord } from './records.js'

const meeting = { list: { path: '/x' }, position: 3, receivedAt: Date.parse('2025-01-31T02:15:00Z') }
const judge = (entity: EntityName, record: JsonValue) => judgeRecord(entityNamed(entity), record, meeting)
const rowOf = (entity: EntityName, record: JsonValue): JsonObject => {
  const judged = judge(entity, record)
  return judged.kind === 'row' ? judged.row : { rejected: judged.reject.rule }
}
const ruleOf = (entity: EntityName, record: JsonValue) => rowOf(entity, record).rejected

describe('a record that does not fit becomes a reject', () => {
  test.each<[string, JsonValue]>([
    ['not_an_object', null],
    ['not_an_object', [1]],
    ['not_an_object', 'lead'],
    ['id_missing', {}],
    ['id_missing', { id: null }],
    ['id_missing', { id: '12' }],
    ['id_missing', { id: 1.5 }],
    ['id_out_of_range', { id: 2 ** 31 }],
    ['number_out_of_range', { id: 1, status_id: 2 ** 31 }],
    ['number_out_of_range', { id: 1, price: 2 ** 53 }],
    ['wrong_type', { id: 1, price: '5' }],
    ['wrong_type', { id: 1, price: 0.5 }],
    ['wrong_type', { id: 1, name: { first: 'x' } }],
    ['wrong_type', { id: 1, is_deleted: 0 }],
  ])('by the rule %s: %j', (rule, record) => {
    expect(ruleOf('leads', record)).toBe(rule)
  })

  test('and the edges of the ranges fit', () => {
    expect(rowOf('leads', { id: 2 ** 31 - 1, price: -(2 ** 53) + 1, score: -(2 ** 31) })).toMatchObject({
      id: 2 ** 31 - 1,
      price: -(2 ** 53) + 1,
    })
  })

  test('with its place, its shape and nothing that a person wrote', () => {
    const record = {
      id: 2 ** 40,
      updated_at: 1_706_832_000,
      name: 'Асель',
      custom_fields_values: [{ field_code: 'PHONE', values: [{ value: '+77001234567' }] }],
      '650727300949': 650727300949,
    }
    expect(judge('contacts', record)).toEqual({
      kind: 'reject',
      reject: {
        rule: 'id_out_of_range',
        detail: 'id does not fit into int',
        position: 3,
        record: JSON.stringify({
          id: 2 ** 40,
          updated_at: 1_706_832_000,
          name: '***',
          custom_fields_values: [{ field_code: 'PHONE', values: [{ value: '***' }] }],
          '***': '***',
        }),
      },
    })
  })
})

test('an event needs its text id', () => {
  expect(ruleOf('events', { id: '' })).toBe('id_missing')
  expect(ruleOf('events', { id: 5 })).toBe('id_missing')
  expect(rowOf('events', { id: '01e', type: 'lead_added', value_after: [] })).toMatchObject({
    value_after: '[]',
  })
})

test.each<[JsonValue, JsonValue]>([
  [[], null],
  [{ text: 'Готово' }, 'Готово'],
  [{ text: '' }, ''],
  [null, null],
])("a task's result %j is the text %j", (result, text) => {
  expect(rowOf('tasks', { id: 1, result })).toMatchObject({ result_text: text })
})

test('the rights of a user say whether he is an administrator and active', () => {
  const user = {
    id: 1,
    name: 'Ержан',
    rights: { is_admin: true, is_active: false, group_id: 5, role_id: null },
  }
  expect(rowOf('users', user)).toMatchObject({
    is_admin: true,
    is_active: false,
    group_id: 5,
    role_id: null,
    rights_json: JSON.stringify(user.rights),
  })
})

test('empty lists stay, missing ones are NULL', () => {
  const lead = { id: 1, custom_fields_values: null, _embedded: { tags: [] } }
  expect(rowOf('leads', lead)).toMatchObject({
    custom_fields_values: null,
    tags_json: '[]',
    contacts_json: null,
  })
})

test('JSON columns hold no lone surrogates', () => {
  const lead = { id: 1, custom_fields_values: [{ values: [{ value: '\ud800' }] }] }
  expect(rowOf('leads', lead).custom_fields_values).toBe('[{"values":[{"value":"\ufffd"}]}]')
})

describe('the hash of a row', () => {
  const hash = (record: JsonValue, receivedAt = 0) => {
    const judged = judgeRecord(entityNamed('leads'), record, { ...meeting, receivedAt })
    return judged.kind === 'row' ? judged.row.row_hash : undefined
  }

  test('is the same whenever the same content comes', () => {
    expect(hash({ id: 1, name: 'a' }, 5)).toBe(hash({ name: 'a', id: 1, price: null, unknown: 7 }, 9))
  })

  test('is another when anything of it changes', () => {
    const hashes = [{}, { name: 'a' }, { name: 'b' }, { price: 0 }, { is_deleted: false }].map(more =>
      hash({ id: 1, ...more }),
    )
    expect(new Set(hashes).size).toBe(hashes.length)
  })
})

test('whatever comes, it is a row of the table or a masked reject', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...entityNames),
      fc.oneof(
        fc.jsonValue(),
        fc.record({ id: fc.integer(), name: fc.jsonValue(), _embedded: fc.jsonValue() }),
      ),
      (entity, value) => {
        const record: JsonValue = JSON.parse(JSON.stringify(value))
        const judged = judge(entity, record)
        if (judged.kind === 'reject') return void JSON.parse(judged.reject.record)
        const columns = contentColumns(entityNamed(entity).table).map(column => column.name)
        expect(Object.keys(judged.row)).toEqual([...columns, 'row_source', 'observed_at', 'row_hash'])
      },
    ),
  )
})

test('every column of every table is one that records are checked against', () => {
  for (const entity of entityNames) {
    const { table, fields } = entityNamed(entity)
    const columns = contentColumns(table)
    for (const column of columns) expect(['int', 'bigint', 'string', 'boolean']).toContain(column.type)
    // A field that feeds no column would be read for nothing.
    for (const name of Object.keys(fields)) expect(columns.map(column => column.name)).toContain(name)
  }
})
