/** An amoCRM account in memory: its records, what people do to them, and the events that tell of it. */
import type { JsonObject, JsonValue } from '../../src/json.js'

export type Kind = 'leads' | 'contacts' | 'companies' | 'tasks'
export const kinds = ['companies', 'contacts', 'leads', 'tasks'] as const

/** A record as it is now. Times are Unix seconds. */
export interface AccountRecord {
  readonly id: number
  readonly createdAt: number
  readonly updatedAt: number
  /** What the bin says it was changed at, while it lies there. */
  readonly deletedAt?: number
  /** A merged one is in no bin. */
  readonly state: 'live' | 'deleted' | 'merged'
  /** What the API shows besides id, times and `is_deleted`. */
  readonly body: JsonObject
}

export type AccountEvent = {
  readonly id: string
  readonly type: string
  readonly entity_id: number
  readonly entity_type: string
  readonly created_at: number
  readonly value_before: readonly JsonValue[]
  readonly value_after: readonly JsonValue[]
}

export interface AccountOptions {
  /** Unix seconds. */
  readonly now: () => number
  /** Whether a restored record gets a new `updated_at`; the reference does not say. */
  readonly doesRestoringTouch?: boolean
}

export interface Account {
  /** All records, deleted ones too, by id. */
  records(kind: Kind): readonly AccountRecord[]
  live(kind: Kind): readonly AccountRecord[]
  record(kind: Kind, id: number): AccountRecord
  events(): readonly AccountEvent[]
  /** Lists that are read whole, by their path below /api/v4/. They can be changed. */
  readonly dictionaries: Map<string, readonly JsonObject[]>
  add(kind: Kind, body?: JsonObject, at?: number): number
  change(kind: Kind, id: number, body: JsonObject): void
  remove(kind: Kind, id: number): void
  restore(kind: Kind, id: number): void
  /** The loser vanishes; the event stands at the winner. */
  merge(kind: Kind, loser: number, winner: number): void
}

const singular = { leads: 'lead', contacts: 'contact', companies: 'company', tasks: 'task' } as const
export const users = [100, 101, 102] as const
export const pipelines = [31, 32] as const

/** An account without records, with the dictionaries that every account has. */
export function createAccount({ now, doesRestoringTouch = true }: AccountOptions): Account {
  const stored: Record<Kind, Map<number, AccountRecord>> = {
    leads: new Map(),
    contacts: new Map(),
    companies: new Map(),
    tasks: new Map(),
  }
  const events: AccountEvent[] = []
  let lastId = 1000

  const record = (kind: Kind, id: number): AccountRecord => {
    const found = stored[kind].get(id)
    if (!found) throw new Error(`The account has no ${singular[kind]} ${id}.`)
    return found
  }
  const put = (kind: Kind, changed: AccountRecord): void => void stored[kind].set(changed.id, changed)
  const tell = (kind: Kind, type: string, id: number, values?: readonly [JsonValue, JsonValue]): void => {
    const [before, after] = values ?? []
    events.push({
      id: `01h${String(events.length).padStart(23, '0')}`,
      type,
      entity_id: id,
      entity_type: singular[kind],
      created_at: now(),
      value_before: before === undefined ? [] : [before],
      value_after: after === undefined ? [] : [after],
    })
  }
  const placeOf = ({ status_id, pipeline_id }: JsonObject): JsonObject => ({
    lead_status: { id: status_id ?? null, pipeline_id: pipeline_id ?? null },
  })

  return {
    records: kind => [...stored[kind].values()].sort((a, b) => a.id - b.id),
    live: kind => [...stored[kind].values()].filter(({ state }) => state === 'live'),
    record,
    events: () => events,
    dictionaries: dictionaries(),
    add: (kind, body = {}, at = now()) => {
      lastId += 1
      const whole = { ...defaults(kind, lastId), ...body }
      put(kind, { id: lastId, createdAt: at, updatedAt: at, state: 'live', body: whole })
      tell(kind, `${singular[kind]}_added`, lastId)
      return lastId
    },
    change: (kind, id, body) => {
      const old = record(kind, id)
      const changed = { ...old.body, ...body }
      put(kind, { ...old, updatedAt: now(), body: changed })
      const places = [placeOf(old.body), placeOf(changed)] as const
      const hasMoved = JSON.stringify(places[0]) !== JSON.stringify(places[1])
      if (kind === 'leads' && hasMoved) tell(kind, 'lead_status_changed', id, places)
      if (kind === 'tasks' && changed.is_completed === true && old.body.is_completed !== true)
        tell(kind, 'task_completed', id)
    },
    remove: (kind, id) => {
      put(kind, { ...record(kind, id), state: 'deleted', deletedAt: now() })
      tell(kind, `${singular[kind]}_deleted`, id)
    },
    restore: (kind, id) => {
      const old = record(kind, id)
      put(kind, { ...old, state: 'live', updatedAt: doesRestoringTouch ? now() : old.updatedAt })
      tell(kind, `${singular[kind]}_restored`, id)
    },
    merge: (kind, loser, winner) => {
      put(kind, { ...record(kind, loser), state: 'merged' })
      put(kind, { ...record(kind, winner), updatedAt: now() })
      tell(kind, 'entity_merged', winner)
    },
  }
}

