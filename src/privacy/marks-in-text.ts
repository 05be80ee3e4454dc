/**
 * Where in a text an erased person stands. The text is looked at in the ways in which people write numbers: with
 * spaces or hyphens between groups of digits, with the leading zeros that a spreadsheet has eaten, with 8 or +7.
 */
import type { ErasedPeople } from './erased-people.js'

/** What stands in place of an ИИН. */
export const hiddenIin = '************'
/** What stands in place of a phone, an e-mail, a name. */
export const hiddenWords = '***'

export interface LookOptions {
  /** Whether phones and e-mails are looked for: a record of somebody else keeps its own. */
  readonly contacts: boolean
  /** Whether full names are looked for: only where the record is known to belong to the person's affairs. */
  readonly names: boolean
}

/** The text with stars in place of what it says of erased people; the same text where it says nothing. */
export function withoutMarks(text: string, erased: ErasedPeople, look: LookOptions): string {
  let found: readonly Span[] = []
  if (erased.has('iin') && fewestDigits.test(text)) found = iinSpans(text, erased)
  if (look.contacts && erased.has('phone') && fewestDigits.test(text)) {
    found = [...found, ...phoneSpans(text, erased)]
  }
  if (look.contacts && erased.has('email') && text.includes('@')) {
    found = [...found, ...emailSpans(text, erased)]
  }
  if (look.names && erased.has('name')) found = [...found, ...nameSpans(text, erased)]
  return found.length === 0 ? text : replaced(text, found)
}

/** Whether a text is, or holds, the ИИН of an erased person. */
export function holdsErasedIin(text: string, erased: ErasedPeople): boolean {
  return erased.has('iin') && fewestDigits.test(text) && iinSpans(text, erased).length > 0
}

/** How a phone is known whatever way it is written: its digits, without the 8 or 7 before ten others. */
export function phoneMark(phone: string): string | undefined {
  const digits = phone.replaceAll(/\D/g, '')
  if (digits.length < fewestPhoneDigits || digits.length > mostPhoneDigits) return undefined
  return digits.length === 11 && /^[78]/.test(digits) ? digits.slice(1) : digits
}

export function emailMark(email: string): string | undefined {
  const address = email.trim().toLowerCase()
  return /^[^\s@]+@[^\s@]+$/.test(address) ? address : undefined
}

/** A full name, two words at least: a first name alone is everybody's. */
export function nameMark(name: string): string | undefined {
  const words = wordsIn(name).map(({ text }) => text)
  return words.length >= 2 && words.length <= mostWords ? words.join(' ') : undefined
}

interface Span {
  readonly from: number
  readonly to: number
  readonly by: string
}

const iinDigits = 12
/** An ИИН may begin with three zeros, which a number field does not keep. */
const fewestIinDigits = 9
const fewestPhoneDigits = 9
const mostPhoneDigits = 15
const mostWords = 5
/** A short text with so many digits in all is a number, whatever stands between them: so does Silver read it. */
const longestNumberText = 60

const fewestDigits = /(?:\d\D*){9}/

/** Runs of digits, and where each begins. */
function digitRuns(text: string): readonly { readonly at: number; readonly digits: string }[] {
  return [...text.matchAll(/\d+/g)].map(match => ({ at: match.index, digits: match[0] }))
}

/** Groups of neighbouring runs, of bounded length in all, that could be one number. */
function* numbersIn(
  text: string,
  gap: RegExp,
  most: number,
): Generator<{ digits: string } & Omit<Span, 'by'>> {
  const runs = digitRuns(text)
  for (const [first, { at }] of runs.entries()) {
    let digits = ''
    let end = at
    for (let next = first; next < runs.length; next += 1) {
      const run = runs[next]
      if (run === undefined || (next > first && !gap.test(text.slice(end, run.at)))) break
      digits += run.digits
      end = run.at + run.digits.length
      if (digits.length > most) break
      yield { digits, from: at, to: end }
    }
  }
}

const gapInIin = /^[\s.\-–_/]{1,3}$/
const gapInPhone = /^[\s.\-–()]{1,4}$/

function iinSpans(text: string, erased: ErasedPeople): readonly Span[] {
  const spans: Span[] = []
  const isErased = (digits: string): boolean =>
    digits.length >= fewestIinDigits &&
    digits.length <= iinDigits &&
    erased.knows('iin', digits.padStart(iinDigits, '0'))
  for (const { digits, from, to } of numbersIn(text, gapInIin, iinDigits)) {
    if (isErased(digits)) spans.push({ from, to, by: hiddenIin })
  }
  // Within a longer run, as an account number.
  for (const { at, digits } of digitRuns(text)) {
    for (let start = 0; digits.length > iinDigits && start + iinDigits <= digits.length; start += 1) {
      if (erased.knows('iin', digits.slice(start, start + iinDigits))) {
        spans.push({ from: at + start, to: at + start + iinDigits, by: hiddenIin })
      }
    }
  }
  if (spans.length === 0 && text.length <= longestNumberText && isErased(text.replaceAll(/\D/g, ''))) {
    const runs = digitRuns(text)
    const [first, last] = [runs[0], runs.at(-1)]
    if (first && last) spans.push({ from: first.at, to: last.at + last.digits.length, by: hiddenIin })
  }
  return spans
}

function phoneSpans(text: string, erased: ErasedPeople): readonly Span[] {
  const spans: Span[] = []
  for (const { digits, from, to } of numbersIn(text, gapInPhone, mostPhoneDigits)) {
    const mark = phoneMark(digits)
    if (mark !== undefined && erased.knows('phone', mark)) {
      spans.push({ from: text[from - 1] === '+' ? from - 1 : from, to, by: hiddenWords })
    }
  }
  return spans
}

function emailSpans(text: string, erased: ErasedPeople): readonly Span[] {
  return [...text.matchAll(/[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}.-]*[\p{L}\p{N}]/gu)].flatMap(match => {
    const isErased = erased.knows('email', match[0].toLowerCase())
    return isErased ? [{ from: match.index, to: match.index + match[0].length, by: hiddenWords }] : []
  })
}

interface Word {
  readonly text: string
  readonly from: number
  readonly to: number
}

function wordsIn(text: string): readonly Word[] {
  return [...text.matchAll(/[\p{L}\p{M}\p{N}'’-]+/gu)].map(match => ({
    text: match[0].toLowerCase(),
    from: match.index,
    to: match.index + match[0].length,
  }))
}

function nameSpans(text: string, erased: ErasedPeople): readonly Span[] {
  const words = wordsIn(text)
  const spans: Span[] = []
  for (const [first, { from }] of words.entries()) {
    for (let count = 2; count <= mostWords && first + count <= words.length; count += 1) {
      const group = words.slice(first, first + count)
      const last = group.at(-1)
      if (last && erased.knows('name', group.map(word => word.text).join(' '))) {
        spans.push({ from, to: last.to, by: hiddenWords })
      }
    }
  }
  return spans
}

/** Of spans that overlap, the one that begins first stands for all of them. */
function replaced(text: string, spans: readonly Span[]): string {
  let result = ''
  let done = 0
  for (const { from, to, by } of [...spans].sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (to <= done) continue
    result += text.slice(done, Math.max(done, from)) + (from >= done ? by : '')
    done = to
  }
  return result + text.slice(done)
}
