import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inChunks } from '../test/chunks.js'
import { type AnswerBody, beginningOf, bodyChunks, receiveBody } from './answer-body.js'

async function bytesOf(body: AnswerBody): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of bodyChunks(body)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test('a body is the same bytes, held or packed, as often as it is read', async () => {
  const bodies = fc.uint8Array({ minLength: 0, maxLength: 400 }).map(bytes => Buffer.from(bytes))
  await fc.assert(
    fc.asyncProperty(bodies, fc.array(fc.nat(100)), fc.nat(400), async (bytes, lengths, packAbove) => {
      const body = await receiveBody(inChunks(bytes, lengths), packAbove)
      expect(Buffer.isBuffer(body)).toBe(bytes.length <= packAbove)
      expect(await bytesOf(body)).toEqual(bytes)
      expect(await bytesOf(body)).toEqual(bytes)
      expect(beginningOf(body)).toEqual(bytes.subarray(0, 100))
    }),
  )
})

test('a packed body is one gzip member, with the hash of what was received', async () => {
  const bytes = Buffer.alloc(3 << 20, 'Әлия 09:15:23 ')
  const body = await receiveBody(inChunks(bytes, [1, 1 << 20]), 1 << 20)
  if (Buffer.isBuffer(body)) throw new Error('held')
  const member = Buffer.concat(body.member)
  expect(gunzipSync(member).equals(bytes)).toBe(true)
  expect(member.length).toBeLessThan(bytes.length / 10)
  expect(body.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
})

test.each([0, 1 << 20])(
  'a connection that breaks is no shorter body (packed above %i bytes)',
  async packAbove => {
    async function* breaking(): AsyncGenerator<Buffer, void, undefined> {
      yield Buffer.from('{"data":')
      throw new Error('reset')
    }
    await expect(receiveBody(breaking(), packAbove)).rejects.toThrow('reset')
  },
)
