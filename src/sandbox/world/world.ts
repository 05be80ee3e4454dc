import type { Day } from '../../calendar.js'
import type { Clock } from '../../effects.js'
import type { JsonObject, JsonValue } from '../../json.js'
import type { Collection, RecordId } from './collection.js'

/** The kinds of records that can be edited one by one. */
export type Entity = 'leads' | 'contacts' | 'companies' | 'tasks'
/** The kinds of records that have custom fields of their own; a catalog's stand under `catalogs/{id}`. */
export type FieldOwner = 'leads' | 'contacts' | 'companies' | `catalogs/${string}`

/** One passage of the gate, as Alaqan tells it: `{"event": "entry", "time": "09:15:23"}`. */
export interface Passage {
  readonly event: string
  readonly time: string
}

/** What the gate knows of one day. */
export type GateDay =
  /** The value of `data`, served as it stands. */
  | { readonly kind: 'literal'; readonly data: JsonValue }
  /** People with their events, to be streamed. */
  | { readonly kind: 'people'; readonly people: Iterable<readonly [iin: string, events: readonly Passage[]]> }

/** The access control system's memory. `now` (Unix milliseconds) hides what has not happened yet. */
export interface Gate {
  onDay(day: Day, now: number): GateDay
  /** The days, newest first, on which a person passed, from day to day, both included. */
  ofPerson(iin: string, from: Day, to: Day, now: number): Iterable<readonly [day: Day, events: JsonValue]>
  /** Makes `byDate` answer `{"data": …}` with this for the day from now on. */
  setDay(day: Day, data: JsonValue): void
}

/** The lists of amoCRM that are small and are edited as a whole. */
export interface Dictionaries {
  account: JsonObject
  users: JsonValue[]
  pipelines: JsonValue[]
  lossReasons: JsonValue[]
  catalogs: JsonValue[]
  /** By the catalog's id. */
  catalogElements: Record<string, JsonValue[]>
  customFields: Partial<Record<FieldOwner, JsonValue[]>>
}

/** Everything behind both APIs, and what can happen to it while somebody is reading. */
export interface World {
  /** Whether records are served exactly as given, without `_links` or what `with` would add and remove. */
  readonly isLiteral: boolean
  readonly collections: Readonly<Record<Entity | 'events', Collection>>
  readonly dictionaries: Dictionaries
  readonly gate: Gate
  /** The clock that edits take `updated_at` from; `startSandbox` sets it to its own. */
  setClock(clock: Clock): void

  /** The record as it is now, wherever it is; undefined where there is none, or it was purged. */
  find(entity: Entity, id: RecordId): JsonObject | undefined
  /**
   * Changes fields of a record. `updated_at` becomes the clock's now unless the patch names it; a change of a
   * lead's status or the completion of a task leaves an event, and a status of 142 or 143 closes the lead.
   * Throws `UsageError` where there is no such record; so do the others below.
   */
  edit(entity: Entity, id: RecordId, patch: JsonObject): void
  /** Adds a record as given (`created_at` and `updated_at` become now where absent), with its `…_added` event. */
  add(entity: Entity, record: JsonObject): void
  /** Deletes a record, with its event: a lead goes to the recycle bin, anything else vanishes. */
  remove(entity: Entity, id: RecordId): void
  /** Brings a deleted record back to its list, with its event. */
  restore(entity: Entity, id: RecordId): void
  /** Takes a record out of the list and the bin, without an event. */
  purge(entity: Entity, id: RecordId): void
  /** The loser vanishes without an event of its own; its leads go to the winner, which gets `entity_merged`. */
  mergeContacts(loser: RecordId, winner: RecordId): void
  /** Adds an event as given, or made from a type and an entity at the clock's now. */
  addEvent(event: JsonObject): void

  renameUser(id: number, name: string): void
  /** Whoever leaves the account is no longer listed. */
  removeUser(id: number): void
  renamePipeline(id: number, name: string): void
  removePipeline(id: number): void
  renameStatus(pipelineId: number, statusId: number, name: string): void
  removeStatus(pipelineId: number, statusId: number): void
  /** Makes a day at the gate what is given: people with their events, or any JSON at all. */
  setVisits(day: Day, data: JsonValue): void
}
