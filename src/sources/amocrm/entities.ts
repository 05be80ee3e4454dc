/**
 * What is read from amoCRM: one row an entity. How the lists behave is told in the reference ("Pages",
 * "Filters"); which columns a table has, in tables/bronze.ts.
 */
import type { JsonObject } from '../../json.js'
import {
  bronzeAmocrmCatalogElements,
  bronzeAmocrmCatalogs,
  bronzeAmocrmCompanies,
  bronzeAmocrmContacts,
  bronzeAmocrmCustomFields,
  bronzeAmocrmEvents,
  bronzeAmocrmLeads,
  bronzeAmocrmLossReasons,
  bronzeAmocrmPipelines,
  bronzeAmocrmTasks,
  bronzeAmocrmTaskTypes,
  bronzeAmocrmUsers,
} from '../../tables/bronze.js'
import type { Table } from '../../tables/table.js'
import { embedded, type Field, inside, json, resultText } from './fields.js'

/** What `row_source` says about a row: where it is known from. */
export type RowSource = 'list' | 'bin'

/** One list of the API. */
export interface List {
  readonly path: string
  /** Columns that the path tells and the records do not. */
  readonly columns?: JsonObject
}

/** How an entity is read; each is a module of this folder. */
export type Reading = 'whole_lists' | 'by_updated_at' | 'by_id' | 'by_created_at'

/** A kind of record that is read as one extraction, into one bronze table. */
export interface Entity {
  readonly table: Table
  readonly reading: Reading
  /** The list; or the lists, one for each catalog among them. */
  readonly lists: readonly List[] | ((catalogIds: readonly number[]) => readonly List[])
  /** The name of the records under `_embedded`. */
  readonly embedded: string
  readonly with?: readonly string[]
  /** Records a page; absent where the list has no pages. A higher number silently becomes 50. */
  readonly limit?: number
  readonly rowSource: RowSource
  /** Closed to tokens of those who are no admins, and to external integrations: without it the rest is loaded. */
  readonly mayBeClosed?: boolean
  /** Columns whose values do not simply stand under their names. */
  readonly fields: Readonly<Record<string, Field>>
}

const customFieldsValues = json('custom_fields_values')
const leadFields = {
  custom_fields_values: customFieldsValues,
  tags_json: embedded('tags'),
  contacts_json: embedded('contacts'),
  companies_json: embedded('companies'),
}

