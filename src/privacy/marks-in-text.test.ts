import { describe, expect, it } from 'vitest'
import { erasedPeople, markHash } from './erased-people.js'
import { jsonWithoutMarks } from './marks-in-json.js'
import { holdsErasedIin, nameMark, phoneMark, withoutMarks } from './marks-in-text.js'

const key = 'k'.repeat(32)
const erased = erasedPeople(
  [
    { iin: [markHash(key, 'iin', '650727300949'), markHash(key, 'iin', '010203500781')] },
    {
      phone: [markHash(key, 'phone', '7015550101')],
      email: [markHash(key, 'email', 'serik@example.kz')],
      name: [markHash(key, 'name', 'серик выдуманов')],
    },
  ],
  key,
)
const everything = { contacts: true, names: true }
const clean = (text: string) => withoutMarks(text, erased, everything)

describe('an erased ИИН in a text', () => {
  it.each([
    ['650727300949', '************'],
    ['ИИН:650727300949.', 'ИИН:************.'],
    ['650727 300 949', '************'],
    ['650727-300949, тел. 87010000000', '************, тел. 87010000000'],
    ['KZ12650727300949', 'KZ12************'],
    ['1650727300949', '1************'],
    ['10203500781', '************'],
    ['65072730 (она же 0949)', '************)'],
  ])('%s becomes %s', (text, wanted) => {
    expect(clean(text)).toBe(wanted)
  })

  it.each(['650727300948', '6507273009', '2025-01-30 09:15:23', '', '65072730094'])('leaves %j', text => {
    expect(clean(text)).toBe(text)
    expect(holdsErasedIin(text, erased)).toBe(false)
  })
})

describe('an erased contact in a text', () => {
  it.each([
    ['+7 (701) 555-01-01', '***'],
    ['8 701 555 01 01 доб. 5', '*** доб. 5'],
    ['7015550101', '***'],
    ['Пишите: Serik@Example.KZ!', 'Пишите: ***!'],
    ['Серик  Выдуманов', '***'],
    ['ИП «Серик Выдуманов»', 'ИП «***»'],
  ])('%s becomes %s', (text, wanted) => {
    expect(clean(text)).toBe(wanted)
  })

  it.each(['+7 701 555 01 02', 'other-serik@example.kz', 'Серик', 'Выдуманов Марат'])('leaves %j', text => {
    expect(clean(text)).toBe(text)
  })

  it('is looked for only where it is asked for', () => {
    const text = 'Серик Выдуманов, +77015550101'
    expect(withoutMarks(text, erased, { contacts: false, names: false })).toBe(text)
    expect(withoutMarks(text, erased, { contacts: true, names: false })).toBe('Серик Выдуманов, ***')
  })
})

describe('marks in JSON', () => {
  it('are found in texts, numbers and names of members, and not in ids and times', () => {
    const value = {
      id: 10_203_500_781,
      created_at: 10_203_500_781,
      value: 10_203_500_781,
      '650727300949': ['650727300949', 1],
    }
    expect(jsonWithoutMarks(value, erased, everything)).toEqual({
      id: 10_203_500_781,
      created_at: 10_203_500_781,
      value: null,
      '************': ['************', 1],
    })
  })

  it('leave a value that has none as the very same', () => {
    const value = { a: [1, 'text', { b: null }] }
    expect(jsonWithoutMarks(value, erased, everything)).toBe(value)
  })
})

it('knows a phone however it is written, and a name only where it is a full one', () => {
  expect(['+77015550101', '8 (701) 555-01-01', '701 5550101'].map(phoneMark)).toEqual(
    Array.from({ length: 3 }, () => '7015550101'),
  )
  expect(phoneMark('12345')).toBeUndefined()
  expect(nameMark('Серик')).toBeUndefined()
  expect(nameMark(' Серик,  Выдуманов ')).toBe('серик выдуманов')
})
