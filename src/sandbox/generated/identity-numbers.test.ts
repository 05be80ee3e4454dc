import { describe, expect, it } from 'vitest'
import { drawing } from './draw.js'
import { checkDigit, companyNumber, personNumber, withWrongCheckDigit } from './identity-numbers.js'

const draw = drawing(1, 99)
const people = Array.from({ length: 2000 }, (_, ordinal) => personNumber(draw, ordinal))
const companies = Array.from({ length: 2000 }, (_, ordinal) => companyNumber(draw, ordinal))
const holds = (number: string) => checkDigit(number.slice(0, 11)) === Number(number[11])

describe('an invented number', () => {
  it('has twelve digits and a check digit that holds', () => {
    expect([...people, ...companies].filter(number => !/^\d{12}$/.test(number) || !holds(number))).toEqual([])
  })

  it('of a person has a day as its fifth digit, 0 to 3; of a company its type, 4', () => {
    expect(people.filter(number => !/[0-3]/.test(number[4] ?? ''))).toEqual([])
    expect(companies.filter(number => number[4] !== '4')).toEqual([])
  })

  it('sometimes begins with a zero, which numeric fields lose', () => {
    expect(companies.some(number => number.startsWith('0'))).toBe(true)
  })

  it('can be misread so that the check digit fails', () => {
    expect(people.filter(number => holds(withWrongCheckDigit(number)))).toEqual([])
  })
})

it('the check digit of the reference’s rule: the second weights where the first give ten', () => {
  // 1·1 + 2·2 + 5·1 = 10 with the first weights; 3·1 + 4·2 + 7·1 = 18, 18 mod 11 = 7 with the second.
  expect(checkDigit('12001000000')).toBe(7)
})
