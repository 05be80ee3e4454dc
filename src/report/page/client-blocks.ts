/** Clients: the first ones, over all time. */
import { block, nothing, part } from './block.js'
import { barCell, ranking } from './data-table.js'
import { element, nameOf } from './elements.js'
import type { View } from './view.js'

export function clientsPart(view: View): HTMLElement | undefined {
  const { data, wording, format } = view
  const clients = data.sales?.clients
  const { clients: words } = wording
  if (!clients) return undefined
  if (clients.top.length === 0) return part('clients', words.heading, nothing(words.none))
  const most = Math.max(1, ...clients.top.map(({ revenue }) => revenue))
  const title = words.top(format.number(clients.top.length))
  const figures = [
    [words.all, clients.companies],
    [words.withLeads, clients.withLeads],
    [words.withWon, clients.withWon],
    [words.returning, clients.returning],
  ] as const
  return part(
    'clients',
    words.heading,
    block(view, {
      id: 'top-clients',
      title,
      obeys: [],
      content: [
        element(
          'dl',
          { class: 'figures' },
          ...figures.map(([name, count]) =>
            element('div', {}, element('dt', {}, name), element('dd', {}, format.number(count))),
          ),
          element(
            'div',
            {},
            element('dt', {}, words.revenue),
            element('dd', {}, format.money(clients.revenue)),
          ),
        ),
        ...ranking('top-clients', count => wording.more(format.number(count)), {
          caption: title,
          columns: [
            { title: words.company },
            { title: words.revenue, isText: true },
            { title: words.leads },
            { title: words.won },
            { title: words.lost },
            { title: words.lastDeal },
          ],
          rows: clients.top.map(({ name, revenue, leads, won, lost, lastDeal }) => [
            nameOf(name, wording.unnamed),
            barCell(format.money(revenue), [{ share: revenue / most, kind: 'accent' }]),
            format.number(leads),
            format.number(won),
            format.number(lost),
            lastDeal === null ? '—' : format.day(lastDeal),
          ]),
        }),
      ],
    }),
  )
}
