/**
 * Bronze: what the API said, as received (spec 1.5 and 2.5, decisions "Bronze"). Append-only: one row per gate
 * event, and one row per version of an amoCRM record. Columns keep the spec's names, order and types; the
 * extra columns stand after the spec's last one.
 */
import { type Column, column, extraColumn, type Table } from './table.js'

const loadedAt = column('loaded_at', 'timestamp', 'момент загрузки', 'when the row was loaded')
const loadId = extraColumn(
  'load_id',
  'string',
  'загрузка, которой строка принадлежит',
  'the load that the row belongs to',
)

export const bronzeAlaqanVisits = {
  schema: 'bronze',
  name: 'alaqan_visits',
  comment: {
    ru: 'События СКУД как получены: одна строка на событие',
    en: 'Gate events as received: one row per event',
  },
  key: [],
  partitionBy: ['visit_date'],
  columns: [
    column('load_date', 'date', 'дата загрузки (техническое поле)', 'date of the load (technical)'),
    column('visit_date', 'date', 'дата посещения (ключ из JSON)', 'date of the visit (key of the JSON)'),
    column('iin', 'string', 'ИИН сотрудника (ключ из JSON)', "the person's ИИН (key of the JSON)"),
    column('event', 'string', 'тип события: entry / exit', 'kind of event: entry / exit'),
    column('event_time', 'string', 'время события: HH:MM:SS', 'time of the event: HH:MM:SS'),
    column(
      'raw_json',
      'string',
      'JSON событий этого человека за этот день, как получен',
      "the JSON of this person's events on this day, as received",
    ),
    loadedAt,
    loadId,
    extraColumn('endpoint', 'string', 'byDate или byIin', 'byDate or byIin'),
    extraColumn(
      'event_no',
      'int',
      'номер события в ответе за человека и день, с 0',
      "position among the person's events of that day, from 0",
    ),
  ],
} as const satisfies Table

/** The columns that every history of amoCRM records ends with. */
const versionColumns: readonly Column[] = [
  loadId,
  extraColumn(
    'row_source',
    'string',
    'откуда известно: list, bin, event, sweep',
    'where it is known from: list, bin, event, sweep',
  ),
  extraColumn(
    'observed_at',
    'timestamp',
    'момент, на который это было так: ответ API, для событий — время события',
    "the instant at which this was true: the API's answer, or an event's own time",
  ),
  extraColumn('row_hash', 'string', 'хеш содержимого версии', "hash of the version's content"),
]

const isDeletedExtra = extraColumn(
  'is_deleted',
  'boolean',
  'запись удалена или исчезла из списка',
  'the record was deleted or is gone from the list',
)

function history<const Name extends string>(
  name: Name,
  ru: string,
  en: string,
  specColumns: readonly Column[],
  extraColumns: readonly Column[] = [],
  recordKey: readonly string[] = ['id'],
): Table<Name> & { readonly schema: 'bronze' } {
  return {
    schema: 'bronze',
    name,
    comment: { ru, en },
    key: [],
    recordKey,
    partitionBy: [],
    columns: [...specColumns, loadedAt, ...extraColumns, ...versionColumns],
  }
}

const id = column('id', 'int', 'идентификатор', 'id')
const nameColumn = column('name', 'string', 'название', 'name')
const responsibleUserId = column('responsible_user_id', 'int', 'ответственный', 'responsible user')
const createdBy = column('created_by', 'int', 'кто создал (0 — робот)', 'who created it (0: robot)')
const updatedBy = column('updated_by', 'int', 'кто изменил', 'who changed it')
const createdAt = column('created_at', 'bigint', 'создано, Unix-секунды', 'created, Unix seconds')
const updatedAt = column('updated_at', 'bigint', 'изменено, Unix-секунды', 'changed, Unix seconds')
const isDeleted = column('is_deleted', 'boolean', 'удалено', 'deleted')
const customFieldsValues = column(
  'custom_fields_values',
  'string',
  'значения пользовательских полей, JSON-массив',
  'values of the custom fields, a JSON array',
)
const groupId = extraColumn('group_id', 'int', 'отдел', 'group of users')
const sort = extraColumn('sort', 'int', 'порядок', 'position')
const json = (name: string, ru: string, en: string) => column(name, 'string', `${ru}, JSON`, `${en}, JSON`)

