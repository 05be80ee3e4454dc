/** amoCRM's API v4 over an account, as the reference tells it; what it leaves open is an option. */
import { isJsonObject, type JsonObject } from '../../src/json.js'
import type { Account, AccountRecord, Kind } from './account.js'
import { type Answer, json, nothing, problem, type Request } from './exchange.js'

/** How the API behaves. It can be changed while it is used. */
export interface Habits {
  /** Whether filter[updated_at] works on leads, contacts and companies (the paid add-on). */
  isFilterOn: boolean
  /** What the account says about that. */
  doesAccountSayFilterOn: boolean
  /** Whether a record exactly at a bound is in the list. */
  areBoundsInclusive: boolean
  /** Ignored: records come in an order that has to do with nothing. */
  isOrderObeyed: boolean
  /** Records that a page holds at most, besides the API's own limits. */
  pageSize: number
  /** Events come newest first, or in an order that has to do with nothing. */
  eventOrder: 'newest first' | 'scrambled'
}

export const documentedHabits: Habits = {
  isFilterOn: true,
  doesAccountSayFilterOn: true,
  areBoundsInclusive: true,
  isOrderObeyed: true,
  pageSize: 250,
  eventOrder: 'newest first',
}

/** A record that the API can list, with the times that it can be filtered and ordered by. */
interface Listed {
  readonly id: number | string
  readonly times: Readonly<Record<string, number>>
  readonly shown: JsonObject
}

/** @returns what answers a GET below /api/v4/, whoever asks */
export function amocrmApi(account: Account, habits: Habits): (request: Request) => Answer {
  return ({ url }) => {
    const path = url.pathname.replace('/api/v4/', '')
    if (path === 'account') return json(accountShown(account, habits, url))
    const extras = (url.searchParams.get('with') ?? '').split(',')
    const [list = '', id] = path.split('/')
    if (isKind(list) && id !== undefined && /^\d+$/.test(id))
      return oneRecord(account, list, Number(id), extras)
    if (isKind(path)) {
      const isBin = path === 'leads' && extras.includes('only_deleted')
      const listed = account
        .records(path)
        .filter(({ state }) => state === (isBin ? 'deleted' : 'live'))
        .map(record => listedRecord(path, record, extras, isBin))
      return page(url, path, narrowed(url, listed, path === 'tasks' || habits.isFilterOn, habits), habits)
    }
    if (path === 'events') return page(url, path, eventsListed(account, url, habits), habits)
    const entries = account.dictionaries.get(path)
    if (!entries) return problem(404, 'Not found')
    const listed = entries.map(shown => ({ id: Number(shown.id), times: {}, shown }))
    const name = path.split('/').at(-1) ?? path
    if (path === 'leads/pipelines') return json({ _links: {}, _embedded: { pipelines: entries } })
    return page(url, name, listed, habits)
  }
}

function isKind(text: string): text is Kind {
  return text === 'leads' || text === 'contacts' || text === 'companies' || text === 'tasks'
}

function accountShown(account: Account, habits: Habits, url: URL): JsonObject {
  const extras = (url.searchParams.get('with') ?? '').split(',')
  const has = (name: string) => extras.includes(name)
  return {
    id: 77,
    name: 'Пример',
    subdomain: 'example',
    current_user_id: 100,
    country: 'KZ',
    ...(has('is_api_filter_enabled') ? { is_api_filter_enabled: habits.doesAccountSayFilterOn } : {}),
    _links: {},
    _embedded: {
      ...(has('task_types') ? { task_types: account.dictionaries.get('task_types') ?? [] } : {}),
      ...(has('datetime_settings') ? { datetime_settings: { timezone: 'Asia/Almaty' } } : {}),
    },
  }
}

/** A single one: nothing where it does not exist, and a deleted one cannot be had. */
function oneRecord(account: Account, kind: Kind, id: number, extras: readonly string[]): Answer {
  const found = account.live(kind).find(record => record.id === id)
  return found ? json(listedRecord(kind, found, extras, false).shown) : nothing
}

