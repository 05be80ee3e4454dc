/** What is chosen on the page, as the part of its address after `#`: a link shows the same to whoever opens it. */
import { isLanguage, type Language } from './language.js'
import type { Month, ReportData } from './report-data.js'
import { firstDayOf, monthOf } from './report-period.js'
import { knownMonths, type Selection, usualMonths } from './totals.js'

export interface Choice extends Selection {
  readonly language: Language
}

/** What an address asks for, as far as this report has it: a link of an older report never shows an empty page. */
export function choiceIn(hash: string, data: ReportData): Choice {
  const asked = new URLSearchParams(hash.replace(/^#/, ''))
  const known = knownMonths(data)
  const usual = usualMonths(known)
  const [from, to] = [monthNamed(asked.get('from')), monthNamed(asked.get('to'))]
  const isPeriod =
    from !== undefined && to !== undefined && from <= to && from <= known.to && to >= known.from
  const language = asked.get('lang') ?? ''
  return {
    language: isLanguage(language) ? language : data.language,
    from: isPeriod ? Math.max(from, known.from) : usual.from,
    to: isPeriod ? Math.min(to, known.to) : usual.to,
    pipeline: placeOf(asked.get('pipeline'), data.sales?.funnel.pipelines),
    manager: placeOf(asked.get('manager'), data.sales?.managers.managers),
  }
}

/** The address that asks for it; what is as usual is left out. */
export function hashOf(choice: Choice, data: ReportData): string {
  const usual = usualMonths(knownMonths(data))
  const asked = new URLSearchParams()
  if (choice.language !== data.language) asked.set('lang', choice.language)
  if (choice.from !== usual.from || choice.to !== usual.to) {
    asked.set('from', monthName(choice.from))
    asked.set('to', monthName(choice.to))
  }
  const pipeline = idAt(choice.pipeline, data.sales?.funnel.pipelines)
  const manager = idAt(choice.manager, data.sales?.managers.managers)
  if (pipeline !== undefined) asked.set('pipeline', String(pipeline))
  if (manager !== undefined) asked.set('manager', String(manager))
  return asked.size === 0 ? '' : `#${asked}`
}

interface Identified {
  readonly id: number
}

function placeOf(text: string | null, list: readonly Identified[] | undefined): number | undefined {
  if (text === null || !/^-?\d+$/.test(text)) return undefined
  const place = list?.findIndex(({ id }) => id === Number(text)) ?? -1
  return place < 0 ? undefined : place
}

function idAt(place: number | undefined, list: readonly Identified[] | undefined): number | undefined {
  return place === undefined ? undefined : list?.[place]?.id
}

function monthNamed(text: string | null): Month | undefined {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text ?? '') ? monthOf(`${text}-01`) : undefined
}

function monthName(month: Month): string {
  return firstDayOf(month).slice(0, 7)
}
