import type { JsonObject, JsonValue } from '../../json.js'
import type { Base } from '../world/collection.js'
import { emptyIndex, type SortedIndex, sortedIndex } from '../world/sorted-index.js'
import type { Ids } from './dense-base.js'
import { accountId, userFor } from './dictionaries.js'
import { type Draw, drawing, integer, Stream } from './draw.js'
import type { LeadHistories } from './lead-history.js'
import type { Relations } from './relations.js'
import type { Tasks } from './tasks.js'

/** An event's ordinal: whose it is in the upper 24 bits, which of that one's events in the lower 8. */
const kinds = 256
/** Kinds up to here are a lead's stays: 0 is its creation, 1 its first change of status. */
const Kind = {
  lastStay: 99,
  leadDeleted: 100,
  contactAdded: 101,
  companyAdded: 102,
  taskCompleted: 103,
} as const

const crockford = '0123456789abcdefghjkmnpqrstvwxyz'

function base32(value: number, width: number): string {
  let text = ''
  for (let rest = value; text.length < width; rest = Math.floor(rest / 32)) {
    text = (crockford[rest % 32] ?? '0') + text
  }
  return text
}

function fromBase32(text: string): number {
  return [...text].reduce((value, digit) => value * 32 + crockford.indexOf(digit), 0)
}

/** The journal: what the histories of leads, contacts, companies and tasks say, in the order of time. */
export function events(
  seed: number,
  relations: Relations,
  leads: LeadHistories,
  created: { readonly contact: (contact: number) => number; readonly company: (company: number) => number },
  tasks: Tasks,
  ids: { readonly leads: Ids; readonly contacts: Ids; readonly companies: Ids },
): Base {
  const draw: Draw = drawing(seed, Stream.event)
  const { scale } = relations
  let index: SortedIndex | undefined

  const build = () =>
    sortedIndex(scale.leads * 4.6 + scale.contacts + scale.companies + scale.tasks * 0.75, push => {
      for (let lead = 0; lead < scale.leads; lead += 1) {
        const history = leads.of(lead)
        history.stays.forEach((stay, step) => {
          push(stay.at, lead * kinds + step)
        })
        if (history.isDeleted) push(history.updatedAt, lead * kinds + Kind.leadDeleted)
      }
      for (let contact = 0; contact < scale.contacts; contact += 1) {
        push(created.contact(contact), contact * kinds + Kind.contactAdded)
      }
      for (let company = 0; company < scale.companies; company += 1) {
        push(created.company(company), company * kinds + Kind.companyAdded)
      }
      for (let task = 0; task < scale.tasks; task += 1) {
        const at = tasks.completedAt(task)
        if (at !== null) push(at, task * kinds + Kind.taskCompleted)
      }
    })

  const timeOf = (ordinal: number): number => {
    const [owner, kind] = [Math.floor(ordinal / kinds), ordinal % kinds]
    switch (kind) {
      case Kind.leadDeleted:
        return leads.of(owner).updatedAt
      case Kind.contactAdded:
        return created.contact(owner)
      case Kind.companyAdded:
        return created.company(owner)
      case Kind.taskCompleted:
        return tasks.completedAt(owner) ?? 0
      default:
        return leads.of(owner).stays[kind]?.at ?? 0
    }
  }

  const typeOf = (ordinal: number): string => {
    switch (ordinal % kinds) {
      case 0:
        return 'lead_added'
      case Kind.leadDeleted:
        return 'lead_deleted'
      case Kind.contactAdded:
        return 'contact_added'
      case Kind.companyAdded:
        return 'company_added'
      case Kind.taskCompleted:
        return 'task_completed'
      default:
        return 'lead_status_changed'
    }
  }

  const entityOf = (ordinal: number): readonly [id: number, type: string] => {
    const [owner, kind] = [Math.floor(ordinal / kinds), ordinal % kinds]
    if (kind <= Kind.leadDeleted) return [ids.leads.idOf(owner), 'lead']
    if (kind === Kind.contactAdded) return [ids.contacts.idOf(owner), 'contact']
    if (kind === Kind.companyAdded) return [ids.companies.idOf(owner), 'company']
    return [tasks.idOf(owner), 'task']
  }

  const statusAt = (ordinal: number, stepsBack: number): readonly JsonValue[] => {
    const history = leads.of(Math.floor(ordinal / kinds))
    const stay = history.stays[(ordinal % kinds) - stepsBack]
    return stay ? [{ lead_status: { id: stay.status, pipeline_id: history.pipeline.id } }] : []
  }

  const idOf = (ordinal: number, at: number) =>
    `01${base32(at, 7)}${base32(ordinal, 7)}${base32(integer(draw(ordinal, 1), 2 ** 32), 7)}${base32(ordinal % 7919, 3)}`

  const record = (ordinal: number): JsonObject => {
    const type = typeOf(ordinal)
    const at = timeOf(ordinal)
    const [entityId, entityType] = entityOf(ordinal)
    const isMove = type === 'lead_status_changed'
    return {
      id: idOf(ordinal, at),
      type,
      entity_id: entityId,
      entity_type: entityType,
      created_by: draw(ordinal, 2) < 0.2 ? 0 : userFor(draw(ordinal, 3)),
      created_at: at,
      value_after: isMove ? statusAt(ordinal, 0) : [],
      value_before: isMove ? statusAt(ordinal, 1) : [],
      account_id: accountId,
      _embedded: { entity: { id: entityId } },
    }
  }

  return {
    index: place => {
      if (place !== 'list') return emptyIndex
      index ??= build()
      return index
    },
    ordinalOf: id => {
      if (typeof id !== 'string' || !/^01[0-9a-z]{24}$/.test(id)) return undefined
      const ordinal = fromBase32(id.slice(9, 16))
      const owners = [scale.leads, scale.contacts, scale.companies, scale.tasks]
      if (!(ordinal >= 0) || Math.floor(ordinal / kinds) >= Math.max(...owners)) return undefined
      return idOf(ordinal, timeOf(ordinal)) === id ? ordinal : undefined
    },
    placeOf: () => 'list',
    key: timeOf,
    peek: (ordinal, field) => {
      switch (field) {
        case 'type':
          return typeOf(ordinal)
        case 'created_at':
          return timeOf(ordinal)
        case 'entity_id':
          return entityOf(ordinal)[0]
        case 'entity_type':
          return entityOf(ordinal)[1]
        default:
          return undefined
      }
    },
    record,
  }
}
