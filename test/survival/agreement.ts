/** Whether the warehouse says what the fake knows: nothing lost, nothing doubled, marts with the right sums. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/json.js'
import { bronzeTables } from '../../src/tables/bronze.js'
import type { Table } from '../../src/tables/table.js'
import type { Row, Value } from '../../src/warehouse/engine.js'
import type { AccountRecord, Kind } from '../fake/account.js'
import type { Fake } from '../fake/fake.js'
import type { Installation } from '../fake/installation.js'
import { companyRows, funnelRows, managerRows } from './expected-marts.js'

/** Record kinds as `leads 1001`. */
export type Known = ReadonlySet<string>

/** What stands in the account now, for `known` below. */
export function knownNow({ account }: Fake): Known {
  const kinds: readonly Kind[] = ['leads', 'contacts', 'companies', 'tasks']
  return new Set(kinds.flatMap(kind => account.records(kind).map(({ id }) => `${kind} ${id}`)))
}

/** The histories of amoCRM's records. */
const recordTables: readonly Table[] = bronzeTables.filter(({ name }) => name !== 'alaqan_visits')

/**
 * Every difference as a line; none where all is well.
 * @param known records that a run has seen alive: where they are deleted, silver must say so. Of the others a deleted
 *   one may never have been met.
 */
export function disagreements(
  installation: Installation,
  fake: Fake,
  known: Known = new Set(),
): Promise<readonly string[]> {
  return installation.asking(rows => disagreementsWith(rows, fake, known))
}

async function disagreementsWith(
  rowsOf: (sql: string) => Promise<readonly Row[]>,
  fake: Fake,
  known: Known,
): Promise<readonly string[]> {
  const found: string[] = []
  const compare = async (what: string, expected: Iterable<readonly Value[]>, sql: string): Promise<void> => {
    const rows = (await rowsOf(sql)).map(row => Object.values(row))
    found.push(...differences(what, [...expected].map(asLine), rows.map(asLine)))
  }
  const { account, gate } = fake

  await compare(
    'silver lead',
    account.live('leads').map(lead => leadRow(lead, fake)),
    `select lead_id, lead_name, price, responsible_user_id, responsible_user_name, status_id, status_name, pipeline_id,
       pipeline_name, is_won, is_lost, epoch(created_at)::bigint, epoch(updated_at)::bigint,
       epoch(closed_at)::bigint, cf_source, contact_ids, company_ids, tags
     from silver.amocrm_leads where not is_deleted`,
  )
  await compare(
    'silver contact',
    account.live('contacts').map(({ id, updatedAt, body }) => [id, text(body.name), updatedAt]),
    'select contact_id, full_name, epoch(updated_at)::bigint from silver.amocrm_contacts where not is_deleted',
  )
  await compare(
    'silver company',
    account.live('companies').map(({ id, updatedAt, body }) => [id, text(body.name), updatedAt]),
    'select company_id, company_name, epoch(updated_at)::bigint from silver.amocrm_companies where not is_deleted',
  )
  await compare(
    'silver task',
    account
      .live('tasks')
      .map(({ id, updatedAt, body }) => [id, text(body.text), body.is_completed === true, updatedAt]),
    'select task_id, text, is_completed, epoch(updated_at)::bigint from silver.amocrm_tasks where not is_deleted',
  )
  const keys = {
    leads: 'lead_id',
    contacts: 'contact_id',
    companies: 'company_id',
    tasks: 'task_id',
  } as const
  for (const kind of ['leads', 'contacts', 'companies', 'tasks'] as const) {
    const isGone = ({ state, id }: AccountRecord) => state !== 'live' && known.has(`${kind} ${id}`)
    const gone = account.records(kind).filter(isGone)
    const ids = gone.map(({ id }) => id).join(', ') || '0'
    const where = `is_deleted and ${keys[kind]} in (${ids})`
    const marked = `select ${keys[kind]} from silver.amocrm_${kind} where ${where}`
    await compare(
      `deleted ${kind}`,
      gone.map(({ id }) => [id]),
      marked,
    )
    const twice = `select ${keys[kind]} from silver.amocrm_${kind} group by all having count(*) > 1`
    await compare(`twice in silver.amocrm_${kind}:`, [], twice)
  }

  await compare(
    'bronze event',
    account.events().map(({ id, type }) => [id, type]),
    'select id, type from bronze.amocrm_events',
  )
  for (const table of recordTables) {
    const key = table.recordKey?.join(', ') ?? 'id'
    const again = `select ${key} from (select *, row_hash = lag(row_hash) over (partition by ${key} order by rowid) as
      is_again from bronze.${table.name}) where is_again`
    await compare(`unchanged but stored again in bronze.${table.name}:`, [], again)
  }

  const gateEvents = [...gate].flatMap(([day, people]) =>
    [...people].flatMap(([iin, events]) => events.map(({ event, time }) => [day, iin, event, time])),
  )
  const distinct = new Map(gateEvents.map(event => [asLine(event), event])).values()
  const visits = 'select visit_date, iin, event, event_time::varchar from silver.alaqan_visits'
  await compare('silver visit', distinct, visits)
  await compare(
    'a day stored again, unchanged, in bronze.alaqan_visits:',
    [],
    `with loads as (
       select visit_date, load_id, min(rowid) as place,
         string_agg(iin || event || event_time, ',' order by iin, event_no) as content
       from bronze.alaqan_visits group by visit_date, load_id
     )
     select visit_date from (
       select *, content = lag(content) over (partition by visit_date order by place) as is_again from loads
     ) where is_again`,
  )
  await compare(
    'attendance',
    attendanceRows(fake),
    'select visit_date, iin, total_entries, total_exits from gold.alaqan_daily_attendance',
  )
  await compare(
    'funnel',
    funnelRows(fake),
    `select year, month, pipeline_id, status_id, leads_count, total_price, won_count, lost_count
     from gold.amocrm_sales_funnel where leads_count > 0`,
  )
  await compare(
    'manager',
    managerRows(fake),
    `select year, month, responsible_user_id, leads_created, leads_closed_won, leads_closed_lost, total_revenue,
       tasks_completed
     from gold.amocrm_manager_activity`,
  )
  await compare(
    'company',
    companyRows(fake),
    `select company_id, total_leads, won_leads, lost_leads, total_revenue from gold.amocrm_client_analytics`,
  )
  return found
}