function listedRecord(
  kind: Kind,
  { id, createdAt, updatedAt: changedAt, deletedAt = changedAt, body }: AccountRecord,
  extras: readonly string[],
  isBin: boolean,
): Listed {
  const updatedAt = isBin ? deletedAt : changedAt
  const times = {
    created_at: createdAt,
    updated_at: updatedAt,
    complete_till: Number(body.complete_till ?? 0),
  }
  if (isBin) {
    const nulls = Object.fromEntries(Object.keys(body).map(key => [key, null]))
    const shown = { ...nulls, id, updated_at: updatedAt, updated_by: 100, is_deleted: true, account_id: 77 }
    return { id, times, shown }
  }
  const wanted = Object.entries(embeddedIn(body)).filter(
    ([name]) => name === 'tags' || name === 'companies' || extras.includes(name),
  )
  const shown = {
    id,
    ...body,
    created_at: createdAt,
    updated_at: updatedAt,
    updated_by: 100,
    ...(kind === 'tasks' || kind === 'contacts' ? {} : { is_deleted: false }),
    ...(kind === 'tasks' ? {} : { _embedded: Object.fromEntries(wanted) }),
  }
  return { id, times, shown }
}

function embeddedIn({ _embedded: embedded }: JsonObject): JsonObject {
  return isJsonObject(embedded) ? embedded : {}
}

function eventsListed(account: Account, url: URL, habits: Habits): readonly Listed[] {
  const types = url.searchParams.getAll('filter[type][]')
  const listed = account
    .events()
    .filter(({ type }) => types.length === 0 || types.includes(type))
    .map(event => ({
      id: event.id,
      times: { created_at: event.created_at },
      shown: { ...event, created_by: 100 },
    }))
  const narrow = narrowed(url, listed, true, { ...habits, isOrderObeyed: true })
  return habits.eventOrder === 'scrambled' ? [...narrow].sort(byScramble) : [...narrow].reverse()
}

/** What the filters leave, in the order that was asked for; ids decide between equals. */
function narrowed(
  url: URL,
  listed: readonly Listed[],
  isFilterOn: boolean,
  habits: Habits,
): readonly Listed[] {
  let left = [...listed]
  const ids = [...url.searchParams].filter(([name]) => /^filter\[id\](\[\d*\])?$/.test(name))
  if (isFilterOn && ids.length > 0)
    left = left.filter(({ id }) => ids.some(([, text]) => text === String(id)))
  for (const [name, text] of url.searchParams) {
    const [, field = '', end = ''] = /^filter\[(\w+_at)\]\[(from|to)\]$/.exec(name) ?? []
    if (!isFilterOn || field === '') continue
    const slack = habits.areBoundsInclusive ? 0 : 1
    const bound = Number(text) + (end === 'from' ? slack : -slack)
    left = left.filter(({ times }) =>
      end === 'from' ? (times[field] ?? 0) >= bound : (times[field] ?? 0) <= bound,
    )
  }
  const order = [...url.searchParams].find(([name]) => name.startsWith('order['))
  if (!habits.isOrderObeyed) return left.sort(byScramble)
  if (!order) return left
  const field = order[0].slice('order['.length, -1)
  const sign = order[1] === 'desc' ? -1 : 1
  const valueIn = ({ id, times }: Listed) => (field === 'id' ? Number(id) : (times[field] ?? 0))
  return left.sort((a, b) => sign * (valueIn(a) - valueIn(b)) || Number(a.id) - Number(b.id))
}

function byScramble(a: Listed, b: Listed): number {
  return scramble(a.id) - scramble(b.id)
}

function scramble(id: number | string): number {
  return (Number(String(id).slice(-7)) * 2_654_435_761) % 4_294_967_296
}

/** A page of the list, with the link to the next; 204 where it is empty. */
function page(url: URL, name: string, listed: readonly Listed[], { pageSize }: Habits): Answer {
  const most = name === 'events' ? 100 : 250
  const asked = Number(url.searchParams.get('limit') ?? 50)
  const limit = Math.min(asked >= 1 && asked <= most ? asked : 50, pageSize)
  const number = Math.max(1, Number(url.searchParams.get('page') ?? 1))
  const shown = listed.slice((number - 1) * limit, number * limit).map(record => record.shown)
  if (shown.length === 0) return nothing
  const linkTo = (to: number) => {
    const link = new URL(url)
    link.searchParams.set('page', String(to))
    return { href: link.href }
  }
  const hasNext = listed.length > number * limit
  const links = { self: linkTo(number), ...(hasNext ? { next: linkTo(number + 1) } : {}) }
  return json({ _page: number, _links: links, _embedded: { [name]: shown } })
}
