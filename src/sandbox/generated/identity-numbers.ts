/** ИИН and БИН with a check digit that holds (reference/kazakhstan.md). All invented from a seed. */
import { type Draw, integer } from './draw.js'

const firstWeights = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as const
const secondWeights = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2] as const

/** The check digit of the first eleven digits; undefined where the rule issues no such number. */
export function checkDigit(elevenDigits: string): number | undefined {
  for (const weights of [firstWeights, secondWeights]) {
    const sum = weights.reduce((total, weight, index) => total + weight * Number(elevenDigits[index]), 0)
    if (sum % 11 !== 10) return sum % 11
  }
  return undefined
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0')
}

/** Appends serial digits and the check digit, taking the next serial where none would be issued. */
function complete(head: string, serial: number): string {
  const width = 11 - head.length
  const serials = 10 ** width
  for (let step = 0; step < serials; step += 1) {
    const eleven = head + digits((serial + step) % serials, width)
    const check = checkDigit(eleven)
    if (check !== undefined) return eleven + check
  }
  throw new RangeError(`No number starts with ${head}.`)
}

/** An ИИН of somebody born between 1955 and 2006. Questions 900 to 909 of the draw are used. */
export function personNumber(draw: Draw, ordinal: number): string {
  const year = 1955 + integer(draw(ordinal, 900), 52)
  const month = 1 + integer(draw(ordinal, 901), 12)
  const day = 1 + integer(draw(ordinal, 902), 28)
  const sex = draw(ordinal, 903) < 0.5 ? 1 : 0
  const century = year < 2000 ? 4 - sex : 6 - sex
  const head = digits(year % 100, 2) + digits(month, 2) + digits(day, 2) + century
  return complete(head, integer(draw(ordinal, 904), 10_000))
}

/** A БИН of a resident legal entity registered between 1995 and 2024. Questions 910 to 919 are used. */
export function companyNumber(draw: Draw, ordinal: number): string {
  const year = 1995 + integer(draw(ordinal, 910) ** 0.6, 30)
  const month = 1 + integer(draw(ordinal, 911), 12)
  const head = `${digits(year % 100, 2)}${digits(month, 2)}40`
  return complete(head, integer(draw(ordinal, 912), 100_000))
}

/** The same number with a check digit that does not hold. */
export function withWrongCheckDigit(number: string): string {
  return number.slice(0, 11) + ((Number(number[11]) + 1) % 10)
}
