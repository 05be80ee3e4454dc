import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonText, wellFormed } from './json-text.js'

test('text with lone surrogates becomes well-formed, in keys too', () => {
  expect(wellFormed({ 'a\ud800': ['b\udc00', 1, null] })).toEqual({ 'a\ufffd': ['b\ufffd', 1, null] })
  expect(jsonText(['\ud83d'])).toBe('["\ufffd"]')
})

test('emoji, quotes, newlines and right-to-left text stay as they are', () => {
  expect(JSON.parse(jsonText('😀 "ТОО"\n\u202eabc'))).toBe('😀 "ТОО"\n\u202eabc')
})

test('whatever JSON comes in, the text that goes out holds no lone surrogate', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.nat(0xffff).map(unit => String.fromCharCode(unit)) }),
      (plain, wild) => {
        const read: unknown = JSON.parse(jsonText({ [plain]: wild }))
        expect(read).toEqual({ [plain.toWellFormed()]: wild.toWellFormed() })
      },
    ),
  )
})
