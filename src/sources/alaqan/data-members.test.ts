import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inChunks } from '../../../test/chunks.js'
import { isJsonObject, type JsonValue } from '../../json.js'
import { UnusableBodyError } from '../http/unusable-body.js'
import { dataMembers, type JsonMember } from './data-members.js'

async function membersIn(text: string, cuts: readonly number[] = []): Promise<readonly JsonMember[]> {
  const found: JsonMember[] = []
  for await (const members of dataMembers(inChunks(Buffer.from(text), cuts))) found.push(...members)
  return found
}

test('a key that comes twice is there twice', async () => {
  const text =
    '\ufeff { "x":{"data":{"no":1}}, "d\\u0061ta" : { "a" : [1] , "b":"}\\"{", "a":{"x":[{}]} }, "y":[] } '
  expect(await membersIn(text)).toEqual([
    ['a', [1]],
    ['b', '}"{'],
    ['a', { x: [{}] }],
  ])
})

test.each<[string, string]>([
  ['', 'no whole JSON'],
  ['{"data":{"a":[1]}', 'no whole JSON'],
  ['{"data":{"a":[1]}}}', 'no whole JSON'],
  ['{"data":{"a":[1],}}', 'no whole JSON'],
  ['{"data":{,}}', 'no whole JSON'],
  ['{"data":{\u00a0}}', 'no whole JSON'],
  ['{"data":{5}}', 'no whole JSON'],
  ['{"data":{5:1}}', 'no whole JSON'],
  ['{"data":{"a":[1}]}', 'no whole JSON'],
  ['{"data":{"a":1 "b":2}}', 'no whole JSON'],
  ['{"data":{"a":[1]]}', 'no whole JSON'],
  ['{"data" {"a":[1]}}', 'no whole JSON'],
  ['["data",{"a":[1]}]', 'JSON that is not an object'],
  ['{"error":"db"}', 'an object without data'],
  ['{"x":"data","y":{"a":[1]}}', 'an object without data'],
  ['{"data":[[]]}', 'data that is a list of something'],
  ['{"data":null}', 'data that is neither an object nor an empty list'],
  ['{"data":{"a":[1]},"data":{"b":[2]}}', 'an object that has data twice'],
  ['{"data":[],"data":{"b":[2]}}', 'an object that has data twice'],
])('%s is %s', async (text, problem) => {
  await expect(membersIn(text)).rejects.toEqual(new UnusableBodyError(problem))
})

test('an answer that is large beside its data is not gathered in memory', async () => {
  await expect(membersIn(`{"data":[${'1,'.repeat(3 << 20)}1]}`, [1 << 20, 4 << 20])).rejects.toThrow(
    'more than data',
  )
})

const wholes = fc
  .tuple(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.jsonValue(), fc.boolean())
  .map(([data, more, isSpaced]) => JSON.stringify({ more, data }, undefined, isSpaced ? 2 : undefined))

test('finds what JSON.parse finds, wherever the text is cut into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(wholes, fc.array(fc.nat(30)), async (text, cuts) => {
      expect(await membersIn(text, cuts)).toEqual(Object.entries(dataIn(text) ?? {}))
    }),
  )
})

test('takes a damaged text for whole exactly where JSON.parse does', async () => {
  const damages = fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...'{}[]",:\\ 1aд'.split(''), ''))
  await fc.assert(
    fc.asyncProperty(wholes, damages, async (text, [place, removed, added]) => {
      const at = place % (text.length + 1)
      // A surrogate that is cut in two is no longer the same text in UTF-8.
      const damaged = `${text.slice(0, at)}${added}${text.slice(at + removed)}`.toWellFormed()
      const data = dataIn(damaged)
      const found = await membersIn(damaged).catch(error => {
        expect(error).toBeInstanceOf(UnusableBodyError)
        return undefined
      })
      expect(found && Object.fromEntries(found)).toEqual(data)
    }),
    { numRuns: 2000 },
  )
})

/** The usable data of an answer by `JSON.parse`. */
function dataIn(text: string): object | undefined {
  try {
    const answer: JsonValue = JSON.parse(text)
    const data = isJsonObject(answer) ? answer.data : undefined
    if (Array.isArray(data)) return data.length === 0 ? {} : undefined
    return isJsonObject(data) ? data : undefined
  } catch {
    return undefined
  }
}
