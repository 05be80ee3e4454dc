/**
 * Numbers, days and money as a reader writes them. Kazakh is written from the project's own words: browsers answer for it
 * without having its data (Chromium writes "2025 M01"); its numbers are written as Russian ones in Kazakhstan.
 */
import type { Language } from './language.js'
import type { Month } from './report-data.js'
import { type Forms, wordingIn } from './wording.js'

const locales: Readonly<Record<Language, string>> = { ru: 'ru-KZ', kk: 'ru-KZ', en: 'en-GB' }

const kazakhMonths = [
  'қаңтар',
  'ақпан',
  'наурыз',
  'сәуір',
  'мамыр',
  'маусым',
  'шілде',
  'тамыз',
  'қыркүйек',
  'қазан',
  'қараша',
  'желтоқсан',
]
const kazakhShortMonths = ['қаң', 'ақп', 'нау', 'сәу', 'мам', 'мау', 'шіл', 'там', 'қыр', 'қаз', 'қар', 'жел']

export interface Format {
  readonly language: Language
  number(value: number): string
  /** Of hundredths or tenths: 1234 with 2 decimals is 12,34. A dash for null. */
  decimal(scaled: number | null, decimals: 1 | 2): string
  /** Of hundredths of a percent, with one decimal. A dash for null. */
  percent(share: number | null): string
  /** The same with its sign. */
  change(share: number): string
  /** In the account's currency, whole units. */
  money(value: number): string
  /** For axes: 1,2 млн. */
  short(value: number): string
  /** The number with its word: 5 сделок. */
  counted(value: number, forms: Forms): string
  /** 5 марта 2025 г. */
  day(day: string): string
  /** пт, 5 марта 2025 г. */
  dayWithWeekday(day: string): string
  /** март 2025 г. */
  month(month: Month): string
  /** мар. 2025 */
  shortMonth(month: Month): string
  /** Of an instant (Unix milliseconds) in the report's zone: 5 марта 2025 г., 10:00. */
  instant(milliseconds: number): string
  /** The day of an instant in the report's zone. */
  dayOfInstant(milliseconds: number): string
  /** 09:00 */
  hour(hour: number): string
}

const dash = '—'

export function formatIn(language: Language, currency: string, timeZone: string): Format {
  const locale = locales[language]
  const wording = wordingIn(language)
  const isKazakh = language === 'kk'
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const withDecimals = [0, 1, 2].map(
    decimals =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  )
  const money = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    maximumFractionDigits: 0,
    minimumFractionDigits: 0,
  })
  const percent = new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  })
  const change = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  })
  // Kazakh has one form; which of them a Russian rule would take does not matter.
  const plural = new Intl.PluralRules(locale)
  const dates = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options })
  const [dayFormat, monthFormat, shortMonthFormat] = [
    dates({ dateStyle: 'long' }),
    dates({ month: 'long', year: 'numeric' }),
    dates({ month: 'short' }),
  ]
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
  // The Swedish locale writes a date as YYYY-MM-DD.
  const isoDay = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' })

  const dayText = (day: string): string => {
    if (!isKazakh) return dayFormat.format(Date.parse(`${day}T00:00:00Z`))
    const [year = '', month = '', date = ''] = day.split('-')
    return `${year} ж. ${Number(date)} ${kazakhMonths[Number(month) - 1] ?? ''}`
  }
  const startOf = (month: Month) => Date.UTC(Math.floor(month / 12), month % 12, 1)
  return {
    language,
    number: value => whole.format(value),
    decimal: (scaled, decimals) =>
      scaled === null ? dash : (withDecimals[decimals] ?? whole).format(scaled / 10 ** decimals),
    percent: share => (share === null ? dash : percent.format(share / 10_000)),
    change: share => change.format(share / 10_000),
    money: value => money.format(value),
    short: value => {
      const power = Math.min(4, Math.floor(Math.log10(Math.max(1, Math.abs(value))) / 3))
      if (power === 0) return new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value)
      const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value / 1000 ** power)
      const magnitude = wording.magnitudes[power - 1] ?? ''
      return language === 'en' ? `${number}${magnitude}` : `${number}\u00a0${magnitude}`
    },
    counted: (value, forms) => `${whole.format(value)}\u00a0${forms[plural.select(value)] ?? forms.other}`,
    day: dayText,
    dayWithWeekday: day => {
      const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
      return `${dayText(day)}, ${wording.weekdays[weekday] ?? ''}`
    },
    month: month =>
      isKazakh
        ? `${Math.floor(month / 12)} ж. ${kazakhMonths[month % 12] ?? ''}`
        : monthFormat.format(startOf(month)),
    shortMonth: month => {
      const name = isKazakh ? (kazakhShortMonths[month % 12] ?? '') : shortMonthFormat.format(startOf(month))
      return `${name.replace(/\.$/, '')} ${Math.floor(month / 12)}`
    },
    instant: milliseconds => `${dayText(isoDay.format(milliseconds))}, ${clock.format(milliseconds)}`,
    dayOfInstant: milliseconds => dayText(isoDay.format(milliseconds)),
    hour: hour => `${String(hour).padStart(2, '0')}:00`,
  }
}
