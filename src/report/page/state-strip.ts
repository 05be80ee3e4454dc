/** How fresh and how sound the numbers are, above everything else. */
import type { SourceFreshness } from '../report-data.js'
import { dataTable } from './data-table.js'
import { element } from './elements.js'
import type { View } from './view.js'

const marks = { ok: '✓', warning: '!', failed: '×' }

export function stateStrip(view: View): HTMLElement {
  const { wording, data, format } = view
  const { state: words } = wording
  const { state, sources, steps, checks, checksPassed } = data.state
  const notPassed = checks.length
  return element(
    'section',
    { id: 'state', class: `state ${state}`, 'aria-labelledby': 'state-heading' },
    element('h2', { id: 'state-heading', class: 'spoken' }, words.heading),
    element(
      'p',
      { class: 'verdict' },
      element('span', { class: 'mark', 'aria-hidden': 'true' }, marks[state]),
      words[state],
    ),
    element(
      'ul',
      { class: 'sources' },
      ...sources.map(source =>
        element('li', {}, element('strong', {}, words[source.source]), `: ${freshness(view, source)}`),
      ),
      element(
        'li',
        {},
        `${words.passed(format.number(checksPassed))}${
          notPassed === 0 ? '' : `, ${words.notPassed(format.number(notPassed))}`
        }`,
      ),
    ),
    steps.length === 0 && notPassed === 0
      ? undefined
      : element(
          'details',
          { id: 'state-details' },
          element('summary', {}, words.details),
          element(
            'ul',
            { class: 'steps' },
            ...steps.map(({ code, level, count }) =>
              element(
                'li',
                {},
                element('strong', { class: level }, `${words.levels[level]}: `),
                words.steps[code],
                count > 1 ? ` (${format.number(count)})` : undefined,
              ),
            ),
          ),
          notPassed === 0
            ? undefined
            : dataTable({
                caption: words.checksTable,
                columns: [
                  { title: words.check },
                  { title: words.tableName, isText: true },
                  { title: words.outcome, isText: true },
                  { title: words.rows },
                ],
                rows: checks.map(({ check, table, outcome, rows }) => [
                  element('code', {}, check),
                  element('code', {}, table),
                  words.outcomes[outcome],
                  format.number(rows),
                ]),
              }),
          element('p', { class: 'note' }, words.askEngineer),
        ),
  )
}

function freshness({ wording, format }: View, { source, readUntil, isStale }: SourceFreshness): string {
  const { state: words } = wording
  if (readUntil === null) return words.never
  // Days of the gates are read whole: until the end of the last one.
  const known =
    source === 'alaqan'
      ? words.throughDay(format.dayOfInstant(readUntil - 1))
      : words.untilInstant(format.instant(readUntil))
  return isStale ? `${known} — ${words.stale}` : known
}
