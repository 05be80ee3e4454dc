/** What people do in an account while nobody reads it, as plain data that fast-check can make and shrink. */
import fc from 'fast-check'
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/json.js'
import { listedWorld, type MovableClock, type World } from '../../src/sandbox/sandbox.js'
import {
  company,
  contact,
  gateDay,
  iins,
  pipeline as inventedPipeline,
  lead,
  task,
  user,
} from './invented-account.js'

type Records = 'leads' | 'contacts' | 'companies' | 'tasks'

export type Edit =
  | { readonly kind: 'change'; readonly of: Records; readonly pick: number; readonly patch: JsonObject }
  | { readonly kind: 'delete' | 'restore'; readonly of: Records; readonly pick: number }
  | { readonly kind: 'add'; readonly of: Records; readonly month: number }
  | { readonly kind: 'rename_user'; readonly user: number; readonly name: string }
  | { readonly kind: 'remove_user'; readonly user: number }
  | { readonly kind: 'rename_pipeline'; readonly pipeline: number; readonly name: string }
  | { readonly kind: 'remove_pipeline'; readonly pipeline: number }
  | {
      readonly kind: 'rename_status'
      readonly pipeline: number
      readonly status: number
      readonly name: string
    }
  | { readonly kind: 'remove_status'; readonly pipeline: number; readonly status: number }
  | { readonly kind: 'visits'; readonly day: number; readonly people: readonly string[] }
  | { readonly kind: 'merge'; readonly loser: number; readonly winner: number }
  | { readonly kind: 'pass'; readonly seconds: number }

/** What the models read of amoCRM; to load the other entities only costs time in tests. */
export const modelEntities = [
  'pipelines',
  'users',
  'companies',
  'contacts',
  'leads',
  'leads_bin',
  'tasks',
  'events',
] as const

export const userIds = [100, 101, 102] as const
export const pipelineIds = [1, 2] as const
/** The first of a month, Unix seconds, months counted from December 2024. */
export const monthStart = (month: number): number => Date.UTC(2024, 11 + month, 1, 12) / 1000

const pick = fc.nat(11)
const name = fc.constantFrom('Айгерим', 'Сауле', "О'Брайен", 'А', '')
const pipeline = fc.constantFrom(...pipelineIds)
const status = fc.constantFrom(1, 2, 142, 143)
const records = fc.constantFrom<Records>('leads', 'contacts', 'companies', 'tasks')
const month = fc.nat(2)

const leadPatch: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ price: fc.constantFrom(0, 5, 100, 333) }),
  fc.record({ responsible_user_id: fc.constantFrom(...userIds, 999) }),
  fc.record({ created_at: month.map(monthStart) }),
  fc.record({ closed_at: fc.oneof(fc.constant(null), month.map(monthStart)) }),
  fc
    .tuple(pipeline, status)
    .map(([id, place]) => ({ pipeline_id: id, status_id: place > 2 ? place : 10 * id + place })),
  fc.tuple(fc.subarray([501, 502, 503]), fc.subarray(['a', 'б'])).map(([companies, tags]) => ({
    _embedded: {
      companies: companies.map(id => ({ id })),
      contacts: [],
      tags: tags.map((tag, id) => ({ id, name: tag })),
    },
  })),
)

const change: fc.Arbitrary<Edit> = fc
  .oneof(
    { weight: 4, arbitrary: leadPatch.map(patch => ({ of: 'leads' as const, patch })) },
    { weight: 1, arbitrary: name.map(text => ({ of: 'companies' as const, patch: { name: text } })) },
    { weight: 1, arbitrary: name.map(text => ({ of: 'contacts' as const, patch: { first_name: text } })) },
    {
      weight: 2,
      arbitrary: fc
        .record({ is_completed: fc.boolean(), responsible_user_id: fc.constantFrom(...userIds) })
        .map(patch => ({ of: 'tasks' as const, patch })),
    },
  )
  .chain(what => pick.map(picked => ({ kind: 'change' as const, pick: picked, ...what })))

export const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 8, arbitrary: change },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete'), of: records, pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restore'), of: records, pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('add'), of: records, month }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('rename_user'), user: fc.constantFrom(...userIds), name }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('remove_user'), user: fc.constantFrom(...userIds) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename_pipeline'), pipeline, name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove_pipeline'), pipeline }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename_status'), pipeline, status, name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove_status'), pipeline, status }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('visits'), day: fc.nat(4), people: fc.subarray([...iins]) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge'), loser: pick, winner: pick }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pass'), seconds: fc.constantFrom(1, 3600, 90_000) }),
  },
)

/** The days at the gate, oldest first; the clock starts on the sixth. */
export const gateDays = ['2025-02-24', '2025-02-25', '2025-02-26', '2025-02-27', '2025-02-28'] as const

