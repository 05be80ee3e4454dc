import type { Day } from '../../calendar.js'
import type { JsonObject, JsonValue } from '../../json.js'
import { collection } from './collection.js'
import { editableWorld } from './edits.js'
import type { FieldOwner, Gate, World } from './world.js'

/** Literal JSON for both APIs. What is absent is an empty list. */
export interface Listed {
  readonly leads?: readonly JsonValue[]
  /** Rows of the leads' recycle bin, as `with=only_deleted` lists them. */
  readonly bin?: readonly JsonObject[]
  readonly contacts?: readonly JsonValue[]
  readonly companies?: readonly JsonValue[]
  readonly tasks?: readonly JsonValue[]
  readonly events?: readonly JsonValue[]
  readonly users?: readonly JsonValue[]
  readonly pipelines?: readonly JsonValue[]
  readonly lossReasons?: readonly JsonValue[]
  readonly catalogs?: readonly JsonValue[]
  /** By the catalog's id. */
  readonly catalogElements?: Readonly<Record<string, readonly JsonValue[]>>
  readonly customFields?: Readonly<Partial<Record<FieldOwner, readonly JsonValue[]>>>
  /** Served whatever `with` asks for, under the sandbox's own `is_api_filter_enabled`. */
  readonly account?: JsonObject
  /** The value of `data` by day; a day that is not listed answers `data: []`. */
  readonly visits?: Readonly<Record<Day, JsonValue>>
}

const defaultAccount: JsonObject = {
  id: 31_000_001,
  name: 'Песочница',
  subdomain: 'sandbox',
  current_user_id: 100,
  country: 'KZ',
  currency: 'KZT',
  currency_symbol: '₸',
  _embedded: {
    task_types: [
      { id: 1, name: 'Звонок', code: 'FOLLOW_UP' },
      { id: 2, name: 'Встреча', code: 'MEETING' },
    ],
    datetime_settings: { timezone: 'Asia/Almaty' },
  },
}

function listedGate(visits: Readonly<Record<Day, JsonValue>>): Gate {
  const days = new Map<Day, JsonValue>(Object.entries(visits))
  return {
    onDay: day => ({ kind: 'literal', data: days.has(day) ? (days.get(day) ?? null) : [] }),
    ofPerson: (iin, from, to) =>
      [...days]
        .filter(([day]) => day >= from && day <= to)
        .sort(([a], [b]) => (a < b ? 1 : -1))
        .flatMap(([day, people]) => {
          const events = new Map(Object.entries(people ?? {})).get(iin)
          return events === undefined ? [] : [[day, events] as const]
        }),
    setDay: (day, data) => {
      days.set(day, data)
    },
  }
}

/**
 * A world of literal JSON, for tests: every object is served exactly as given, missing fields stay missing, and
 * what is not valid (doubles, objects without an id, other values) is served too. Lists are in the API's order.
 */
export function listedWorld(listed: Listed): World {
  const filled = (values: readonly JsonValue[] = []) => {
    const records = collection()
    for (const value of values) records.append(value)
    return records
  }
  const leads = filled(listed.leads)
  for (const row of listed.bin ?? []) {
    if (typeof row.id === 'number' || typeof row.id === 'string') leads.put(row.id, row, 'bin')
  }
  return editableWorld({
    isLiteral: true,
    collections: {
      leads,
      contacts: filled(listed.contacts),
      companies: filled(listed.companies),
      tasks: filled(listed.tasks),
      events: filled(listed.events),
    },
    dictionaries: {
      account: listed.account ?? defaultAccount,
      users: [...(listed.users ?? [])],
      pipelines: [...(listed.pipelines ?? [])],
      lossReasons: [...(listed.lossReasons ?? [])],
      catalogs: [...(listed.catalogs ?? [])],
      catalogElements: Object.fromEntries(
        Object.entries(listed.catalogElements ?? {}).map(([id, elements]) => [id, [...elements]]),
      ),
      customFields: Object.fromEntries(
        Object.entries(listed.customFields ?? {}).map(([owner, fields]) => [owner, [...(fields ?? [])]]),
      ),
    },
    gate: listedGate(listed.visits ?? {}),
  })
}
