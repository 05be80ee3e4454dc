/** What happens to a world while somebody is reading it, the same for every kind of world. */
import { type Clock, systemClock } from '../../effects.js'
import { UsageError } from '../../errors.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../../json.js'
import type { Collection, RecordId } from './collection.js'
import type { Dictionaries, Entity, Gate, World } from './world.js'

/** What a world is made of before it can be edited. */
export interface WorldParts {
  readonly isLiteral: boolean
  readonly collections: Readonly<Record<Entity | 'events', Collection>>
  readonly dictionaries: Dictionaries
  readonly gate: Gate
}

/** An event's `entity_type`, and the first word of its `type`, is the singular. */
const singular: Readonly<Record<Entity, string>> = {
  leads: 'lead',
  contacts: 'contact',
  companies: 'company',
  tasks: 'task',
}

const wonStatus = 142
const lostStatus = 143
const robot = 0

function isClosed(status: JsonValue | undefined): boolean {
  return status === wonStatus || status === lostStatus
}

function listIn(record: JsonObject, name: string): readonly JsonValue[] {
  const embedded = record._embedded
  const list = isJsonObject(embedded) ? embedded[name] : undefined
  return Array.isArray(list) ? list : []
}

function embeddedWith(record: JsonObject, name: string, list: readonly JsonValue[]): JsonObject {
  return { ...(isJsonObject(record._embedded) ? record._embedded : {}), [name]: list }
}

function withEmbedded(record: JsonObject, name: string, list: readonly JsonValue[]): JsonObject {
  return { ...record, _embedded: embeddedWith(record, name, list) }
}

function withId(list: readonly JsonValue[], id: number): JsonObject | undefined {
  return list.filter(isJsonObject).find(item => item.id === id)
}

const otherId = 'Name the id of a record that its lists show.'

/** Replaces the member with that id; throws where there is none. */
function replaced(list: readonly JsonValue[], id: number, change: (item: JsonObject) => JsonObject) {
  const found = withId(list, id)
  if (!found)
    throw new UsageError('sandbox_no_such_record', `The sandbox has no member ${id} there.`, {
      advice: otherId,
    })
  return list.map(item => (item === found ? change(found) : item))
}

