import type { CustomField, CustomFieldMapping } from '../../config/config.js'
import { isJsonObject, type JsonValue } from '../../json.js'
import type { AmocrmClient } from '../../sources/amocrm/client.js'

export type FieldOwner = 'leads' | 'contacts' | 'companies'
const owners: readonly FieldOwner[] = ['leads', 'contacts', 'companies']

/** A custom field as the account defines it. */
export interface FieldDefinition {
  readonly owner: FieldOwner
  readonly id: number
  readonly name: string
  readonly code: string | undefined
  readonly type: string
}

/** What the mapping finds for one purpose, among one kind of records. */
export interface MappedField {
  readonly purpose: keyof CustomFieldMapping
  readonly owner: FieldOwner
  readonly wanted: readonly CustomField[]
  /** The first of `wanted` that there is; undefined where there is none. */
  readonly found: FieldDefinition | undefined
}

/** Where silver looks for what: `cf_bin`, `bin`, `cf_source`, `industry`, `phone`, `email`. */
const purposes: readonly (readonly [keyof CustomFieldMapping, FieldOwner])[] = [
  ['bin', 'leads'],
  ['bin', 'companies'],
  ['source', 'leads'],
  ['industry', 'companies'],
  ['phone', 'contacts'],
  ['email', 'contacts'],
]

/** Reads the definitions of all custom fields of leads, contacts and companies. */
export async function readFieldDefinitions(
  client: AmocrmClient,
  signal: AbortSignal,
): Promise<FieldDefinition[]> {
  const definitions: FieldDefinition[] = []
  for (const owner of owners) {
    let target: string | undefined = `/api/v4/${owner}/custom_fields?limit=250`
    while (target !== undefined) {
      const page = await client.page(target, 'custom_fields', signal)
      definitions.push(...page.records.flatMap(record => definitionIn(record, owner)))
      target = page.next
    }
  }
  return definitions
}

/** Finds what the mapping names, by id, code or name; the case of letters does not matter. */
export function findMappedFields(
  mapping: CustomFieldMapping,
  definitions: readonly FieldDefinition[],
): MappedField[] {
  return purposes.map(([purpose, owner]) => {
    const candidates = definitions.filter(definition => definition.owner === owner)
    const found = mapping[purpose]
      .map(field => candidates.find(candidate => isMeant(field, candidate)))
      .find(candidate => candidate !== undefined)
    return { purpose, owner, wanted: mapping[purpose], found }
  })
}

/** The rule of silver (models/functions, `custom_field`), so that what is found here is found there. */
function isMeant(field: CustomField, { id, code, name }: FieldDefinition): boolean {
  const wanted = String(field).toLowerCase()
  return [String(id), code?.toLowerCase(), name.trim().toLowerCase()].includes(wanted)
}

function definitionIn(record: JsonValue, owner: FieldOwner): FieldDefinition[] {
  if (!isJsonObject(record) || typeof record.id !== 'number') return []
  const { id, name, code, type } = record
  return [
    {
      owner,
      id,
      name: typeof name === 'string' ? name : '',
      code: typeof code === 'string' ? code : undefined,
      type: typeof type === 'string' ? type : '',
    },
  ]
}
