/** Residents beside others, where ARM is known: its report on companies, and its directory of who belongs to which. */
import type { PresentTables } from '../pipeline/status/present-tables.js'
import {
  goldAlaqanCompanyAttendance,
  goldAmocrmSalesFunnelResidents,
  goldCrmArmResidents,
} from '../tables/gold.js'
import type { Row, Value } from '../warehouse/engine.js'
import {
  type CompanyAttendance,
  type GroupOfCompanies,
  putTogether,
  type ResidentCompanies,
  type ResidentFacts,
  type ResidentRow,
  type SalesFacts,
} from './report-data.js'
import type { ReportPeriod } from './report-period.js'
import { textOf } from './sales-facts.js'

const listed = { residents: 30, companies: 30 }

/** What `gold.alaqan_company_attendance` calls those whom the directory does not know. */
const unknownCompany = 'unknown'

/** Undefined where none of ARM's marts has a row. */
export async function readResidents(
  present: PresentTables,
  sales: SalesFacts | undefined,
  period: ReportPeriod,
): Promise<ResidentFacts | undefined> {
  const companies = await readCompanies(present)
  const leads = await readLeads(present, sales, period)
  const attendance = await readCompanyAttendance(present, period)
  return companies || leads.length > 0 || attendance ? { companies, leads, attendance } : undefined
}

async function readCompanies(present: PresentTables): Promise<ResidentCompanies | null> {
  const groups = await present.rowsOf(
    [goldCrmArmResidents],
    `select coalesce(is_resident, false) as is_one, count(*) as companies,
       count(case when total_leads > 0 then 1 end) as with_leads,
       coalesce(sum(total_leads), 0) as leads, coalesce(sum(won_leads), 0) as won,
       coalesce(sum(total_revenue), 0) as revenue
     from gold.crm_arm_residents group by coalesce(is_resident, false)`,
  )
  if (groups.length === 0) return null
  const top = await present.rowsOf(
    [goldCrmArmResidents],
    `select company_name, total_leads, won_leads, total_revenue from gold.crm_arm_residents
     where is_resident and total_leads > 0
     order by total_revenue desc, won_leads desc, total_leads desc, bin limit ${listed.residents}`,
  )
  return {
    residents: groupOf(groups.find(row => row.is_one === true)),
    others: groupOf(groups.find(row => row.is_one === false)),
    top: top.map(row => ({
      name: textOf(row.company_name),
      leads: Number(row.total_leads),
      won: Number(row.won_leads),
      revenue: Number(row.total_revenue),
    })),
  }
}

function groupOf(row: Row | undefined): GroupOfCompanies {
  return {
    companies: Number(row?.companies ?? 0),
    withLeads: Number(row?.with_leads ?? 0),
    leads: Number(row?.leads ?? 0),
    won: Number(row?.won ?? 0),
    revenue: Number(row?.revenue ?? 0),
  }
}

async function readLeads(
  present: PresentTables,
  sales: SalesFacts | undefined,
  { firstMonth, lastMonth }: ReportPeriod,
): Promise<readonly ResidentRow[]> {
  const pipelines = sales?.funnel.pipelines ?? []
  const places = new Map<Value | undefined, number>(pipelines.map(({ id }, place) => [id, place]))
  const rows = await present.rowsOf(
    [goldAmocrmSalesFunnelResidents],
    `select year * 12 + month - 1 as month_no, pipeline_id, coalesce(is_resident, false) as is_one,
       sum(leads_count) as leads, sum(won_count) as won, sum(lost_count) as lost, sum(total_price) as price
     from gold.amocrm_sales_funnel_residents
     where year * 12 + month - 1 between ${firstMonth} and ${lastMonth}
     group by year * 12 + month - 1, pipeline_id, coalesce(is_resident, false)
     order by month_no, pipeline_id, is_one`,
  )
  const sums = new Map<string, [number, number, 0 | 1, number, number, number, number]>()
  for (const row of rows) {
    const place = places.get(row.pipeline_id) ?? places.get(putTogether)
    if (place === undefined) continue
    const isResident = row.is_one === true ? 1 : 0
    const month = Number(row.month_no)
    const key = `${month} ${place} ${isResident}`
    const sum = sums.get(key) ?? [month, place, isResident, 0, 0, 0, 0]
    sum[3] += Number(row.leads)
    sum[4] += Number(row.won)
    sum[5] += Number(row.lost)
    sum[6] += Number(row.price)
    sums.set(key, sum)
  }
  return [...sums.values()]
}

async function readCompanyAttendance(
  present: PresentTables,
  { firstMonth, lastMonth }: ReportPeriod,
): Promise<CompanyAttendance | null> {
  const rows = await present.rowsOf(
    [goldAlaqanCompanyAttendance],
    `select year * 12 + month - 1 as month_no, bin, company_name, visits, cast(hours * 100 as bigint) as hours
     from gold.alaqan_company_attendance
     where year * 12 + month - 1 between ${firstMonth} and ${lastMonth}
     order by month_no, bin`,
  )
  // Without a directory nobody's company is known, and there is nothing to tell.
  if (rows.every(row => row.bin === unknownCompany)) return null
  const found = new Map<string, { name: string | null; visits: number }>()
  for (const row of rows) {
    const bin = String(row.bin)
    const company = found.get(bin) ?? { name: null, visits: 0 }
    company.name = textOf(row.company_name) ?? company.name
    company.visits += Number(row.visits)
    found.set(bin, company)
  }
  const known = [...found].filter(([bin]) => bin !== unknownCompany)
  const inOrder = known.sort(([a, one], [b, other]) => other.visits - one.visits || (a < b ? -1 : 1))
  const first = inOrder.length > listed.companies ? inOrder.slice(0, listed.companies - 1) : inOrder
  const others = inOrder.length - first.length
  const places = new Map(first.map(([bin], place) => [bin, place]))
  const unknownPlace = first.length
  const companies: CompanyAttendance['companies'] = [
    ...first.map(([, { name }]) => ({ name, kind: 'company' as const })),
    { name: null, kind: 'unknown' },
    ...(others > 0 ? [{ name: null, kind: 'others' as const }] : []),
  ]
  const placeOf = (bin: string) =>
    bin === unknownCompany ? unknownPlace : (places.get(bin) ?? unknownPlace + 1)
  const sums = new Map<string, [number, number, number, number]>()
  for (const row of rows) {
    const place = placeOf(String(row.bin))
    const month = Number(row.month_no)
    const key = `${month} ${place}`
    const sum = sums.get(key) ?? [month, place, 0, 0]
    sum[2] += Number(row.visits)
    sum[3] += Number(row.hours)
    sums.set(key, sum)
  }
  return { companies, others, rows: [...sums.values()] }
}
