import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonMembers } from './json-members.js'

test('a key that comes twice is there twice', () => {
  expect(jsonMembers('\ufeff { "a" : [1] , "b":"}\\"{", "a":{"x":[{}]} } ')).toEqual([
    ['a', [1]],
    ['b', '}"{'],
    ['a', { x: [{}] }],
  ])
})

test.each(['[]', '1', '"{}"', 'null'])('%s is no object', text => {
  expect(jsonMembers(text)).toBeUndefined()
})

test('finds in every object what JSON.parse finds', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
      fc.boolean(),
      (object, isSpaced) => {
        const text = JSON.stringify(object, undefined, isSpaced ? 2 : undefined)
        expect(jsonMembers(text)).toEqual(Object.entries<unknown>(JSON.parse(text)))
      },
    ),
  )
})
