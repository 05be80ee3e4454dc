/** The entities of amoCRM and how they refer to each other (spec 2.6). */
import type { Text } from '../tables/table.js'

export interface ErdEntity {
  readonly name: string
  readonly title: Text
  /** Its table in Silver. */
  readonly table: string
  readonly fields: readonly string[]
  readonly x: number
  readonly y: number
}

export interface ErdRelation {
  readonly from: string
  /** The field that refers. */
  readonly field: string
  readonly to: string
  /** How many on each side: many leads stand in one pipeline. */
  readonly cardinality: 'N:1' | 'N:M'
  readonly meaning: Text
  /** Corners of the line, from the referring side. */
  readonly line: readonly (readonly [number, number])[]
}

export const erdEntities: readonly ErdEntity[] = [
  {
    name: 'Pipelines',
    title: { ru: 'Воронки', en: 'Pipelines' },
    table: 'silver.amocrm_pipeline_statuses',
    fields: ['id', 'name', 'statuses[]'],
    x: 10,
    y: 10,
  },
  {
    name: 'Leads',
    title: { ru: 'Сделки', en: 'Leads' },
    table: 'silver.amocrm_leads',
    fields: [
      'id',
      'name, price',
      'pipeline_id',
      'status_id',
      'contact_ids[]',
      'company_ids[]',
      'responsible_user_id',
      'custom_fields (БИН, …)',
      'created_at, closed_at',
    ],
    x: 330,
    y: 10,
  },
  {
    name: 'Contacts',
    title: { ru: 'Контакты', en: 'Contacts' },
    table: 'silver.amocrm_contacts',
    fields: ['id', 'name', 'phone, email', 'company_ids[]', 'lead_ids[]'],
    x: 680,
    y: 10,
  },
  {
    name: 'Users',
    title: { ru: 'Пользователи', en: 'Users' },
    table: 'silver.amocrm_users',
    fields: ['id', 'name', 'email'],
    x: 10,
    y: 190,
  },
  {
    name: 'Tasks',
    title: { ru: 'Задачи', en: 'Tasks' },
    table: 'silver.amocrm_tasks',
    fields: ['id', 'entity_id', 'entity_type', 'is_completed', 'text', 'responsible_user_id'],
    x: 330,
    y: 310,
  },
  {
    name: 'Companies',
    title: { ru: 'Компании', en: 'Companies' },
    table: 'silver.amocrm_companies',
    fields: ['id', 'name, БИН', 'contact_ids[]'],
    x: 680,
    y: 220,
  },
]

export const erdRelations: readonly ErdRelation[] = [
  {
    from: 'Leads',
    field: 'pipeline_id, status_id',
    to: 'Pipelines',
    cardinality: 'N:1',
    meaning: { ru: 'сделка стоит в статусе воронки', en: 'a lead stands at a status of a pipeline' },
    line: [
      [330, 60],
      [210, 60],
    ],
  },
  {
    from: 'Leads',
    field: 'responsible_user_id',
    to: 'Users',
    cardinality: 'N:1',
    meaning: { ru: 'ответственный за сделку', en: 'the user responsible for a lead' },
    line: [
      [330, 170],
      [270, 170],
      [270, 230],
      [210, 230],
    ],
  },
  {
    from: 'Leads',
    field: 'contact_ids[]',
    to: 'Contacts',
    cardinality: 'N:M',
    meaning: { ru: 'контакты сделки и сделки контакта', en: "a lead's contacts, a contact's leads" },
    line: [
      [530, 60],
      [680, 60],
    ],
  },
  {
    from: 'Leads',
    field: 'company_ids[]',
    to: 'Companies',
    cardinality: 'N:M',
    meaning: { ru: 'компании сделки', en: "a lead's companies" },
    line: [
      [530, 150],
      [605, 150],
      [605, 250],
      [680, 250],
    ],
  },
  {
    from: 'Contacts',
    field: 'company_ids[]',
    to: 'Companies',
    cardinality: 'N:M',
    meaning: {
      ru: 'компании контакта и контакты компании',
      en: "a contact's companies, a company's contacts",
    },
    line: [
      [780, 142],
      [780, 220],
    ],
  },
  {
    from: 'Tasks',
    field: 'entity_id (entity_type = leads)',
    to: 'Leads',
    cardinality: 'N:1',
    meaning: { ru: 'задача по сделке', en: 'a task about a lead' },
    line: [
      [430, 310],
      [430, 222],
    ],
  },
  {
    from: 'Tasks',
    field: 'entity_id (entity_type = contacts)',
    to: 'Contacts',
    cardinality: 'N:1',
    meaning: { ru: 'задача по контакту', en: 'a task about a contact' },
    line: [
      [530, 360],
      [640, 360],
      [640, 105],
      [680, 105],
    ],
  },
  {
    from: 'Tasks',
    field: 'entity_id (entity_type = companies)',
    to: 'Companies',
    cardinality: 'N:1',
    meaning: { ru: 'задача по компании', en: 'a task about a company' },
    line: [
      [530, 390],
      [780, 390],
      [780, 312],
    ],
  },
  {
    from: 'Tasks',
    field: 'responsible_user_id',
    to: 'Users',
    cardinality: 'N:1',
    meaning: { ru: 'ответственный за задачу', en: 'the user responsible for a task' },
    line: [
      [330, 400],
      [110, 400],
      [110, 282],
    ],
  },
]