function leadRow({ id, createdAt, updatedAt, body }: AccountRecord, { account }: Fake): readonly Value[] {
  const user = account.dictionaries.get('users')?.find(one => one.id === body.responsible_user_id)
  const pipeline = account.dictionaries.get('leads/pipelines')?.find(one => one.id === body.pipeline_id)
  const status = members(pipeline?._embedded, 'statuses').find(one => one.id === body.status_id)
  return [
    id,
    text(body.name),
    number(body.price),
    number(body.responsible_user_id),
    text(user?.name),
    number(body.status_id),
    text(status?.name),
    number(body.pipeline_id),
    text(pipeline?.name),
    body.status_id === 142,
    body.status_id === 143,
    createdAt,
    updatedAt,
    number(body.closed_at),
    'Сайт',
    members(body._embedded, 'contacts').map(one => number(one.id)),
    members(body._embedded, 'companies').map(one => number(one.id)),
    members(body._embedded, 'tags').map(one => text(one.name)),
  ]
}

function* attendanceRows({ gate }: Fake): Iterable<readonly Value[]> {
  for (const [day, people] of gate) {
    for (const [iin, events] of people) {
      const times = (kind: string) =>
        new Set(events.flatMap(({ event, time }) => (event === kind ? [time] : []))).size
      if (events.length > 0) yield [day, iin, times('entry'), times('exit')]
    }
  }
}

/** The objects of an `_embedded` list. */
export function members(embedded: JsonValue | undefined, name: string): readonly JsonObject[] {
  const list = isJsonObject(embedded) ? embedded[name] : undefined
  return Array.isArray(list) ? list.filter(isJsonObject) : []
}

function text(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function number(value: JsonValue | undefined): number | null {
  return typeof value === 'number' ? value : null
}

function asLine(row: readonly Value[]): string {
  return JSON.stringify(row)
}

const mostLines = 5

/** What one side has and the other has not, doubles counted. */
export function differences(
  what: string,
  expected: readonly string[],
  actual: readonly string[],
): readonly string[] {
  const left = new Map<string, number>()
  for (const line of expected) left.set(line, (left.get(line) ?? 0) + 1)
  const extra: string[] = []
  for (const line of actual) {
    const count = left.get(line) ?? 0
    if (count > 0) left.set(line, count - 1)
    else extra.push(line)
  }
  const lost = [...left].flatMap(([line, count]) => Array<string>(count).fill(line))
  const told = (word: string, lines: readonly string[]) => [
    ...lines.slice(0, mostLines).map(line => `${what} ${word}: ${line}`),
    ...(lines.length > mostLines ? [`${what} ${word}: and ${lines.length - mostLines} more`] : []),
  ]
  return [...told('missing', lost), ...told('not expected', extra)]
}
