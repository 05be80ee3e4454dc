/** The filters: presets, months, pipeline, manager; and a sentence that says what is shown. */
import type { Choice } from '../filters.js'
import { comparability, type Months, monthList, usualMonths } from '../totals.js'
import { element } from './elements.js'
import { managerName, periodName, pipelineName } from './names.js'
import type { View } from './view.js'

export type Choose = (change: Partial<Choice>) => void

export function filterBar(view: View, choose: Choose): HTMLElement {
  const { wording, data, choice, known } = view
  const { filters } = wording
  const pipelines = data.sales?.funnel.pipelines ?? []
  const managers = data.sales?.managers.managers ?? []
  const isUsual =
    isSame(choice, usualMonths(known)) && choice.pipeline === undefined && choice.manager === undefined
  const reset = element('button', { id: 'reset', type: 'button', disabled: isUsual }, filters.reset)
  reset.addEventListener('click', () =>
    choose({ ...usualMonths(known), pipeline: undefined, manager: undefined }),
  )
  const form = element(
    'form',
    { id: 'filters', 'aria-labelledby': 'filters-heading' },
    element('h2', { id: 'filters-heading', class: 'spoken' }, filters.heading),
    presetButtons(view, choose),
    element(
      'div',
      { class: 'fields' },
      monthField(view, 'from', filters.from, choose),
      monthField(view, 'to', filters.to, choose),
      pipelines.length === 0
        ? undefined
        : listField(
            'pipeline',
            filters.pipeline,
            filters.allPipelines,
            pipelines.map((_, place) => pipelineName(view, place)),
            choice.pipeline,
            pipeline => choose({ pipeline }),
          ),
      managers.length === 0
        ? undefined
        : listField(
            'manager',
            filters.manager,
            filters.allManagers,
            managers.map((_, place) => managerName(view, place)),
            choice.manager,
            manager => choose({ manager }),
          ),
      reset,
    ),
  )
  form.addEventListener('submit', event => event.preventDefault())
  return form
}

/** What is shown, in one sentence; it is told to screen readers when it changes. */
export function shownText(view: View): string {
  const { wording, choice, data } = view
  const { filters } = wording
  return filters.shown(
    [
      periodName(view, choice),
      ...(data.sales
        ? [
            choice.pipeline === undefined
              ? filters.allPipelines.toLocaleLowerCase()
              : pipelineName(view, choice.pipeline),
            choice.manager === undefined
              ? filters.allManagers.toLocaleLowerCase()
              : managerName(view, choice.manager),
          ]
        : []),
    ].join(', '),
  )
}

function presetButtons({ wording, choice, known }: View, choose: Choose): HTMLElement {
  const { filters } = wording
  const over = known.to - 1
  const presets: readonly (readonly [id: string, text: string, months: Months])[] = [
    ['current', filters.current, { from: known.to, to: known.to }],
    ['last', filters.last, { from: over, to: over }],
    ['three', filters.three, { from: over - 2, to: over }],
    ['twelve', filters.twelve, { from: over - 11, to: over }],
    ['all', filters.all, known],
  ]
  return element(
    'div',
    { class: 'presets', role: 'group', 'aria-label': filters.presets },
    ...presets
      .filter(([, , { from }]) => from >= known.from)
      .map(([id, text, months]) => {
        const button = element(
          'button',
          { id: `preset-${id}`, type: 'button', 'aria-pressed': isSame(choice, months) ? 'true' : 'false' },
          text,
        )
        button.addEventListener('click', () => choose({ from: months.from, to: months.to }))
        return button
      }),
  )
}

function monthField(view: View, end: 'from' | 'to', label: string, choose: Choose): HTMLElement {
  const { choice, known, format } = view
  const select = element(
    'select',
    { id: end },
    ...[...monthList(known)]
      .reverse()
      .map(month =>
        element('option', { value: month, selected: month === choice[end] }, format.month(month)),
      ),
  )
  select.addEventListener('change', () => {
    const month = Number(select.value)
    // The other end comes along rather than leave nothing between them.
    choose(
      end === 'from'
        ? { from: month, to: Math.max(month, choice.to) }
        : { from: Math.min(month, choice.from), to: month },
    )
  })
  return field(end, label, select)
}

function listField(
  id: string,
  label: string,
  all: string,
  names: readonly string[],
  chosen: number | undefined,
  changed: (place: number | undefined) => void,
): HTMLElement {
  const select = element(
    'select',
    { id },
    element('option', { value: '', selected: chosen === undefined }, all),
    ...names.map((name, place) => element('option', { value: place, selected: place === chosen }, name)),
  )
  select.addEventListener('change', () => changed(select.value === '' ? undefined : Number(select.value)))
  return field(id, label, select)
}

function field(id: string, label: string, control: HTMLElement): HTMLElement {
  return element('div', { class: 'field' }, element('label', { for: id }, label), control)
}

function isSame(one: Months, other: Months): boolean {
  return one.from === other.from && one.to === other.to
}

/** Why the numbers stand without a comparison; undefined where they are compared. */
export function comparisonProblem({ wording, choice, known }: View): string | undefined {
  const reason = comparability(choice, known)
  return reason === undefined ? undefined : wording.compared.reasons[reason]
}