/** A world made of its parts, with everything that can be done to it. */
export function editableWorld(parts: WorldParts): World {
  const { collections, dictionaries } = parts
  let clock: Clock = systemClock
  let nextEvent = 1

  const nowInSeconds = () => Math.floor(clock.now() / 1000)
  const found = (entity: Entity, id: RecordId) => {
    const record = collections[entity].get(id)
    if (!record || record.place === 'gone') {
      throw new UsageError('sandbox_no_such_record', `The sandbox has no ${singular[entity]} ${id}.`, {
        advice: otherId,
      })
    }
    return record
  }
  const addEvent = (event: JsonObject) => {
    const number = nextEvent
    nextEvent += 1
    collections.events.append({
      id: `01z${number.toString(36).padStart(23, '0')}`,
      created_by: robot,
      created_at: nowInSeconds(),
      value_after: [],
      value_before: [],
      account_id: dictionaries.account.id ?? null,
      ...event,
    })
  }
  const eventOf = (entity: Entity, id: RecordId, what: string, more: JsonObject = {}) =>
    addEvent({ type: `${singular[entity]}_${what}`, entity_id: id, entity_type: singular[entity], ...more })

  const edit: World['edit'] = (entity, id, patch) => {
    const { record, place } = found(entity, id)
    const closing =
      entity === 'leads' && 'status_id' in patch && isClosed(patch.status_id) !== isClosed(record.status_id)
        ? { closed_at: isClosed(patch.status_id) ? nowInSeconds() : null }
        : {}
    const edited: JsonObject = { ...record, updated_at: nowInSeconds(), ...closing, ...patch }
    collections[entity].put(id, edited, place)
    const hasMoved = edited.status_id !== record.status_id || edited.pipeline_id !== record.pipeline_id
    if (entity === 'leads' && hasMoved) {
      const at = ({ status_id = null, pipeline_id = null }: JsonObject) => [
        { lead_status: { id: status_id, pipeline_id } },
      ]
      addEvent({
        type: 'lead_status_changed',
        entity_id: id,
        entity_type: 'lead',
        value_after: at(edited),
        value_before: at(record),
      })
    }
    if (entity === 'tasks' && edited.is_completed === true && record.is_completed !== true) {
      eventOf('tasks', id, 'completed')
    }
  }

  const moveTo = (entity: Entity, id: RecordId, place: 'list' | 'bin' | 'gone', isDeleted: boolean) => {
    const { record } = found(entity, id)
    // Only a record that tells whether it is deleted goes on telling it: elsewhere missing fields stay missing.
    const told = 'is_deleted' in record ? { is_deleted: isDeleted } : {}
    collections[entity].put(id, { ...record, updated_at: nowInSeconds(), ...told }, place)
  }

  return {
    ...parts,
    setClock: to => {
      clock = to
    },
    find: (entity, id) => {
      const known = collections[entity].get(id)
      return known && known.place !== 'gone' ? known.record : undefined
    },
    edit,
    add: (entity, record) => {
      const id = record.id
      if (typeof id !== 'number' && typeof id !== 'string') {
        throw new UsageError('sandbox_record_without_id', 'A record that is added needs an id.', {
          advice: 'Give it one that no other record has.',
        })
      }
      const now = nowInSeconds()
      collections[entity].put(id, { created_at: now, updated_at: now, ...record }, 'list')
      eventOf(entity, id, 'added')
    },
    remove: (entity, id) => {
      // Anything else than a lead is kept there only for `restore`: the API shows no other bin.
      moveTo(entity, id, 'bin', true)
      eventOf(entity, id, 'deleted')
    },
    restore: (entity, id) => {
      moveTo(entity, id, 'list', false)
      eventOf(entity, id, 'restored')
    },
    purge: (entity, id) => {
      moveTo(entity, id, 'gone', true)
    },
    mergeContacts: (loser, winner) => {
      const { record } = found('contacts', loser)
      const { record: kept } = found('contacts', winner)
      for (const lead of listIn(record, 'leads').filter(isJsonObject)) {
        const leadId = lead.id
        if (typeof leadId !== 'number' || !collections.leads.get(leadId)) continue
        const { record: leadRecord } = found('leads', leadId)
        const contacts = listIn(leadRecord, 'contacts')
          .filter(isJsonObject)
          .filter(contact => contact.id !== winner)
          .map(contact => (contact.id === loser ? { ...contact, id: winner } : contact))
        edit('leads', leadId, { _embedded: embeddedWith(leadRecord, 'contacts', contacts) })
      }
      const leads = [...listIn(kept, 'leads'), ...listIn(record, 'leads')]
      collections.contacts.put(
        winner,
        { ...withEmbedded(kept, 'leads', leads), updated_at: nowInSeconds() },
        'list',
      )
      moveTo('contacts', loser, 'gone', true)
      addEvent({ type: 'entity_merged', entity_id: winner, entity_type: 'contact' })
    },
    addEvent,

    renameUser: (id, name) => {
      dictionaries.users = replaced(dictionaries.users, id, user => ({ ...user, name }))
    },
    removeUser: id => {
      dictionaries.users = dictionaries.users.filter(user => !isJsonObject(user) || user.id !== id)
    },
    renamePipeline: (id, name) => {
      dictionaries.pipelines = replaced(dictionaries.pipelines, id, pipeline => ({ ...pipeline, name }))
    },
    removePipeline: id => {
      dictionaries.pipelines = dictionaries.pipelines.filter(
        pipeline => !isJsonObject(pipeline) || pipeline.id !== id,
      )
    },
    renameStatus: (pipelineId, statusId, name) => {
      dictionaries.pipelines = replaced(dictionaries.pipelines, pipelineId, pipeline =>
        withEmbedded(
          pipeline,
          'statuses',
          replaced(listIn(pipeline, 'statuses'), statusId, status => ({ ...status, name })),
        ),
      )
    },
    removeStatus: (pipelineId, statusId) => {
      dictionaries.pipelines = replaced(dictionaries.pipelines, pipelineId, pipeline =>
        withEmbedded(
          pipeline,
          'statuses',
          listIn(pipeline, 'statuses').filter(status => !isJsonObject(status) || status.id !== statusId),
        ),
      )
    },
    setVisits: (day, data) => parts.gate.setDay(day, data),
  }
}
