/** Values of options, read strictly: a wrong one is a UsageError that says what was expected. */
import { type Day, type DayRange, dayOf, isDay, yesterday } from '../calendar.js'
import { closest } from '../closest.js'
import { UsageError } from '../errors.js'

export type Source = 'alaqan' | 'amocrm'
export const sources: readonly Source[] = ['alaqan', 'amocrm']

/** For commander: reads the option's text as a day. */
export function dayArgument(option: string): (text: string) => Day {
  return text => {
    if (isDay(text)) return text
    throw wrongOption(option, `${quoted(text)} is no day that exists, as YYYY-MM-DD`)
  }
}

/** For commander: reads the option's text as a whole number, both bounds included. */
export function wholeNumberArgument(option: string, least: number, most: number): (text: string) => number {
  return text => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (number >= least && number <= most) return number
    throw wrongOption(option, `${quoted(text)} is no whole number from ${least} to ${most}`)
  }
}

/** For commander: reads a word that is one of a few. */
export function wordArgument<const Word extends string>(
  option: string,
  words: readonly Word[],
): (text: string) => Word {
  return text => {
    const word = words.find(known => known === text)
    if (word !== undefined) return word
    const meant = closest(text, words)
    const hint = meant ? ` (did you mean ${meant}?)` : ''
    throw wrongOption(option, `${quoted(text)} is none of ${words.join(', ')}${hint}`)
  }
}

/** Reads several words, each one of a few; doubles are dropped. */
export function wordsArgument<const Word extends string>(
  name: string,
  words: readonly Word[],
): (texts: readonly string[]) => Word[] {
  const read = wordArgument(name, words)
  return texts => [...new Set(texts.map(read))]
}

/** For commander: an ИИН. Personal data, so that the message does not repeat it. */
export function iinArgument(text: string): string {
  if (/^[0-9]{12}$/.test(text)) return text
  throw wrongOption('--iin', `an ИИН has 12 digits; this is a text of ${text.length} characters`)
}

/** An ИИН as it may be shown: its last four digits (decisions, "Masking"). */
export function maskedIin(iin: string): string {
  return `********${iin.slice(-4)}`
}

/** The present day and the last one that is over. */
export interface PresentDays {
  readonly today: Day
  readonly yesterday: Day
}

/** @param now Unix milliseconds */
export function presentDays(now: number, timeZone: string): PresentDays {
  return { today: dayOf(now, timeZone), yesterday: yesterday(now, timeZone) }
}

/** The days that --from and --to name; undefined where neither is given. Without --to: until yesterday. */
export function readDayRange(
  { from, to }: { readonly from?: Day; readonly to?: Day },
  { today, yesterday }: PresentDays,
): DayRange | undefined {
  if (from === undefined && to === undefined) return undefined
  if (from === undefined) throw wrongOption('--to', 'it needs --from')
  const last = to ?? yesterday
  if (last > today) throw wrongOption('--to', `${last} is in the future; today is ${today}`)
  if (from > last)
    throw wrongOption('--from', `${from} is after ${to === undefined ? 'yesterday, ' : '--to '}${last}`)
  return { from, to: last }
}

/** Without advice: whoever tells it knows the command, and names its help. */
export function wrongOption(option: string, what: string): UsageError {
  return new UsageError('usage', `${option}: ${what}.`)
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