/** A record as it is made where nothing else is said: every shape of the reference once. */
function defaults(kind: Kind, id: number): JsonObject {
  const owner = { responsible_user_id: users[id % 3] ?? 100, group_id: 0, created_by: 0, account_id: 77 }
  switch (kind) {
    case 'leads':
      return {
        ...owner,
        name: `Заявка ${id}`,
        price: (id % 7) * 1000,
        status_id: id % 5 === 0 ? 142 : 311,
        pipeline_id: 31,
        loss_reason_id: null,
        closed_at: null,
        closest_task_at: null,
        custom_fields_values: [textField(501, 'Источник', ' Сайт ')],
        score: null,
        labor_cost: null,
        _embedded: { tags: [{ id: 1, name: 'VIP', color: null }], companies: [], contacts: [] },
      }
    case 'contacts':
      return {
        ...owner,
        name: `Иванов ${id}`,
        first_name: '',
        last_name: `Иванов ${id}`,
        custom_fields_values: [
          { ...textField(601, 'Телефон', '+77001234567'), field_code: 'PHONE', field_type: 'multitext' },
        ],
        _embedded: { tags: [], companies: [], leads: [] },
      }
    case 'companies':
      return {
        ...owner,
        name: `ТОО "Дала ${id}" 🐎`,
        custom_fields_values: null,
        _embedded: { tags: [], contacts: [], leads: [] },
      }
    case 'tasks':
      return {
        ...owner,
        entity_id: 1001,
        entity_type: 'leads',
        duration: 0,
        is_completed: false,
        task_type_id: 1,
        text: `Позвонить ${id}`,
        result: [],
        complete_till: 1_800_000_000,
      }
  }
}

function textField(id: number, name: string, value: string): JsonObject {
  return { field_id: id, field_name: name, field_code: null, field_type: 'text', values: [{ value }] }
}

function dictionaries(): Map<string, readonly JsonObject[]> {
  const statuses = (pipeline: number) =>
    [pipeline * 10 + 1, pipeline * 10 + 2, 142, 143].map((id, index) => ({
      id,
      name: id === 142 ? 'Успех' : id === 143 ? 'Отказ' : `Этап ${id}`,
      sort: (index + 1) * 10,
      is_editable: id > 143,
      pipeline_id: pipeline,
      color: '#fffeb2',
      type: 0,
      account_id: 77,
    }))
  return new Map<string, readonly JsonObject[]>([
    [
      'leads/pipelines',
      pipelines.map(id => ({
        id,
        name: `Воронка ${id}`,
        sort: id,
        is_main: id === 31,
        is_unsorted_on: false,
        is_archive: false,
        account_id: 77,
        _embedded: { statuses: statuses(id) },
      })),
    ],
    ['leads/loss_reasons', [{ id: 9, name: 'Дорого', sort: 1, created_at: 1, updated_at: 1 }]],
    [
      'users',
      users.map(id => ({
        id,
        name: `Менеджер ${id}`,
        email: `m${id}@example.kz`,
        lang: 'ru',
        rights: { is_admin: id === 100, is_active: true, group_id: null, role_id: null },
      })),
    ],
    ['task_types', [{ id: 1, name: 'Звонок', code: 'FOLLOW_UP', color: null, icon_id: null }]],
    ['catalogs', [{ id: 7, name: 'Товары', type: 'products', sort: 1, created_at: 1, updated_at: 1 }]],
    [
      'catalogs/7/elements',
      [{ id: 71, name: 'Аренда', catalog_id: 7, is_deleted: false, created_at: 1, updated_at: 1 }],
    ],
    ['catalogs/7/custom_fields', []],
    ['leads/custom_fields', [{ id: 501, name: 'Источник', type: 'text', code: null, sort: 1 }]],
    ['contacts/custom_fields', [{ id: 601, name: 'Телефон', type: 'multitext', code: 'PHONE', sort: 1 }]],
    ['companies/custom_fields', []],
  ])
}
