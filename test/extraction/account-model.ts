/**
 * amoCRM's lists as the reference describes them ("Pages", "Filters"), in memory and without a network: what a page
 * holds is decided at the instant at which it is served. Times are Unix seconds.
 */
import type { JsonObject } from '../../src/json.js'
import type { AmocrmClient, Page } from '../../src/sources/amocrm/client.js'

/** What the reference leaves open, and what an account may have or not. */
export interface Behaviour {
  /** `unsaid`: the account does not tell, and the filter does nothing. */
  readonly filter: 'on' | 'off' | 'ignored_in_silence' | 'unsaid'
  /** `reversed`: what was asked for does not matter, which the first page shows. */
  readonly order: 'obeyed' | 'reversed'
  readonly areBoundsInclusive: boolean
  /** In which order records of one second come: by id, or the last edited last. */
  readonly withinSecond: 'id' | 'last_edit'
  /** In which order events come. */
  readonly events: 'newest_first' | 'oldest_first' | 'scattered'
}

export interface Item {
  readonly id: number
  updatedAt: number
  readonly createdAt: number
  /** How often it was edited. */
  edition: number
  place: 'list' | 'bin' | 'gone'
  /** How often it was deleted or restored. */
  moves: number
  /** Counts edits of all records: who was edited last. */
  touch: number
}

export type ModelList = 'leads' | 'tasks' | 'elements' | 'events'

/** An account that can be edited. */
export interface AccountModel {
  /** The server's clock. */
  now: number
  /** Records of whichever list is read. */
  readonly items: Item[]
  readonly events: { readonly id: string; readonly created_at: number; readonly scatter: number }[]
  add(): void
  edit(item: Item): void
  move(item: Item, place: Item['place']): void
  addEvent(): void
  /** The page that a request gets now. */
  serve(target: string): Page
}

export function accountModel(behaviour: Behaviour, start: number): AccountModel {
  let touches = 0
  let eventNumber = 0
  const touch = (item: Item): void => {
    touches += 1
    item.touch = touches
    item.edition += 1
    item.updatedAt = model.now
  }
  const model: AccountModel = {
    now: start,
    items: [],
    events: [],
    add: () => {
      touches += 1
      const { now } = model
      const id = model.items.length + 1
      model.items.push({
        id,
        updatedAt: now,
        createdAt: now,
        edition: 0,
        place: 'list',
        moves: 0,
        touch: touches,
      })
    },
    edit: touch,
    move: (item, place) => {
      touch(item)
      item.place = place
      item.moves += 1
    },
    addEvent: () => {
      eventNumber += 1
      const scatter = (eventNumber * 7919) % 104_729
      model.events.push({ id: `01e${String(eventNumber).padStart(6, '0')}`, created_at: model.now, scatter })
    },
    serve: target => serve(model, behaviour, target),
  }
  return model
}

function serve(model: AccountModel, behaviour: Behaviour, target: string): Page {
  const url = new URL(target, 'https://model.invalid')
  const query = url.searchParams
  const limit = Number(query.get('limit') ?? 50)
  const page = Number(query.get('page') ?? 1)
  const rows = url.pathname.endsWith('/events')
    ? eventRows(model, behaviour, query)
    : itemRows(model, behaviour, url.pathname, query)
  const shown = rows.slice((page - 1) * limit, page * limit)
  query.set('page', String(page + 1))
  const isLast = rows.length <= page * limit
  return {
    answer: {
      request: target,
      status: shown.length > 0 ? 200 : 204,
      receivedAt: model.now * 1000,
      body: Buffer.alloc(0),
      headers: { date: new Date(model.now * 1000).toUTCString() },
      json: undefined,
    },
    records: shown,
    next: isLast || shown.length === 0 ? undefined : `${url.pathname}?${query}`,
  }
}

function itemRows(
  model: AccountModel,
  behaviour: Behaviour,
  path: string,
  query: URLSearchParams,
): JsonObject[] {
  const isFree = path.endsWith('/tasks')
  const isFiltered = !path.includes('elements') && (isFree || behaviour.filter === 'on')
  const place = query.get('with')?.includes('only_deleted') ? 'bin' : 'list'
  const found = model.items.filter(
    item =>
      item.place === place &&
      (!isFiltered || isWithin(item.updatedAt, query, 'updated_at', behaviour.areBoundsInclusive)),
  )
  const within = (a: Item, b: Item) => (behaviour.withinSecond === 'id' ? a.id - b.id : a.touch - b.touch)
  const byUpdate = (a: Item, b: Item) => a.updatedAt - b.updatedAt || within(a, b)
  if (query.has('order[updated_at]')) {
    found.sort(query.get('order[updated_at]') === 'desc' ? (a, b) => byUpdate(b, a) : byUpdate)
    if (behaviour.order === 'reversed') found.reverse()
  } else if (behaviour.order === 'reversed') {
    if (query.has('order[id]')) found.reverse()
    else found.sort((a, b) => b.touch - a.touch)
  }
  return found.map(({ id, updatedAt, createdAt, edition }) => ({
    id,
    price: edition,
    created_at: createdAt,
    updated_at: updatedAt,
  }))
}

function eventRows(model: AccountModel, behaviour: Behaviour, query: URLSearchParams): JsonObject[] {
  const found = model.events.filter(event =>
    isWithin(event.created_at, query, 'created_at', behaviour.areBoundsInclusive),
  )
  if (behaviour.events === 'newest_first') found.reverse()
  if (behaviour.events === 'scattered') found.sort((a, b) => a.scatter - b.scatter)
  return found.map(({ id, created_at }) => ({ id, created_at, type: 'lead_added' }))
}

function isWithin(time: number, query: URLSearchParams, field: string, isInclusive: boolean): boolean {
  const inset = isInclusive ? 0 : 1
  const from = Number(query.get(`filter[${field}][from]`) ?? Number.NEGATIVE_INFINITY)
  const to = Number(query.get(`filter[${field}][to]`) ?? Number.POSITIVE_INFINITY)
  return time >= from + inset && time <= to - inset
}

/** A client of the model; when a request is served, and when its answer comes, is for `request` to say. */
export function modelClient(
  model: AccountModel,
  { filter }: Behaviour,
  request: (target: string) => Promise<Page>,
): AmocrmClient {
  const isFilterEnabled = filter === 'unsaid' ? undefined : filter !== 'off'
  return {
    account: async () => ({
      id: 1,
      subdomain: 'model',
      currentUserId: 1,
      isFilterEnabled,
      timezone: undefined,
      currency: undefined,
      serverTime: model.now * 1000,
    }),
    page: target =>
      target.startsWith('/api/v4/catalogs?') ? Promise.resolve(catalogPage(target)) : request(target),
    record: () => Promise.reject(new Error('the model has no single records')),
  }
}

function catalogPage(target: string): Page {
  const answer = {
    request: target,
    status: 200,
    receivedAt: 0,
    body: Buffer.alloc(0),
    headers: {},
    json: undefined,
  }
  return { answer, records: [{ id: 1, name: 'one' }], next: undefined }
}
