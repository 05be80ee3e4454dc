/** The frame of a block: a heading, what it counts, which filters it obeys, a chart, and its table. */
import { type Child, element } from './elements.js'
import type { View } from './view.js'

export type Filter = 'period' | 'pipeline' | 'manager'

export interface BlockParts {
  /** Unique on the page. */
  readonly id: string
  readonly title: string
  readonly note?: string | undefined
  /** Undefined: the block has no filter, since it shows a moment. */
  readonly obeys: readonly Filter[]
  readonly content: readonly Child[]
}

export function block(view: View, { id, title, note, obeys, content }: BlockParts): HTMLElement {
  const headingId = `${id}-title`
  return element(
    'article',
    { id, class: 'block', 'aria-labelledby': headingId },
    element('h3', { id: headingId, dir: 'auto' }, title),
    note === undefined ? undefined : element('p', { class: 'note' }, note),
    ...content,
    element('p', { class: 'obeys' }, obeyedText(view, obeys)),
  )
}

/** Which filters a block obeys, and which of those that are set it cannot. */
export function obeyedText(view: View, obeys: readonly Filter[], none?: string): string {
  const { wording, choice, data } = view
  const { filters } = wording
  const names = { period: filters.period, pipeline: filters.pipelineName, manager: filters.managerName }
  const obeyed =
    obeys.length === 0
      ? (none ?? filters.obeysNone)
      : filters.obeyed(obeys.map(name => names[name]).join(', '))
  const set: readonly Filter[] = [
    ...(choice.pipeline === undefined ? [] : ['pipeline' as const]),
    ...(choice.manager === undefined ? [] : ['manager' as const]),
  ]
  const ignored = data.sales && obeys.length > 0 ? set.filter(name => !obeys.includes(name)) : []
  return ignored.length === 0
    ? obeyed
    : `${obeyed} · ${filters.ignored(ignored.map(name => names[name]).join(', '))}`
}

/** A part of the page with blocks. */
export function part(id: string, heading: string, ...blocks: readonly Child[]): HTMLElement {
  const headingId = `${id}-heading`
  return element(
    'section',
    { id, class: 'part', 'aria-labelledby': headingId },
    element('h2', { id: headingId }, heading),
    element('div', { class: 'blocks' }, ...blocks),
  )
}

/** A sentence where there is nothing to show. */
export function nothing(sentence: string): HTMLElement {
  return element('p', { class: 'nothing' }, sentence)
}
