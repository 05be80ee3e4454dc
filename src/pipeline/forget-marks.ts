/** By what else than its id a contact can be known: what its records say, before they are erased. */
import type { Config, CustomField } from '../config/config.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js'
import { listPackages } from '../landing/load-package.js'
import { readRows } from '../landing/read-records.js'
import { type MarkKind, markHash } from '../privacy/erased-people.js'
import type { ErasedPerson } from '../privacy/erasure-register.js'
import { emailMark, nameMark, phoneMark } from '../privacy/marks-in-text.js'
import { nearMark } from '../sources/amocrm/erased-records.js'
import { type Engine, rowsOf } from '../warehouse/engine.js'
import { type PipelineContext, warehouseExists, withWarehouse } from './context.js'

/** Marks by kind, not hashed yet: personal data. */
type Marks = Readonly<Record<Exclude<MarkKind, 'iin' | 'contact'>, Set<string>>>

/** The hashes of everything by which the contact is known to the warehouse and the archive. */
export async function contactMarks(
  context: PipelineContext,
  id: number,
  erasureKey: string,
): Promise<ErasedPerson['marks']> {
  const marks: Marks = { phone: new Set(), email: new Set(), name: new Set(), near: new Set() }
  const { config } = context
  const { packages } = await listPackages(config.landing.path, { source: 'amocrm', entity: 'contacts' })
  for (const each of packages) {
    for await (const row of readRows(each)) if (row.id === id) addMarks(marks, row, config)
  }
  if (await warehouseExists(context)) {
    await withWarehouse(context, 'read', async engine => {
      const rows = await rowsOf(
        engine,
        `select id, name, first_name, last_name, custom_fields_values, companies_json, leads_json
         from bronze.amocrm_contacts where id = ${id}`,
      )
      for (const row of rows) addMarks(marks, row, config)
      for (const kind of ['leads', 'companies']) {
        for (const near of await recordsWith(engine, kind, id)) marks.near.add(nearMark(kind, near))
      }
    })
  }
  const hashes = (kind: keyof Marks) => [...marks[kind]].sort().map(mark => markHash(erasureKey, kind, mark))
  return { phone: hashes('phone'), email: hashes('email'), name: hashes('name'), near: hashes('near') }
}

/** The records that show the contact as theirs. */
async function recordsWith(engine: Engine, kind: string, id: number): Promise<readonly number[]> {
  const rows = await rowsOf(
    engine,
    `select distinct id, contacts_json from bronze.amocrm_${kind} where contains(contacts_json, '${id}')`,
  )
  return rows.filter(row => idsIn(row.contacts_json).includes(id)).map(row => Number(row.id))
}

function addMarks(marks: Marks, row: JsonObject, config: Config): void {
  const add = (kind: keyof Marks, mark: string | undefined): void => {
    if (mark !== undefined) marks[kind].add(mark)
  }
  const [name, first, last] = ['name', 'first_name', 'last_name'].map(column => textIn(row[column]))
  for (const full of [name, `${first} ${last}`, `${last} ${first}`]) add('name', nameMark(full ?? ''))
  const fields = parsed(row.custom_fields_values)
  for (const field of Array.isArray(fields) ? fields : []) {
    if (!isJsonObject(field)) continue
    const mapping = config.amocrm?.customFields
    if (isField(field, 'PHONE', mapping?.phone))
      for (const value of valuesOf(field)) add('phone', phoneMark(value))
    if (isField(field, 'EMAIL', mapping?.email))
      for (const value of valuesOf(field)) add('email', emailMark(value))
  }
  for (const id of idsIn(row.leads_json)) marks.near.add(nearMark('leads', id))
  for (const id of idsIn(row.companies_json)) marks.near.add(nearMark('companies', id))
}

/** Whether a custom field is one of a kind: by amoCRM's own code, or as the configuration names it. */
function isField(field: JsonObject, code: string, mapped: readonly CustomField[] = []): boolean {
  const names = [field.field_id, field.field_code, field.field_name].map(name =>
    String(name ?? '')
      .trim()
      .toLowerCase(),
  )
  return [code, ...mapped].some(name => names.includes(String(name).trim().toLowerCase()))
}

function valuesOf(field: JsonObject): readonly string[] {
  const values = Array.isArray(field.values) ? field.values : []
  return values.map((item: JsonValue) => (isJsonObject(item) ? String(item.value ?? '') : ''))
}

function idsIn(json: JsonValue | undefined): readonly number[] {
  const list = parsed(json)
  return (Array.isArray(list) ? list : []).flatMap((item: JsonValue) =>
    isJsonObject(item) && typeof item.id === 'number' ? [item.id] : [],
  )
}

function textIn(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

function parsed(text: JsonValue | undefined): JsonValue | undefined {
  if (typeof text !== 'string') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
