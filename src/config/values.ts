/**
 * How the single values of a configuration are read. Each reader is a zod schema whose every issue's message is
 * what was *expected* there; what was found is told by the caller, who knows whether it may be shown.
 */
import { z } from 'zod'
import { isDay } from '../calendar.js'
import { closest } from '../closest.js'

/** Refuses a value, saying what was expected. Does not return. */
export type Refuse = (expected: string) => never

/** How a reader's `refuse` leaves it; goes no further than {@link reader}. */
class Refusal extends Error {}

const refuse: Refuse = expected => {
  throw new Refusal(expected)
}

/** A schema from a function that reads a value or refuses it. A key that is missing is read as undefined. */
export function reader<T>(read: (raw: unknown, refuse: Refuse) => T) {
  return z.unknown().transform((raw, context) => {
    try {
      return read(raw, refuse)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      context.addIssue({ code: 'custom', message: error.message })
      return z.NEVER
    }
  })
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/

function readText(raw: unknown, refuse: Refuse, expected: string): string {
  if (typeof raw !== 'string' || raw.trim() === '') return refuse(expected)
  if (controlCharacter.test(raw.trim()))
    return refuse(`${expected}, without line breaks and control characters`)
  return raw.trim()
}

/** A text that is not empty. Space around it does not count. */
export function text(expected: string) {
  return reader((raw, refuse) => readText(raw, refuse, expected))
}

/** A key or token that is sent as a header: visible ASCII only, so no letter of another alphabet. */
export function headerSecret(expected: string) {
  return reader((raw, refuse) => {
    const value = readText(raw, refuse, expected)
    return /^[\x21-\x7e]+$/.test(value)
      ? value
      : refuse(`${expected}: Latin letters, digits and signs, without spaces`)
  })
}

/** True or false, as YAML writes them. */
export function yesOrNo(expected: string) {
  return reader((raw, refuse) => (typeof raw === 'boolean' ? raw : refuse(`${expected}: true or false`)))
}

/** A secret of at least so many characters. */
export function longSecret(expected: string, least: number) {
  return reader((raw, refuse) => {
    const value = readText(raw, refuse, expected)
    return value.length >= least ? value : refuse(`${expected}, at least ${least} characters long`)
  })
}

/** A file or folder, relative to the configuration's folder or absolute. */
export function path(expected: string) {
  return reader((raw, refuse) => {
    const value = readText(raw, refuse, expected)
    return value === ':memory:'
      ? refuse(`${expected}: nothing would be left of a warehouse in memory`)
      : value
  })
}

/** An amount of memory, at least 256 MB: as DuckDB is told it, `2000MB`. */
export const memory = reader((raw, refuse) => {
  const [, number, unit] =
    /^(\d+(?:\.\d+)?)\s*(MB|GB)$/i.exec(typeof raw === 'string' ? raw.trim() : '') ?? []
  const megabytes = Math.round(Number(number) * (unit?.toUpperCase() === 'GB' ? 1000 : 1))
  return megabytes >= leastMemory && megabytes <= mostMemory
    ? `${megabytes}MB`
    : refuse(`an amount of memory, as 2GB or 500MB, at least ${leastMemory}MB`)
})
const leastMemory = 256
const mostMemory = 1_000_000_000

/** A calendar day that exists. */
export const day = reader((raw, refuse) => {
  const value = typeof raw === 'string' ? raw.trim() : ''
  return isDay(value) ? value : refuse('a day that exists, as YYYY-MM-DD')
})

/** An IANA time zone, in the database's own spelling where the case differs. */
export const timeZone = reader((raw, refuse) => {
  const value = typeof raw === 'string' ? raw.trim() : ''
  const known = Intl.supportedValuesOf('timeZone')
  const spelled = known.find(name => name.toLowerCase() === value.toLowerCase())
  if (spelled) return spelled
  // Links such as Asia/Kolkata are not in that list; offsets such as +05:00 are no zones.
  if (/^[A-Za-z][\w+/-]*$/.test(value) && isKnownToIntl(value)) return value
  const meant = closest(value, known)
  return refuse(`an IANA time zone, as Asia/Almaty${meant ? ` (did you mean ${meant}?)` : ''}`)
})

/** A currency's code of three letters, ISO 4217. */
export const currency = reader((raw, refuse) => {
  const value = typeof raw === 'string' ? raw.trim().toUpperCase() : ''
  return Intl.supportedValuesOf('currency').includes(value)
    ? value
    : refuse("a currency's code of three letters (ISO 4217), as KZT")
})

function isKnownToIntl(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** A value from a variable is a text, also where it is a number. */
function readNumber(raw: unknown): number {
  if (typeof raw === 'number') return raw
  if (typeof raw === 'string' && /^-?\d+(\.\d+)?$/.test(raw.trim())) return Number(raw)
  return Number.NaN
}

/** A whole number, both bounds included. */
export function wholeNumber(expected: string, least: number, most: number) {
  return reader((raw, refuse) => {
    const value = readNumber(raw)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    return refuse(`${expected}, a whole number from ${least} to ${most}`)
  })
}

/** A number above 0. */
export function positiveNumber(expected: string) {
  return reader((raw, refuse) => {
    const value = readNumber(raw)
    return Number.isFinite(value) && value > 0 ? value : refuse(`${expected}, a number above 0`)
  })
}

/** A number from 0 to 1. */
export function share(expected: string) {
  return reader((raw, refuse) => {
    const value = readNumber(raw)
    return value >= 0 && value <= 1 ? value : refuse(`${expected}, a number from 0 to 1`)
  })
}

/** One of a few words. `reasons` says why a word that one would expect is not among them. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  reasons: Readonly<Record<string, string>> = {},
) {
  return reader((raw, refuse): Word => {
    const word = words.find(known => known === raw)
    if (word !== undefined) return word
    const listed = words.length === 1 ? words.join() : `one of ${words.join(', ')}`
    if (typeof raw !== 'string') return refuse(listed)
    if (Object.hasOwn(reasons, raw)) return refuse(`${listed}: ${reasons[raw]}`)
    const meant = closest(raw, words)
    return refuse(meant ? `${listed}; did you mean ${meant}?` : listed)
  })
}

/** One value, or a list of them: `bin: БИН` is `bin: [БИН]`. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    raw => (raw === null || typeof raw === 'object' || raw === undefined ? raw : [raw]),
    z.array(item, 'a list'),
  )
}

/** A custom field: an id (digits) is a number, a code or a name is a text. */
export const customField = reader((raw, refuse) => {
  const expected = "a custom field's id, code or name"
  const value = typeof raw === 'number' ? String(raw) : readText(raw, refuse, expected)
  if (!/^-?[\d.]+$/.test(value)) return value
  const id = Number(value)
  return Number.isSafeInteger(id) && id > 0 ? id : refuse(expected)
})

/** A section: these keys and no others. */
export const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: issue => (issue.code === 'invalid_type' ? 'a section (key: value)' : undefined),
  })
