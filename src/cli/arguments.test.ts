import { describe, expect, it } from 'vitest'
import { UsageError } from '../errors.js'
import {
  dayArgument,
  iinArgument,
  maskedIin,
  presentDays,
  readDayRange,
  wholeNumberArgument,
  wordArgument,
  wordsArgument,
} from './arguments.js'

const present = { today: '2025-01-31', yesterday: '2025-01-30' }

describe('a day', () => {
  it.each(['2025-01-30', '2024-02-29'])('%s is one', text => {
    expect(dayArgument('--from')(text)).toBe(text)
  })
  it.each(['2024-02-30', '30.01.2025', '2025-1-3', '', 'yesterday', '2025-01-30 '])('%j is none', text => {
    expect(() => dayArgument('--from')(text)).toThrow(UsageError)
  })
})

describe('days from and to', () => {
  it.each([
    [{}, undefined],
    [{ from: '2025-01-01' }, { from: '2025-01-01', to: '2025-01-30' }],
    [
      { from: '2025-01-31', to: '2025-01-31' },
      { from: '2025-01-31', to: '2025-01-31' },
    ],
  ])('%j are %j', (given, range) => {
    expect(readDayRange(given, present)).toEqual(range)
  })
  it.each([
    [{ to: '2025-01-01' }, /--from/],
    [{ from: '2025-01-02', to: '2025-01-01' }, /after --to/],
    [{ from: '2025-01-01', to: '2025-02-01' }, /future/],
    [{ from: '2025-01-31' }, /after yesterday/],
  ])('%j are refused', (given, message) => {
    expect(() => readDayRange(given, present)).toThrow(message)
  })
  it('count in the configured zone', () => {
    const lateInUtc = Date.UTC(2025, 0, 30, 21)
    expect(presentDays(lateInUtc, 'Asia/Almaty')).toEqual(present)
  })
})

describe('an ИИН', () => {
  it('has 12 digits', () => {
    expect(iinArgument('650727300949')).toBe('650727300949')
  })
  it.each(['65072730094', '6507273009499', '65072730094x', '', '٦٥٠٧٢٧٣٠٠٩٤٩'])(
    '%j is none, and is not repeated',
    text => {
      let message = ''
      try {
        iinArgument(text)
      } catch (error) {
        message = String(error)
      }
      expect(message).toContain('12 digits')
      if (text !== '') expect(message).not.toContain(text)
    },
  )
  it('is shown by its last four digits', () => {
    expect(maskedIin('650727300949')).toBe('********0949')
  })
})

describe('a word', () => {
  const words = ['leads', 'contacts'] as const
  it('that is almost right is answered with the right one', () => {
    expect(() => wordArgument('entity', words)('laeds')).toThrow('did you mean leads')
  })
  it('may be named twice', () => {
    expect(wordsArgument('entity', words)(['leads', 'contacts', 'leads'])).toEqual(['leads', 'contacts'])
  })
})

describe('a whole number', () => {
  const read = wholeNumberArgument('--port', 0, 65_535)
  it.each([
    ['0', 0],
    ['65535', 65_535],
  ])('%s is one', (text, number) => {
    expect(read(text)).toBe(number)
  })
  it.each(['-1', '65536', '1.5', '1e3', '', '9'.repeat(400)])('%j is refused', text => {
    expect(() => read(text)).toThrow(UsageError)
  })
})
