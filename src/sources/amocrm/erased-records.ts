/**
 * Erased people in what amoCRM shows. The record of an erased contact, its tasks and its events are dropped; in every
 * other record what is known of erased people is replaced by stars. The same rules hold for a record as the API gives
 * it and for the Bronze row that it became, so that a record that comes again is not news.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../json.js'
import { jsonText } from '../../json-text.js'
import type { ErasedPeople } from '../../privacy/erased-people.js'
import { jsonWithoutMarks } from '../../privacy/marks-in-json.js'
import type { LookOptions } from '../../privacy/marks-in-text.js'
import type { Table } from '../../tables/table.js'
import type { HttpAnswer } from '../http/http-request.js'
import type { AmocrmClient, Page } from './client.js'
import { contentColumns, hashOf } from './records.js'

/** What an entity's records are called where other records point to them: in tasks, and in {@link nearMark}. */
const kinds: Readonly<Record<string, string>> = {
  amocrm_leads: 'leads',
  amocrm_contacts: 'contacts',
  amocrm_companies: 'companies',
}

/** Events name kinds in the singular. */
const plurals: Readonly<Record<string, string>> = {
  lead: 'leads',
  contact: 'contacts',
  company: 'companies',
}

/** The mark of a record around an erased contact: there the contact's full name is looked for. */
export function nearMark(kind: string, id: number): string {
  return `${kind}:${id}`
}

/**
 * A record without erased people; undefined where all of it is theirs, and the record itself where nothing is.
 * @param table the bronze table that the record belongs to, without its schema
 */
export function recordWithoutErased(
  table: string,
  record: JsonValue,
  erased: ErasedPeople,
): JsonValue | undefined {
  if (!isJsonObject(record)) return jsonWithoutMarks(record, erased, { contacts: true, names: false })
  if (isErasedContacts(table, record, erased)) return undefined
  const embedded = isJsonObject(record._embedded) ? record._embedded.contacts : undefined
  return jsonWithoutMarks(record, erased, lookIn(table, record, embedded, erased))
}

/** The same for a Bronze row, or the row of a load package. The hash of a row that changes is made anew. */
export function rowWithoutErased(
  table: Table,
  row: JsonObject,
  erased: ErasedPeople,
): JsonObject | undefined {
  if (isErasedContacts(table.name, row, erased)) return undefined
  const look = lookIn(table.name, row, parsedJson(row.contacts_json), erased)
  const content: Record<string, JsonValue> = {}
  let isChanged = false
  for (const { name } of contentColumns(table)) {
    const value = row[name] ?? null
    const clean = jsonColumn.test(name)
      ? jsonTextWithoutMarks(value, erased, look)
      : jsonWithoutMarks(value, erased, look, name)
    content[name] = clean
    if (clean !== value) isChanged = true
  }
  if (!isChanged) return row
  // What an event or a sweep has told is named by other things than its content.
  const isTold = row.row_source === 'event' || row.row_hash === 'gone'
  return { ...row, ...content, ...(isTold ? {} : { row_hash: hashOf(content) }) }
}

const jsonColumn = /_json$|^custom_fields_values$|^value_(?:after|before)$/

function jsonTextWithoutMarks(value: JsonValue, erased: ErasedPeople, look: LookOptions): JsonValue {
  const parsed = parsedJson(value)
  if (parsed === undefined) return jsonWithoutMarks(value, erased, look)
  const clean = jsonWithoutMarks(parsed, erased, look)
  return clean === parsed ? value : jsonText(clean)
}

function parsedJson(text: JsonValue | undefined): JsonValue | undefined {
  if (typeof text !== 'string') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a record or row is an erased contact, or a task or an event of one. */
function isErasedContacts(table: string, record: JsonObject, erased: ErasedPeople): boolean {
  if (!erased.has('contact')) return false
  const isErased = (id: JsonValue | undefined) =>
    typeof id === 'number' && erased.knows('contact', String(id))
  switch (table) {
    case 'amocrm_contacts':
      return isErased(record.id)
    case 'amocrm_tasks':
      return record.entity_type === 'contacts' && isErased(record.entity_id)
    case 'amocrm_events':
      return record.entity_type === 'contact' && isErased(record.entity_id)
    default:
      return false
  }
}

/** @param contacts the contacts that the record shows as its own */
function lookIn(
  table: string,
  record: JsonObject,
  contacts: JsonValue | undefined,
  erased: ErasedPeople,
): LookOptions {
  // Another contact's phone is that contact's, a user's e-mail the user's.
  if (table === 'amocrm_contacts' || table === 'amocrm_users') return { contacts: false, names: false }
  if (!erased.has('name')) return { contacts: true, names: false }
  return { contacts: true, names: isNear(table, record, contacts, erased) }
}

function isNear(
  table: string,
  record: JsonObject,
  contacts: JsonValue | undefined,
  erased: ErasedPeople,
): boolean {
  const isErasedContact = (item: JsonValue): boolean =>
    isJsonObject(item) && typeof item.id === 'number' && erased.knows('contact', String(item.id))
  if (Array.isArray(contacts) && contacts.some(isErasedContact)) return true
  const { id, entity_id: entityId, entity_type: entityType } = record
  const kind = kinds[table]
  if (kind !== undefined && typeof id === 'number' && erased.knows('near', nearMark(kind, id))) return true
  if (typeof entityId !== 'number' || typeof entityType !== 'string') return false
  return erased.knows('near', nearMark(plurals[entityType] ?? entityType, entityId))
}

/** A client whose pages come with what may be kept of them; the reading itself goes by what the API really shows. */
export function withoutErased(client: AmocrmClient, table: string, erased: ErasedPeople): AmocrmClient {
  return {
    account: signal => client.account(signal),
    record: (path, signal) => client.record(path, signal),
    page: async (path, embedded, signal) => {
      const page = await client.page(path, embedded, signal)
      return scrubbedPage(page, embedded, table, erased)
    },
  }
}

/** @returns the page itself where it shows nobody who was erased */
export function scrubbedPage(page: Page, embedded: string, table: string, erased: ErasedPeople): Page {
  const kept = page.records.map(record => recordWithoutErased(table, record, erased))
  if (kept.every((record, index) => record === page.records[index])) return page
  const clean = listReplaced(
    page.answer.json,
    embedded,
    kept.filter(record => record !== undefined),
  )
  return { ...page, kept, answer: withJson(page.answer, clean) }
}

/** An answer that says something else than it did; its body is JSON without white space. */
export function withJson(answer: HttpAnswer, json: JsonValue): HttpAnswer {
  return { ...answer, json, body: Buffer.from(JSON.stringify(json)) }
}

/** The answer's JSON with other records in its list. */
export function listReplaced(
  json: JsonValue | undefined,
  embedded: string,
  records: readonly JsonValue[],
): JsonValue {
  const object = isJsonObject(json) ? json : {}
  const lists = isJsonObject(object._embedded) ? object._embedded : {}
  return { ...object, _embedded: { ...lists, [embedded]: records } }
}