export const bronzeAmocrmLeads = history(
  'amocrm_leads',
  'Сделки: версии записей',
  'Leads: versions of records',
  [
    id,
    nameColumn,
    column('price', 'bigint', 'бюджет', 'price'),
    responsibleUserId,
    column('status_id', 'int', 'статус', 'status'),
    column('pipeline_id', 'int', 'воронка', 'pipeline'),
    column('loss_reason_id', 'int', 'причина отказа', 'reason of the loss'),
    createdBy,
    updatedBy,
    createdAt,
    updatedAt,
    column('closed_at', 'bigint', 'закрыто, Unix-секунды', 'closed, Unix seconds'),
    isDeleted,
    customFieldsValues,
    column('score', 'int', 'скоринг', 'score'),
    column('labor_cost', 'int', 'трудозатраты, секунды', 'labour, seconds'),
    json('tags_json', 'теги', 'tags'),
    json('contacts_json', 'контакты', 'contacts'),
    json('companies_json', 'компании', 'companies'),
  ],
  [
    groupId,
    extraColumn('closest_task_at', 'bigint', 'ближайшая задача, Unix-секунды', 'next task, Unix seconds'),
  ],
)

export const bronzeAmocrmContacts = history(
  'amocrm_contacts',
  'Контакты: версии записей',
  'Contacts: versions of records',
  [
    id,
    nameColumn,
    column('first_name', 'string', 'имя', 'first name'),
    column('last_name', 'string', 'фамилия', 'last name'),
    responsibleUserId,
    createdBy,
    updatedBy,
    createdAt,
    updatedAt,
    isDeleted,
    customFieldsValues,
    json('companies_json', 'компании', 'companies'),
    json('leads_json', 'сделки', 'leads'),
  ],
  [groupId],
)

export const bronzeAmocrmCompanies = history(
  'amocrm_companies',
  'Компании: версии записей',
  'Companies: versions of records',
  [
    id,
    nameColumn,
    responsibleUserId,
    createdBy,
    updatedBy,
    createdAt,
    updatedAt,
    isDeleted,
    customFieldsValues,
    json('contacts_json', 'контакты', 'contacts'),
    json('leads_json', 'сделки', 'leads'),
  ],
  [groupId],
)

export const bronzeAmocrmTasks = history(
  'amocrm_tasks',
  'Задачи: версии записей',
  'Tasks: versions of records',
  [
    id,
    column('text', 'string', 'текст', 'text'),
    responsibleUserId,
    column('entity_id', 'int', 'к чему относится', 'the entity it belongs to'),
    column('entity_type', 'string', 'leads, contacts, companies', 'leads, contacts, companies'),
    column('is_completed', 'boolean', 'выполнена', 'completed'),
    column('task_type_id', 'int', '1 — звонок, 2 — встреча', '1: call, 2: meeting'),
    column('complete_till', 'bigint', 'срок, Unix-секунды', 'due, Unix seconds'),
    column('result_text', 'string', 'результат', 'result'),
    createdAt,
    updatedAt,
  ],
  [
    isDeletedExtra,
    extraColumn('created_by', 'int', 'кто создал', 'who created it'),
    extraColumn('updated_by', 'int', 'кто изменил', 'who changed it'),
    groupId,
    extraColumn('duration', 'int', 'длительность, секунды', 'duration, seconds'),
  ],
)

export const bronzeAmocrmPipelines = history(
  'amocrm_pipelines',
  'Воронки: версии записей',
  'Pipelines: versions of records',
  [
    id,
    nameColumn,
    column('is_main', 'boolean', 'главная', 'the main one'),
    json('statuses_json', 'статусы', 'statuses'),
  ],
  [sort, extraColumn('is_archive', 'boolean', 'в архиве', 'archived'), isDeletedExtra],
)