/** A small account with a bit of everything, before anybody edits it. */
export function smallWorld(): World {
  const ids = [1, 2, 3, 4, 5, 6]
  return listedWorld({
    leads: ids.map(id =>
      lead({
        id,
        at: monthStart(id % 3),
        price: id * 10,
        responsible_user_id: userIds[id % 3] ?? 100,
        _embedded: { tags: [{ id: 1, name: 'a' }], companies: [{ id: 500 + (id % 3) }], contacts: [] },
      }),
    ),
    contacts: [701, 702, 703].map(id => contact({ id, phone: '+77001234567' })),
    companies: [500, 501, 502].map(id => company({ id })),
    tasks: [801, 802, 803].map(id =>
      task({ id, at: monthStart(id % 3), responsible_user_id: userIds[id % 3] ?? 100 }),
    ),
    users: userIds.map(id => user(id, `Менеджер ${id}`)),
    pipelines: pipelineIds.map(id => inventedPipeline(id, `Воронка ${id}`)),
    visits: Object.fromEntries(gateDays.map(day => [day, gateDay(iins.slice(0, 2))])),
  })
}

const base: Readonly<Record<Records, number>> = { leads: 1, contacts: 701, companies: 500, tasks: 801 }

/** Somebody who edits the account; what makes no sense at the moment is not done. */
export function editor(world: World, clock: MovableClock): (edit: Edit) => void {
  const known: Record<Records, number[]> = {
    leads: [1, 2, 3, 4, 5, 6],
    contacts: [701, 702, 703],
    companies: [500, 501, 502],
    tasks: [801, 802, 803],
  }
  const deleted = new Set<number>()
  let added = 0
  const made = { leads: lead, contacts: contact, companies: company, tasks: task }
  const picked = (of: Records, number: number, isDeleted: boolean): number | undefined => {
    const fitting = known[of].filter(id => deleted.has(id) === isDeleted)
    return fitting[number % Math.max(1, fitting.length)]
  }
  const withUser = (id: number): boolean => isListed(world.dictionaries.users, id)
  const withPipeline = (id: number): boolean => isListed(world.dictionaries.pipelines, id)
  return edit => {
    switch (edit.kind) {
      case 'change': {
        const id = picked(edit.of, edit.pick, false)
        if (id !== undefined) world.edit(edit.of, id, edit.patch)
        return
      }
      case 'delete': {
        const id = picked(edit.of, edit.pick, false)
        if (id === undefined) return
        world.remove(edit.of, id)
        deleted.add(id)
        return
      }
      case 'restore': {
        const id = picked(edit.of, edit.pick, true)
        if (id === undefined) return
        world.restore(edit.of, id)
        deleted.delete(id)
        return
      }
      case 'add': {
        added += 1
        const id = base[edit.of] + 10 + added
        const { updated_at: _, ...record } = made[edit.of]({ id, at: monthStart(edit.month) })
        known[edit.of].push(id)
        world.add(edit.of, record)
        return
      }
      case 'rename_user':
        if (withUser(edit.user)) world.renameUser(edit.user, edit.name)
        return
      case 'remove_user':
        if (withUser(edit.user)) world.removeUser(edit.user)
        return
      case 'rename_pipeline':
        if (withPipeline(edit.pipeline)) world.renamePipeline(edit.pipeline, edit.name)
        return
      case 'remove_pipeline':
        if (withPipeline(edit.pipeline)) world.removePipeline(edit.pipeline)
        return
      case 'rename_status':
      case 'remove_status': {
        const id = edit.status > 2 ? edit.status : 10 * edit.pipeline + edit.status
        if (!hasStatus(world, edit.pipeline, id)) return
        if (edit.kind === 'remove_status') world.removeStatus(edit.pipeline, id)
        else world.renameStatus(edit.pipeline, id, edit.name)
        return
      }
      case 'visits': {
        const day = gateDays[edit.day]
        if (day !== undefined) world.setVisits(day, gateDay(edit.people))
        return
      }
      case 'merge': {
        const loser = picked('contacts', edit.loser, false)
        const winner = picked('contacts', edit.winner, false)
        if (loser === undefined || winner === undefined || loser === winner) return
        world.mergeContacts(loser, winner)
        known.contacts = known.contacts.filter(id => id !== loser)
        return
      }
      case 'pass':
        clock.advance(edit.seconds * 1000)
    }
  }
}

function isListed(list: readonly JsonValue[], id: number): boolean {
  return list.some(item => isJsonObject(item) && item.id === id)
}

function hasStatus(world: World, pipelineId: number, statusId: number): boolean {
  return world.dictionaries.pipelines.some(
    item =>
      isJsonObject(item) &&
      item.id === pipelineId &&
      isJsonObject(item._embedded) &&
      Array.isArray(item._embedded.statuses) &&
      isListed(item._embedded.statuses, statusId),
  )
}
