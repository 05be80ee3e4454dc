/** Three languages that say the same, and write numbers and days as their readers do. */
import { describe, expect, it } from 'vitest'
import { stepCodes } from '../../src/pipeline/status/next-steps.js'
import { formatIn } from '../../src/report/format.js'
import { languages } from '../../src/report/language.js'
import { wordingIn } from '../../src/report/wording.js'

/** Every sentence by its path; what a sentence is made of stands as ‹1›, ‹2›. */
function sentences(value: unknown, path = ''): readonly (readonly [path: string, sentence: string])[] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') {
    const parts = Array.from({ length: value.length }, (_, index) => `‹${index + 1}›`)
    return [[path, String(value(...parts))]]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => sentences(part, `${path}.${name}`))
}

const ofLanguage = (language: (typeof languages)[number]) => new Map(sentences(wordingIn(language)))
/** After a number a word has as many forms as its language gives it. */
const isForm = (path: string) => /\.(one|few|many|other)$/.test(path)

describe('the wording', () => {
  it('has the same sentences in every language, none of them empty', () => {
    const paths = languages.map(language => [...ofLanguage(language).keys()].filter(path => !isForm(path)))
    expect(paths[1]).toEqual(paths[0])
    expect(paths[2]).toEqual(paths[0])
    for (const language of languages) {
      expect([...ofLanguage(language)].filter(([, sentence]) => sentence.trim() === '')).toEqual([])
    }
  })

  it.each(languages)('uses all that a sentence is given: %s', language => {
    const dropped = [...ofLanguage('ru')].flatMap(([path, russian]) => {
      const given = russian.match(/‹\d›/g) ?? []
      const sentence = ofLanguage(language).get(path) ?? ''
      return given.every(part => sentence.includes(part)) ? [] : [path]
    })
    expect(dropped).toEqual([])
  })

  it('has a sentence for each thing that status can find', () => {
    for (const language of languages) {
      expect(Object.keys(wordingIn(language).state.steps).sort()).toEqual([...stepCodes].sort())
    }
  })

  it('leaves no Russian in the Kazakh, nor Cyrillic in the English', () => {
    const english = [...ofLanguage('en')].filter(([, sentence]) =>
      /\p{Script=Cyrillic}/u.test(sentence.replace('БИН', '')),
    )
    expect(english).toEqual([])
    const [russian, kazakh] = [ofLanguage('ru'), ofLanguage('kk')]
    // Words that both languages have.
    const shared = [
      'Компания',
      'воронка',
      'менеджер',
      'Воронка',
      'Менеджер',
      'Конверсия',
      'amoCRM',
      'млн',
      'млрд',
      'трлн',
      'ср',
      'сб',
    ]
    const same = [...kazakh].filter(
      ([path, sentence]) => russian.get(path) === sentence && !shared.includes(sentence),
    )
    expect(same).toEqual([])
    expect(
      [...kazakh.values()].filter(sentence => /[ыэ]\p{L}*(?:ться|тся)\b|\bне\b/u.test(sentence)),
    ).toEqual([])
  })
})

const formats = Object.fromEntries(
  languages.map(language => [language, formatIn(language, 'KZT', 'Asia/Almaty')]),
)
/** Spaces that do not break look like spaces. */
const seen = (text: string | undefined) => text?.replaceAll(/[\u00a0\u202f]/g, ' ')
const inAll = (write: (format: ReturnType<typeof formatIn>) => string) =>
  languages.map(language => {
    const format = formats[language]
    return format && seen(write(format))
  })

describe('numbers and days', () => {
  it('are written as in each language', () => {
    expect(inAll(format => format.number(1_234_567))).toEqual(['1 234 567', '1 234 567', '1,234,567'])
    expect(inAll(format => format.money(1_234_567))).toEqual(['1 234 567 ₸', '1 234 567 ₸', '₸1,234,567'])
    expect(inAll(format => format.decimal(1234, 2))).toEqual(['12,34', '12,34', '12.34'])
    expect(inAll(format => format.percent(4545))).toEqual(['45,5 %', '45,5 %', '45.5%'])
    expect(inAll(format => format.short(1_250_000))).toEqual(['1,3 млн', '1,3 млн', '1.3M'])
    expect(inAll(format => format.short(12_000))).toEqual(['12 тыс.', '12 мың', '12K'])
    expect(inAll(format => format.day('2025-03-05'))).toEqual([
      '5 марта 2025 г.',
      '2025 ж. 5 наурыз',
      '5 March 2025',
    ])
    expect(inAll(format => format.month(2025 * 12 + 10))).toEqual([
      'ноябрь 2025 г.',
      '2025 ж. қараша',
      'November 2025',
    ])
  })

  it('have the form of the word that the number asks for', () => {
    const leads = (count: number) => inAll(format => format.counted(count, wordingIn(format.language).leads))
    expect(leads(1)).toEqual(['1 сделка', '1 мәміле', '1 lead'])
    expect(leads(3)).toEqual(['3 сделки', '3 мәміле', '3 leads'])
    expect(leads(11)).toEqual(['11 сделок', '11 мәміле', '11 leads'])
    expect(leads(1001)).toEqual(['1 001 сделка', '1 001 мәміле', '1,001 leads'])
  })

  it('show nothing of nothing', () => {
    expect(inAll(format => format.percent(null))).toEqual(['—', '—', '—'])
    expect(inAll(format => format.decimal(null, 2))).toEqual(['—', '—', '—'])
  })

  it('stand in the zone of the report', () => {
    // 2025-01-31 19:30 UTC is after midnight in Almaty.
    expect(seen(formats.ru?.instant(Date.parse('2025-01-31T19:30:00Z')))).toBe('1 февраля 2025 г., 00:30')
  })

  it('are in the currency of the account', () => {
    expect(seen(formatIn('ru', 'USD', 'UTC').money(1500))).toBe('1 500 $')
  })
})
