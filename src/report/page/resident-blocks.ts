/** Residents beside others, where ARM is known. */
import { shareOf } from '../exact-rounding.js'
import type { CompanyAttendance, ResidentCompanies, ResidentRow } from '../report-data.js'
import { type CompanyVisits, companyVisits, residentOutcomes } from '../totals.js'
import { block, nothing, part } from './block.js'
import { barCell, dataTable, ranking } from './data-table.js'
import { element, nameOf } from './elements.js'
import type { View } from './view.js'

export function residentsPart(view: View): HTMLElement | undefined {
  const { residents } = view.data
  if (!residents) return undefined
  const { companies, leads, attendance } = residents
  return part(
    'residents',
    view.wording.residents.heading,
    companies ? groupsBlock(view, companies) : undefined,
    leads.length > 0 ? leadsBlock(view, leads) : undefined,
    companies && companies.top.length > 0 ? topBlock(view, companies) : undefined,
    attendance ? visitsBlock(view, attendance) : undefined,
  )
}

function groupsBlock(view: View, { residents, others }: ResidentCompanies): HTMLElement {
  const { wording, format } = view
  const { residents: words } = wording
  const most = Math.max(1, residents.companies, others.companies)
  return block(view, {
    id: 'resident-groups',
    title: words.groups,
    note: words.groupsNote,
    obeys: [],
    content: [
      dataTable({
        caption: words.groups,
        columns: [
          { title: words.group },
          { title: words.companies, isText: true },
          { title: words.withLeads },
          { title: words.leads },
          { title: words.won },
          { title: words.revenue },
        ],
        rows: (
          [
            [words.residents, residents, 'accent'],
            [words.others, others, 'other'],
          ] as const
        ).map(([name, group, kind]) => [
          name,
          barCell(format.number(group.companies), [{ share: group.companies / most, kind }]),
          format.number(group.withLeads),
          format.number(group.leads),
          format.number(group.won),
          format.money(group.revenue),
        ]),
      }),
    ],
  })
}

function leadsBlock(view: View, rows: readonly ResidentRow[]): HTMLElement {
  const { wording, format, choice } = view
  const { residents: words } = wording
  const groups = (
    [
      [words.residents, true, 'accent'],
      [words.others, false, 'other'],
    ] as const
  ).map(([name, areResidents, kind]) => ({
    name,
    kind,
    outcomes: residentOutcomes(rows, choice, choice.pipeline, areResidents),
  }))
  const most = Math.max(...groups.map(({ outcomes }) => outcomes.leads))
  return block(view, {
    id: 'resident-leads',
    title: words.leadsOf,
    note: words.leadsOfNote,
    obeys: ['period', 'pipeline'],
    content:
      most === 0
        ? [nothing(words.none)]
        : [
            dataTable({
              caption: words.leadsOf,
              columns: [
                { title: words.group },
                { title: words.leads, isText: true },
                { title: words.won },
                { title: words.lost },
                { title: words.conversion },
                { title: words.price },
              ],
              rows: groups.map(({ name, kind, outcomes: { leads, won, lost, price } }) => [
                name,
                barCell(format.number(leads), [{ share: leads / most, kind }]),
                format.number(won),
                format.number(lost),
                format.percent(shareOf(won, leads)),
                format.money(price),
              ]),
            }),
          ],
  })
}

function topBlock(view: View, { top }: ResidentCompanies): HTMLElement {
  const { wording, format } = view
  const { residents: words } = wording
  const most = Math.max(1, ...top.map(({ revenue }) => revenue))
  return block(view, {
    id: 'top-residents',
    title: words.top,
    obeys: [],
    content: [
      ...ranking('top-residents', count => wording.more(format.number(count)), {
        caption: words.top,
        columns: [
          { title: words.company },
          { title: words.revenue, isText: true },
          { title: words.leads },
          { title: words.won },
        ],
        rows: top.map(({ name, revenue, leads, won }) => [
          nameOf(name, wording.unnamed),
          barCell(format.money(revenue), [{ share: revenue / most, kind: 'accent' }]),
          format.number(leads),
          format.number(won),
        ]),
      }),
    ],
  })
}

function visitsBlock(view: View, attendance: CompanyAttendance): HTMLElement {
  const { wording, format, choice } = view
  const { residents: words } = wording
  const companies = companyVisits(attendance, choice)
  const most = Math.max(1, ...companies.map(({ visits }) => visits))
  const named = ({ name, kind }: CompanyVisits) => {
    if (kind === 'unknown') return element('em', {}, words.notInDirectory)
    if (kind === 'others') return element('em', {}, wording.others(format.number(attendance.others)))
    return nameOf(name, wording.unnamed)
  }
  return block(view, {
    id: 'company-visits',
    title: words.visits,
    note: words.visitsNote,
    obeys: ['period'],
    content:
      companies.length === 0
        ? [nothing(words.none)]
        : [
            ...ranking('company-visits', count => wording.more(format.number(count)), {
              caption: words.visits,
              columns: [
                { title: words.company },
                { title: words.personDays, isText: true },
                { title: words.hours },
              ],
              rows: companies.map(company => [
                named(company),
                barCell(format.number(company.visits), [
                  { share: company.visits / most, kind: company.kind === 'company' ? 'accent' : 'other' },
                ]),
                format.decimal(company.hours, 2),
              ]),
            }),
          ],
  })
}
