/** Sales as the report has them. What there can be any number of is cut to the first ones, with the rest as one, so that sums agree. */
import type { PresentTables } from '../pipeline/status/present-tables.js'
import {
  goldAmocrmClientAnalytics,
  goldAmocrmManagerActivity,
  goldAmocrmSalesFunnel,
  goldAmocrmStageConversion,
} from '../tables/gold.js'
import type { Row, Value } from '../warehouse/engine.js'
import {
  type ClientFacts,
  type FunnelFacts,
  type FunnelRow,
  type ManagerFacts,
  type ManagerRow,
  type Pipeline,
  putTogether,
  type SalesFacts,
  type StageRow,
} from './report-data.js'
import type { ReportPeriod } from './report-period.js'

/** So many are listed by themselves. */
export const listed = { pipelines: 15, managers: 150, clients: 50 }

const wonStatus = 142
const lostStatus = 143

export async function readSales(present: PresentTables, period: ReportPeriod): Promise<SalesFacts> {
  const inPeriod = `year * 12 + month - 1 between ${period.firstMonth} and ${period.lastMonth}`
  const funnel = await present.rowsOf(
    [goldAmocrmSalesFunnel],
    `select year * 12 + month - 1 as month_no, pipeline_id, status_id, pipeline_name, status_name, status_sort,
       leads_count, total_price
     from gold.amocrm_sales_funnel where ${inPeriod}
     order by month_no, pipeline_id, status_id`,
  )
  const stages = await present.rowsOf(
    [goldAmocrmStageConversion],
    `select year * 12 + month - 1 as month_no, pipeline_id, status_id, pipeline_name, status_name, status_sort,
       leads_entered, leads_moved_on, leads_won, leads_lost,
       cast(median_days_in_stage * 100 as bigint) as median_days
     from gold.amocrm_stage_conversion where ${inPeriod}
     order by month_no, pipeline_id, status_id`,
  )
  const managers = await present.rowsOf(
    [goldAmocrmManagerActivity],
    `select year * 12 + month - 1 as month_no, responsible_user_id, responsible_user_name, leads_created,
       leads_closed_won, leads_closed_lost, total_revenue, tasks_completed, avg_deal_cycle_days
     from gold.amocrm_manager_activity where ${inPeriod}
     order by month_no, responsible_user_id`,
  )
  const pipelines = pipelinesIn([...stages, ...funnel], funnel)
  return {
    funnel: { pipelines: pipelines.list, rows: funnelRows(funnel, pipelines) },
    stages: stageRows(stages, pipelines),
    managers: managerFacts(managers),
    clients: await readClients(present),
  }
}

/** The pipelines that are listed, and where in the list a pipeline and a status of it stand. */
export interface ListedPipelines {
  readonly list: readonly Pipeline[]
  placeOf(pipelineId: Value | undefined): number | undefined
  statusPlace(pipelineId: Value | undefined, statusId: Value | undefined): number
}

/**
 * @param rows all that name a pipeline and a status, in the order of time: the last name is the one that is shown
 * @param counted those by whose leads the first pipelines are chosen
 */
function pipelinesIn(rows: readonly Row[], counted: readonly Row[]): ListedPipelines {
  const found = new Map<number, { name: string | null; leads: number; statuses: Map<number, Row> }>()
  for (const row of rows) {
    const id = Number(row.pipeline_id)
    const pipeline = found.get(id) ?? { name: null, leads: 0, statuses: new Map() }
    pipeline.name = textOf(row.pipeline_name) ?? pipeline.name
    pipeline.statuses.set(Number(row.status_id), row)
    found.set(id, pipeline)
  }
  for (const row of counted) {
    const pipeline = found.get(Number(row.pipeline_id))
    if (pipeline) pipeline.leads += Number(row.leads_count)
  }
  const inOrder = [...found].sort(([a, one], [b, other]) => other.leads - one.leads || a - b)
  const first = inOrder.length > listed.pipelines ? inOrder.slice(0, listed.pipelines - 1) : inOrder
  const list = first.map(([id, { name, statuses }]): Pipeline & { readonly ids: readonly number[] } => {
    const sorted = [...statuses].sort(([a, one], [b, other]) => sortOf(one) - sortOf(other) || a - b)
    return {
      id,
      name,
      ids: sorted.map(([statusId]) => statusId),
      statuses: sorted.map(([statusId, row]) => ({
        name: textOf(row.status_name),
        place: numberOrNull(row.status_sort),
        kind: kindOf(statusId),
      })),
    }
  })
  const rest: Pipeline = {
    id: putTogether,
    name: null,
    statuses: (['open', 'won', 'lost'] as const).map((kind, place) => ({ name: null, place, kind })),
  }
  const places = new Map(list.map(({ id, ids }, place) => [id, { place, ids }]))
  const hasRest = first.length < inOrder.length
  return {
    list: [...list.map(({ id, name, statuses }) => ({ id, name, statuses })), ...(hasRest ? [rest] : [])],
    placeOf: id => places.get(Number(id))?.place ?? (hasRest ? list.length : undefined),
    statusPlace: (id, statusId) => {
      const listedOne = places.get(Number(id))
      if (listedOne) return listedOne.ids.indexOf(Number(statusId))
      return ['open', 'won', 'lost'].indexOf(kindOf(Number(statusId)))
    },
  }
}

function sortOf(row: Row): number {
  return numberOrNull(row.status_sort) ?? Number.MAX_SAFE_INTEGER
}

function kindOf(statusId: number): 'open' | 'won' | 'lost' {
  return statusId === wonStatus ? 'won' : statusId === lostStatus ? 'lost' : 'open'
}

