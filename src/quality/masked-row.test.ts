import { describe, expect, it } from 'vitest'
import { maskedRow } from './masked-row.js'

const own = { isOwn: true }
const builtIn = { isOwn: false }

describe('a failing row', () => {
  it.each([
    ['an ИИН', '860101300007', '********0007'],
    ['an ИИН in a sentence', 'of 860101300007 today', 'of ********0007 today'],
    ['an ИИН after a day', '2025-01-30 860101300007', '********0007'],
    ['a phone, however it is written', '+7 (700) 123-45-67', '********4567'],
    ['an e-mail', 'write to aigerim@mail.kz', 'write to ***'],
    ['an e-mail in escaped JSON', String.raw`{"email":"aigerim\u0040mail.kz"}`, '{"email":"***"}'],
  ])('shows nothing of %s', (_, value, shown) => {
    expect(JSON.parse(maskedRow({ value }, own))).toEqual({ value: shown })
  })

  it('shows nothing of them in lists and records either', () => {
    expect(JSON.parse(maskedRow({ list: ['860101300007'], record: { iin: '860101300007' } }, own))).toEqual({
      list: ['********0007'],
      record: { iin: '********0007' },
    })
  })

  it.each([
    '2025-01-30',
    '2025-01-30 09:15:23',
    '2025-01-30T09:15:23.123456+05:00',
    'a'.repeat(64),
    'amocrm-leads-20250131T050000Z-0a1b2c',
    '09:15:23',
    'entry',
  ])('keeps %s, which a person needs to find it', value => {
    expect(JSON.parse(maskedRow({ value }, own))).toEqual({ value })
  })

  it("keeps ids, and other long numbers only of built-in checks: one of the user's may be an ИИН", () => {
    const row = { lead_id: 200_000_123, total_price: 5_000_000_000 }
    expect(JSON.parse(maskedRow(row, builtIn))).toEqual(row)
    expect(JSON.parse(maskedRow(row, own))).toEqual({ lead_id: 200_000_123, total_price: '********0000' })
    expect(JSON.parse(maskedRow({ iin: 860_101_300_007 }, own))).toEqual({ iin: '********0007' })
  })

  it('is cut where a text is long, and shows nothing of what is cut in two', () => {
    expect(maskedRow({ text: 'я'.repeat(100_000) }, own).length).toBeLessThan(1000)
    for (const secret of ['860101300007', '+7 700 123 45 67', 'aigerim@mail.kz']) {
      for (let before = 480; before < 500; before += 1) {
        const text = `${'я '.repeat(before / 2)}${secret} и так далее`
        expect(maskedRow({ text }, own)).not.toMatch(/8601013|700 123|aigerim/)
      }
    }
  })
})
