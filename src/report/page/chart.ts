/** Charts by Observable Plot, in the page's colours, with a sentence for those who do not see them. */
import * as Plot from '@observablehq/plot'
import { element } from './elements.js'

/** What is drawn once it is known how wide its place is. */
const waiting = new Map<HTMLElement, (width: number) => Plot.PlotOptions>()

/**
 * A place for a chart.
 * @param label what a screen reader says instead of it
 */
export function chart(label: string, options: (width: number) => Plot.PlotOptions): HTMLElement {
  const place = element('div', { class: 'chart', 'data-label': label })
  waiting.set(place, options)
  return place
}

/** Draws the charts whose places stand in the page now. */
export function drawCharts(): void {
  for (const [place, options] of waiting) {
    place.replaceChildren(drawn(options(Math.max(260, place.clientWidth)), place.dataset.label ?? ''))
    // Of what is wider than its place, the newest end is what one looks for.
    const around = place.parentElement
    if (around?.classList.contains('scroll')) around.scrollLeft = around.scrollWidth
  }
  waiting.clear()
}

/**
 * Plot puts a style element into each chart, which the page's policy refuses. So it draws in a document of its own, and the
 * chart comes into the page without it; report.css says the same.
 */
const drawingBoard = document.implementation.createHTMLDocument('')

function drawn(options: Plot.PlotOptions, label: string): Element {
  const figure = Plot.plot({
    ...options,
    document: drawingBoard,
    className: 'plot',
    style: { background: 'none', fontSize: '12px', overflow: 'visible' },
  })
  for (const style of figure.querySelectorAll('style')) style.remove()
  // The sentence says all; Plot's names of its parts would only be in its way.
  for (const part of figure.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label')
  figure.setAttribute('role', 'img')
  figure.setAttribute('aria-label', label)
  return figure
}

/** So many of the marks of an axis that their texts do not touch; the last is always among them. */
export function everyFew<Item>(items: readonly Item[], width: number, widthOfText: number): readonly Item[] {
  const most = Math.max(1, Math.floor(width / widthOfText))
  const step = Math.ceil(items.length / most)
  return items.filter((_, index) => (items.length - 1 - index) % step === 0)
}

export interface LegendItem {
  readonly text: string
  /** The class that gives it its colour. */
  readonly swatch: string
}

export function legend(items: readonly LegendItem[]): HTMLElement {
  return element(
    'ul',
    { class: 'legend' },
    ...items.map(({ text, swatch }) =>
      element('li', {}, element('span', { class: `swatch ${swatch}`, 'aria-hidden': 'true' }), text),
    ),
  )
}
