/** APIs change without a word: a field comes, goes, or turns into something else, in every record from one day on. */
import { UsageError } from '../errors.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js'
import { alaqanPrefix } from './alaqan/alaqan-api.js'
import type { Answer } from './answer.js'

const kinds = ['add', 'drop', 'retype'] as const

export interface FieldChange {
  /** The list by its name in the API (`leads`, `users`); `visits` for the events at the gate, `answers` for what stands around them. */
  readonly of: string
  readonly kind: (typeof kinds)[number]
  /** A field, or one of a nested object after a dot. */
  readonly field: string
}

/**
 * Reads a change from a flag, `leads:add:temperature`.
 * @throws UsageError where it is none
 */
export function fieldChangeFromText(text: string): FieldChange {
  const [of = '', name, field = '', ...more] = text.split(':')
  const kind = kinds.find(known => known === name)
  if (kind && of !== '' && field !== '' && more.length === 0) return { of, kind, field }
  throw new UsageError('sandbox_field_change_unknown', `"${text}" is not a change of a field.`, {
    advice: `Write LIST:KIND:FIELD with one of ${kinds.join(', ')}, as leads:add:temperature.`,
  })
}

/** The answer as the changed API gives it. */
export function withFieldChanges(changes: readonly FieldChange[], path: string, answer: Answer): Answer {
  if (answer.status !== 200) return answer
  const ofGate = changes.filter(({ of }) => of === 'visits' || of === 'answers')
  if (path.startsWith(alaqanPrefix)) return changed(answer, ofGate, changedGate)
  const ofList = changes.filter(({ of }) => path.split('/').includes(of))
  return changed(answer, ofList, changedPage)
}

type Change<Of> = (value: Of, changes: readonly FieldChange[]) => JsonValue

function changed(answer: Answer, changes: readonly FieldChange[], change: Change<JsonObject>): Answer {
  if (changes.length === 0) return answer
  const text = typeof answer.body === 'string' ? answer.body : [...answer.body].join('')
  const body: unknown = JSON.parse(text)
  return isJsonObject(body) ? { ...answer, body: JSON.stringify(change(body, changes)) } : answer
}

const changedGate: Change<JsonObject> = (body, changes) => {
  const ofEvents = changes.filter(({ of }) => of === 'visits')
  const around = changedRecord(
    body,
    changes.filter(({ of }) => of === 'answers'),
  )
  if (!isJsonObject(body.data)) return around
  const people = Object.entries(body.data).map(([key, events]) => [key, changedList(events, ofEvents)])
  return { ...around, data: Object.fromEntries(people) }
}

/** A page of a list, or one record of it at its own address. */
const changedPage: Change<JsonObject> = (body, changes) => {
  const [first] = changes
  const lists = body._embedded
  const list = first && isJsonObject(lists) ? lists[first.of] : undefined
  if (!first || list === undefined || !isJsonObject(lists)) return changedRecord(body, changes)
  return { ...body, _embedded: { ...lists, [first.of]: changedList(list, changes) } }
}

function changedList(list: JsonValue, changes: readonly FieldChange[]): JsonValue {
  if (!Array.isArray(list)) return list
  const records: readonly JsonValue[] = list
  return records.map(record => (isJsonObject(record) ? changedRecord(record, changes) : record))
}

function changedRecord(record: JsonObject, changes: readonly FieldChange[]): JsonObject {
  return changes.reduce((before, { kind, field }) => changedAt(before, field.split('.'), kind), record)
}

function changedAt(record: JsonObject, path: readonly string[], kind: FieldChange['kind']): JsonObject {
  const [name = '', ...inner] = path
  const value = record[name]
  if (inner.length > 0) {
    return isJsonObject(value) ? { ...record, [name]: changedAt(value, inner, kind) } : record
  }
  switch (kind) {
    case 'add':
      return { ...record, [name]: 'new' }
    case 'drop':
      return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name))
    case 'retype':
      return value === undefined ? record : { ...record, [name]: retyped(value) }
  }
}

/** What a careless change of an API makes of a value. */
function retyped(value: JsonValue): JsonValue {
  if (value === null) return null
  if (typeof value === 'string') return { value }
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