export const bronzeAmocrmUsers = history(
  'amocrm_users',
  'Пользователи CRM: версии записей',
  'Users of the CRM: versions of records',
  [id, nameColumn, column('email', 'string', 'e-mail', 'e-mail'), json('rights_json', 'права', 'rights')],
  [
    extraColumn('lang', 'string', 'язык', 'language'),
    extraColumn('is_active', 'boolean', 'активен', 'active'),
    extraColumn('is_admin', 'boolean', 'администратор', 'administrator'),
    groupId,
    extraColumn('role_id', 'int', 'роль', 'role'),
    isDeletedExtra,
  ],
)

export const bronzeAmocrmEvents = history('amocrm_events', 'Журнал событий', 'Log of events', [
  column('id', 'string', 'идентификатор', 'id'),
  column('type', 'string', 'вид события', 'kind of event'),
  column('entity_id', 'int', 'запись', 'the record'),
  column('entity_type', 'string', 'lead, contact, company, task', 'lead, contact, company, task'),
  column('created_by', 'int', 'кто', 'who'),
  createdAt,
  json('value_after', 'значение после', 'value after'),
  json('value_before', 'значение до', 'value before'),
])

export const bronzeAmocrmLossReasons = history(
  'amocrm_loss_reasons',
  'Причины отказа: версии записей',
  'Loss reasons: versions of records',
  [id, nameColumn, column('sort', 'int', 'порядок', 'position'), createdAt, updatedAt],
  [isDeletedExtra],
)

export const bronzeAmocrmTaskTypes = history(
  'amocrm_task_types',
  'Типы задач аккаунта: версии записей',
  "The account's task types: versions of records",
  [id, nameColumn, column('code', 'string', 'код', 'code')],
  [isDeletedExtra],
)

export const bronzeAmocrmCatalogs = history(
  'amocrm_catalogs',
  'Каталоги (списки): версии записей',
  'Catalogs (lists): versions of records',
  [
    id,
    nameColumn,
    column('type', 'string', 'regular, invoices, products', 'regular, invoices, products'),
    column('sort', 'int', 'порядок', 'position'),
    createdBy,
    updatedBy,
    createdAt,
    updatedAt,
  ],
  [isDeletedExtra],
)

export const bronzeAmocrmCatalogElements = history(
  'amocrm_catalog_elements',
  'Элементы каталогов: версии записей',
  'Elements of catalogs: versions of records',
  [
    id,
    column('catalog_id', 'int', 'каталог', 'catalog'),
    nameColumn,
    createdBy,
    updatedBy,
    createdAt,
    updatedAt,
    isDeleted,
    customFieldsValues,
  ],
  [],
  ['catalog_id', 'id'],
)

export const bronzeAmocrmCustomFields = history(
  'amocrm_custom_fields',
  'Определения пользовательских полей: версии записей',
  'Definitions of custom fields: versions of records',
  [
    id,
    column(
      'entity_type',
      'string',
      'leads, contacts, companies, catalogs',
      'leads, contacts, companies, catalogs',
    ),
    column('catalog_id', 'int', 'каталог, если поле каталога', "catalog, where it is a catalog's field"),
    nameColumn,
    column('code', 'string', 'код', 'code'),
    column('type', 'string', 'тип поля', 'type of the field'),
    column('sort', 'int', 'порядок', 'position'),
    json('enums_json', 'варианты списка', 'options of a list'),
  ],
  [isDeletedExtra],
  ['entity_type', 'id'],
)

export const bronzeTables = [
  bronzeAlaqanVisits,
  bronzeAmocrmPipelines,
  bronzeAmocrmUsers,
  bronzeAmocrmLossReasons,
  bronzeAmocrmTaskTypes,
  bronzeAmocrmCustomFields,
  bronzeAmocrmCompanies,
  bronzeAmocrmContacts,
  bronzeAmocrmLeads,
  bronzeAmocrmTasks,
  bronzeAmocrmEvents,
  bronzeAmocrmCatalogs,
  bronzeAmocrmCatalogElements,
] as const satisfies readonly Table[]
