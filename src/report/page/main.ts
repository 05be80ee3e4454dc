/** The page: what the address asks for, drawn from the aggregates that stand in it. */
import { type Choice, choiceIn, hashOf } from '../filters.js'
import { formatIn } from '../format.js'
import { type Language, languages } from '../language.js'
import { unpacking } from '../packed-rows.js'
import type { ReportData } from '../report-data.js'
import { knownMonths } from '../totals.js'
import { languageNames, wordingIn } from '../wording.js'
import { attendancePart } from './attendance-blocks.js'
import { nothing } from './block.js'
import { drawCharts } from './chart.js'
import { clientsPart } from './client-blocks.js'
import { element } from './elements.js'
import { filterBar, shownText } from './filter-bar.js'
import { headline } from './headline.js'
import { managersPart } from './manager-blocks.js'
import { residentsPart } from './resident-blocks.js'
import { salesPart } from './sales-blocks.js'
import { stateStrip } from './state-strip.js'
import type { View } from './view.js'

const data = readData()
const known = knownMonths(data)
const isEmpty = !data.attendance?.days.length && !data.sales?.funnel.rows.length
const root = document.body.appendChild(element('div', { id: 'report' }))
// It stays in the page while everything else is drawn anew: a screen reader tells what changes in it.
const shown = document.body.appendChild(element('p', { id: 'shown', class: 'spoken', role: 'status' }))

let drawn: string | undefined
let width = window.innerWidth
show(true)
// What the filters change is drawn already; what is left are links and the way back.
window.addEventListener('hashchange', () => {
  if (window.location.hash !== drawn) show()
})
window.addEventListener('resize', () => {
  // A phone's keyboard and bars change the height alone.
  if (window.innerWidth === width) return
  width = window.innerWidth
  requestAnimationFrame(() => show())
})
window.addEventListener('beforeprint', () => unfold(true))
window.addEventListener('afterprint', () => unfold(false))

function readData(): ReportData {
  const text = document.getElementById('data')?.textContent ?? ''
  // The program that wrote this page wrote them.
  const parsed: ReportData = JSON.parse(text, unpacking)
  return parsed
}

function show(isFirst = false): void {
  drawn = window.location.hash
  const choice = choiceIn(drawn, data)
  const wording = wordingIn(choice.language)
  const format = formatIn(choice.language, data.currency, data.timeZone)
  const view: View = { data, choice, known, wording, format }
  document.documentElement.lang = choice.language
  document.title = wording.title
  const focused = document.activeElement?.id
  const open = [...document.querySelectorAll('details[open]')].map(({ id }) => id)
  const choose = (change: Partial<Choice>) => {
    window.location.hash = hashOf({ ...choice, ...change }, data)
    show()
  }
  root.replaceChildren(
    ...(isEmpty ? [] : [element('a', { class: 'skip', href: '#headline', id: 'skip' }, wording.skip)]),
    element(
      'header',
      {},
      element(
        'div',
        { class: 'title' },
        element('h1', {}, wording.title),
        element('p', { class: 'note' }, wording.madeAt(format.instant(data.madeAt), data.timeZone)),
      ),
      languageSwitch(view, language => choose({ language })),
    ),
    stateStrip(view),
    main(view, choose),
    footer(view),
  )
  skipToContent()
  drawCharts()
  for (const id of open) document.getElementById(id)?.setAttribute('open', '')
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true })
  if (!isFirst) shown.textContent = shownText(view)
}

function main(view: View, choose: (change: Partial<Choice>) => void): HTMLElement {
  const { wording } = view
  const parts = [
    attendancePart(view),
    salesPart(view),
    managersPart(view),
    clientsPart(view),
    residentsPart(view),
  ]
  return element(
    'main',
    {},
    isEmpty ? nothing(wording.noData) : filterBar(view, choose),
    isEmpty ? undefined : element('p', { class: 'note shown', 'aria-hidden': 'true' }, shownText(view)),
    isEmpty ? undefined : headline(view),
    ...(isEmpty ? [] : parts),
  )
}

function languageSwitch({ wording, choice }: View, choose: (language: Language) => void): HTMLElement {
  return element(
    'div',
    { class: 'languages', role: 'group', 'aria-label': wording.language },
    ...languages.map(language => {
      const button = element(
        'button',
        {
          id: `language-${language}`,
          type: 'button',
          lang: language,
          'aria-pressed': language === choice.language ? 'true' : 'false',
        },
        languageNames[language],
      )
      button.addEventListener('click', () => choose(language))
      return button
    }),
  )
}

function footer({ wording, format }: View): HTMLElement {
  const { notes } = wording
  return element(
    'footer',
    {},
    element('h2', {}, notes.heading),
    element(
      'ul',
      {},
      ...[notes.covers(format.month(known.from), format.month(known.to)), ...notes.lines].map(line =>
        element('li', {}, line),
      ),
    ),
    element('p', { class: 'note' }, notes.madeBy),
  )
}

/** The address holds the filters, so the link moves by itself. */
function skipToContent(): void {
  document.getElementById('skip')?.addEventListener('click', event => {
    event.preventDefault()
    const target = document.getElementById('headline')
    target?.setAttribute('tabindex', '-1')
    target?.focus()
  })
}

/** On paper nothing can be unfolded: what is not too long is, for that time. */
function unfold(isOpen: boolean): void {
  for (const details of document.querySelectorAll('details')) {
    if (isOpen && !details.open && details.dataset.long === undefined) {
      details.open = true
      details.dataset.unfolded = ''
    } else if (!isOpen && details.dataset.unfolded === '') {
      details.open = false
      delete details.dataset.unfolded
    }
  }
}