/** A status without leads has a row in gold, and none here. */
function funnelRows(rows: readonly Row[], pipelines: ListedPipelines): FunnelFacts['rows'] {
  const sums = new Map<string, [number, number, number, number, number]>()
  for (const row of rows) {
    const pipeline = pipelines.placeOf(row.pipeline_id)
    if (pipeline === undefined || Number(row.leads_count) === 0) continue
    const status = pipelines.statusPlace(row.pipeline_id, row.status_id)
    const month = Number(row.month_no)
    const key = `${month} ${pipeline} ${status}`
    const sum = sums.get(key)
    const [leads, price] = [Number(row.leads_count), Number(row.total_price)]
    if (sum) {
      sum[3] += leads
      sum[4] += price
    } else sums.set(key, [month, pipeline, status, leads, price])
  }
  return [...sums.values()] satisfies readonly FunnelRow[]
}

/** Of listed pipelines alone: stages of different pipelines cannot be put together. */
function stageRows(rows: readonly Row[], pipelines: ListedPipelines): readonly StageRow[] {
  return rows.flatMap((row): readonly StageRow[] => {
    const pipeline = pipelines.placeOf(row.pipeline_id)
    if (pipeline === undefined || pipelines.list[pipeline]?.id === putTogether) return []
    return [
      [
        Number(row.month_no),
        pipeline,
        pipelines.statusPlace(row.pipeline_id, row.status_id),
        Number(row.leads_entered),
        Number(row.leads_moved_on),
        Number(row.leads_won),
        Number(row.leads_lost),
        numberOrNull(row.median_days),
      ],
    ]
  })
}

function managerFacts(rows: readonly Row[]): ManagerFacts {
  const found = new Map<number, { name: string | null; deeds: number }>()
  for (const row of rows) {
    const id = Number(row.responsible_user_id)
    const manager = found.get(id) ?? { name: null, deeds: 0 }
    manager.name = textOf(row.responsible_user_name) ?? manager.name
    manager.deeds +=
      Number(row.leads_created) +
      Number(row.leads_closed_won) +
      Number(row.leads_closed_lost) +
      Number(row.tasks_completed)
    found.set(id, manager)
  }
  const inOrder = [...found].sort(([a, one], [b, other]) => other.deeds - one.deeds || a - b)
  const first = inOrder.length > listed.managers ? inOrder.slice(0, listed.managers - 1) : inOrder
  const places = new Map(first.map(([id], place) => [id, place]))
  const others = inOrder.length - first.length
  const sums = new Map<string, Closed>()
  const kept: ManagerRow[] = []
  for (const row of rows) {
    const place = places.get(Number(row.responsible_user_id))
    const values = managerRow(row, place ?? first.length)
    if (place !== undefined) kept.push(values)
    else addTo(sums, values)
  }
  return {
    managers: [
      ...first.map(([id, { name }]) => ({ id, name })),
      ...(others > 0 ? [{ id: putTogether, name: null }] : []),
    ],
    others,
    rows: [...kept, ...[...sums.values()].map(({ row }) => row)],
  }
}

interface Closed {
  row: ManagerRow
  /** Won leads with a known cycle, and the sum of their days as far as averages tell it. */
  timed: number
  days: number
}

function managerRow(row: Row, place: number): ManagerRow {
  return [
    Number(row.month_no),
    place,
    Number(row.leads_created),
    Number(row.leads_closed_won),
    Number(row.leads_closed_lost),
    Number(row.total_revenue),
    Number(row.tasks_completed),
    numberOrNull(row.avg_deal_cycle_days),
  ]
}

function addTo(sums: Map<string, Closed>, added: ManagerRow): void {
  const [month, place, created, won, lost, revenue, tasks, cycle] = added
  const sum = sums.get(String(month)) ?? { row: [month, place, 0, 0, 0, 0, 0, null], timed: 0, days: 0 }
  if (cycle !== null) {
    sum.timed += won
    sum.days += won * cycle
  }
  const before = sum.row
  sum.row = [
    month,
    place,
    before[2] + created,
    before[3] + won,
    before[4] + lost,
    before[5] + revenue,
    before[6] + tasks,
    sum.timed === 0 ? null : Math.round(sum.days / sum.timed),
  ]
  sums.set(String(month), sum)
}

async function readClients(present: PresentTables): Promise<ClientFacts> {
  const [all] = await present.rowsOf(
    [goldAmocrmClientAnalytics],
    `select count(*) as companies,
       count(case when total_leads > 0 then 1 end) as with_leads,
       count(case when won_leads > 0 then 1 end) as with_won,
       count(case when won_leads > 1 then 1 end) as returning_ones,
       coalesce(sum(total_revenue), 0) as revenue
     from gold.amocrm_client_analytics`,
  )
  const top = await present.rowsOf(
    [goldAmocrmClientAnalytics],
    `select company_name, total_leads, won_leads, lost_leads, total_revenue, last_deal_date
     from gold.amocrm_client_analytics where total_leads > 0
     order by total_revenue desc, won_leads desc, total_leads desc, company_id limit ${listed.clients}`,
  )
  return {
    companies: Number(all?.companies ?? 0),
    withLeads: Number(all?.with_leads ?? 0),
    withWon: Number(all?.with_won ?? 0),
    returning: Number(all?.returning_ones ?? 0),
    revenue: Number(all?.revenue ?? 0),
    top: top.map(row => ({
      name: textOf(row.company_name),
      leads: Number(row.total_leads),
      won: Number(row.won_leads),
      lost: Number(row.lost_leads),
      revenue: Number(row.total_revenue),
      lastDeal: textOf(row.last_deal_date),
    })),
  }
}

export function textOf(value: Value | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}

function numberOrNull(value: Value | undefined): number | null {
  return value === null || value === undefined ? null : Number(value)
}