export const entities = {
  pipelines: {
    table: bronzeAmocrmPipelines,
    reading: 'whole_lists',
    lists: [{ path: '/api/v4/leads/pipelines' }],
    embedded: 'pipelines',
    rowSource: 'list',
    fields: { statuses_json: embedded('statuses') },
  },
  users: {
    table: bronzeAmocrmUsers,
    reading: 'whole_lists',
    lists: [{ path: '/api/v4/users' }],
    embedded: 'users',
    with: ['role', 'group'],
    limit: 250,
    rowSource: 'list',
    mayBeClosed: true,
    fields: {
      rights_json: json('rights'),
      is_active: inside('rights', 'is_active'),
      is_admin: inside('rights', 'is_admin'),
      group_id: inside('rights', 'group_id'),
      role_id: inside('rights', 'role_id'),
    },
  },
  loss_reasons: {
    table: bronzeAmocrmLossReasons,
    reading: 'whole_lists',
    lists: [{ path: '/api/v4/leads/loss_reasons' }],
    embedded: 'loss_reasons',
    limit: 250,
    rowSource: 'list',
    fields: {},
  },
  task_types: {
    table: bronzeAmocrmTaskTypes,
    reading: 'whole_lists',
    lists: [{ path: '/api/v4/account' }],
    embedded: 'task_types',
    with: ['task_types'],
    rowSource: 'list',
    fields: {},
  },
  custom_fields: {
    table: bronzeAmocrmCustomFields,
    reading: 'whole_lists',
    lists: catalogIds => [
      { path: '/api/v4/leads/custom_fields', columns: { entity_type: 'leads' } },
      { path: '/api/v4/contacts/custom_fields', columns: { entity_type: 'contacts' } },
      { path: '/api/v4/companies/custom_fields', columns: { entity_type: 'companies' } },
      ...catalogIds.map(id => ({
        path: `/api/v4/catalogs/${id}/custom_fields`,
        columns: { entity_type: 'catalogs', catalog_id: id },
      })),
    ],
    embedded: 'custom_fields',
    limit: 250,
    rowSource: 'list',
    fields: { enums_json: json('enums') },
  },
  catalogs: {
    table: bronzeAmocrmCatalogs,
    reading: 'whole_lists',
    lists: [{ path: '/api/v4/catalogs' }],
    embedded: 'catalogs',
    limit: 250,
    rowSource: 'list',
    fields: {},
  },
  catalog_elements: {
    table: bronzeAmocrmCatalogElements,
    reading: 'whole_lists',
    lists: catalogIds =>
      catalogIds.map(id => ({ path: `/api/v4/catalogs/${id}/elements`, columns: { catalog_id: id } })),
    embedded: 'elements',
    limit: 250,
    rowSource: 'list',
    fields: { custom_fields_values: customFieldsValues },
  },
  companies: {
    table: bronzeAmocrmCompanies,
    reading: 'by_updated_at',
    lists: [{ path: '/api/v4/companies' }],
    embedded: 'companies',
    with: ['contacts', 'leads'],
    limit: 250,
    rowSource: 'list',
    fields: {
      custom_fields_values: customFieldsValues,
      contacts_json: embedded('contacts'),
      leads_json: embedded('leads'),
    },
  },
  contacts: {
    table: bronzeAmocrmContacts,
    reading: 'by_updated_at',
    lists: [{ path: '/api/v4/contacts' }],
    embedded: 'contacts',
    // The spec's `companies` is no value of `with`: a contact's company always comes.
    with: ['leads'],
    limit: 250,
    rowSource: 'list',
    fields: {
      custom_fields_values: customFieldsValues,
      companies_json: embedded('companies'),
      leads_json: embedded('leads'),
    },
  },
  leads: {
    table: bronzeAmocrmLeads,
    reading: 'by_updated_at',
    lists: [{ path: '/api/v4/leads' }],
    embedded: 'leads',
    with: ['contacts', 'loss_reason'],
    limit: 250,
    rowSource: 'list',
    fields: leadFields,
  },
  /** The recycle bin: records with nothing but id, times and `is_deleted`. */
  leads_bin: {
    table: bronzeAmocrmLeads,
    reading: 'by_updated_at',
    lists: [{ path: '/api/v4/leads' }],
    embedded: 'leads',
    with: ['only_deleted'],
    limit: 250,
    rowSource: 'bin',
    fields: leadFields,
  },
  tasks: {
    table: bronzeAmocrmTasks,
    reading: 'by_id',
    lists: [{ path: '/api/v4/tasks' }],
    embedded: 'tasks',
    limit: 250,
    rowSource: 'list',
    fields: { result_text: resultText },
  },
  events: {
    table: bronzeAmocrmEvents,
    reading: 'by_created_at',
    lists: [{ path: '/api/v4/events' }],
    embedded: 'events',
    limit: 100,
    rowSource: 'list',
    fields: { value_after: json('value_after'), value_before: json('value_before') },
  },
} as const satisfies Readonly<Record<string, Entity>>

/** Also the entity's name in packages and in the ledger. */
export type EntityName = keyof typeof entities

/** In the order of the spec (2.4): what others refer to comes first. */
export const entityNames: readonly EntityName[] = [
  'pipelines',
  'users',
  'loss_reasons',
  'task_types',
  'catalogs',
  'custom_fields',
  'companies',
  'contacts',
  'leads',
  'leads_bin',
  'tasks',
  'events',
  'catalog_elements',
]

/** @throws Error where amoCRM has no such entity */
export function entityNameIn(text: string): EntityName {
  const name = entityNames.find(candidate => candidate === text)
  if (!name) throw new Error(`amoCRM has no entity ${text}.`)
  return name
}

/** The entity as the readings see it. */
export function entityNamed(name: EntityName): Entity {
  return entities[name]
}
