/**
 * Silver: typed, cleaned, deduplicated, masked, joined to names (spec 1.5 and 2.5, decisions "Silver").
 * Columns keep the spec's names, order and types; extra columns stand after the spec's last one.
 */
import { column, extraColumn, type Table } from './table.js'

const createdAt = column('created_at', 'timestamp', 'создано', 'created')
const updatedAt = column('updated_at', 'timestamp', 'изменено', 'changed')
const isDeleted = column('is_deleted', 'boolean', 'удалено', 'deleted')
const responsibleUserName = column(
  'responsible_user_name',
  'string',
  'имя ответственного, последнее известное',
  'name of the responsible user, the last known one',
)
const responsibleUserIdExtra = extraColumn('responsible_user_id', 'int', 'ответственный', 'responsible user')
const loadedAtExtra = extraColumn('loaded_at', 'timestamp', 'момент загрузки', 'when it was loaded')

export const silverAlaqanVisits = {
  schema: 'silver',
  name: 'alaqan_visits',
  comment: {
    ru: 'События СКУД: проверены, без повторов, ИИН замаскирован',
    en: 'Gate events: validated, without doubles, the ИИН masked',
  },
  key: ['visit_date', 'iin', 'event', 'event_time'],
  partitionBy: ['visit_date'],
  columns: [
    column('visit_date', 'date', 'дата посещения', 'date of the visit'),
    column('iin', 'string', 'ИИН, замаскирован по настройке privacy.iin', 'ИИН, masked as privacy.iin says'),
    column('event', 'string', 'entry / exit', 'entry / exit'),
    column('event_time', 'time', 'время по стенным часам', 'wall-clock time'),
    column('event_datetime', 'timestamp', 'visit_date + event_time', 'visit_date + event_time'),
    column('loaded_at', 'timestamp', 'момент загрузки', 'when it was loaded'),
    extraColumn('iin_display', 'string', 'последние четыре цифры ИИН', 'the last four digits of the ИИН'),
  ],
} as const satisfies Table

export const silverAmocrmLeads = {
  schema: 'silver',
  name: 'amocrm_leads',
  comment: {
    ru: 'Сделки: последняя версия каждой, с удалёнными',
    en: 'Leads: the last version of each, deleted ones included',
  },
  key: ['lead_id'],
  partitionBy: ['year'],
  columns: [
    column('lead_id', 'int', 'сделка', 'lead'),
    column('lead_name', 'string', 'название', 'name'),
    column('price', 'bigint', 'бюджет', 'price'),
    column('responsible_user_id', 'int', 'ответственный', 'responsible user'),
    responsibleUserName,
    column('status_id', 'int', 'статус', 'status'),
    column('status_name', 'string', 'название статуса', 'name of the status'),
    column('pipeline_id', 'int', 'воронка', 'pipeline'),
    column('pipeline_name', 'string', 'название воронки', 'name of the pipeline'),
    column('is_won', 'boolean', 'успешно реализовано (статус 142)', 'won (status 142)'),
    column('is_lost', 'boolean', 'закрыто и не реализовано (статус 143)', 'lost (status 143)'),
    column('loss_reason', 'string', 'причина отказа', 'reason of the loss'),
    createdAt,
    updatedAt,
    column('closed_at', 'timestamp', 'закрыто', 'closed'),
    isDeleted,
    column('cf_bin', 'string', 'БИН из пользовательских полей', 'БИН from the custom fields'),
    column('cf_source', 'string', 'источник сделки', 'source of the lead'),
    column('contact_ids', 'array<int>', 'связанные контакты', 'its contacts'),
    column('company_ids', 'array<int>', 'связанные компании', 'its companies'),
    column('tags', 'array<string>', 'теги', 'tags'),
    column('year', 'int', 'год создания', 'year of creation'),
    extraColumn('loss_reason_id', 'int', 'причина отказа', 'reason of the loss'),
    loadedAtExtra,
  ],
} as const satisfies Table

export const silverAmocrmContacts = {
  schema: 'silver',
  name: 'amocrm_contacts',
  comment: {
    ru: 'Контакты: последняя версия каждого, телефон и e-mail замаскированы',
    en: 'Contacts: the last version of each, phone and e-mail masked',
  },
  key: ['contact_id'],
  partitionBy: [],
  columns: [
    column('contact_id', 'int', 'контакт', 'contact'),
    column('full_name', 'string', 'имя целиком', 'full name'),
    column('first_name', 'string', 'имя', 'first name'),
    column('last_name', 'string', 'фамилия', 'last name'),
    responsibleUserName,
    column(
      'phone',
      'string',
      'телефон, замаскирован по privacy.phone',
      'phone, masked as privacy.phone says',
    ),
    column(
      'email',
      'string',
      'e-mail, замаскирован по privacy.email',
      'e-mail, masked as privacy.email says',
    ),
    createdAt,
    updatedAt,
    isDeleted,
    column('company_ids', 'array<int>', 'связанные компании', 'its companies'),
    column('lead_ids', 'array<int>', 'связанные сделки', 'its leads'),
    responsibleUserIdExtra,
    loadedAtExtra,
  ],
} as const satisfies Table

export const silverAmocrmCompanies = {
  schema: 'silver',
  name: 'amocrm_companies',
  comment: { ru: 'Компании: последняя версия каждой', en: 'Companies: the last version of each' },
  key: ['company_id'],
  partitionBy: [],
  columns: [
    column('company_id', 'int', 'компания', 'company'),
    column('company_name', 'string', 'название', 'name'),
    responsibleUserName,
    column('bin', 'string', 'БИН из пользовательских полей', 'БИН from the custom fields'),
    column('industry', 'string', 'сфера из пользовательских полей', 'industry from the custom fields'),
    createdAt,
    updatedAt,
    isDeleted,
    responsibleUserIdExtra,
    loadedAtExtra,
  ],
} as const satisfies Table

export const silverAmocrmPipelineStatuses = {
  schema: 'silver',
  name: 'amocrm_pipeline_statuses',
  comment: {
    ru: 'Воронки и статусы, с удалёнными под последним известным названием',
    en: 'Pipelines and statuses, removed ones under their last known names',
  },
  key: ['pipeline_id', 'status_id'],
  partitionBy: [],
  columns: [
    column('pipeline_id', 'int', 'воронка', 'pipeline'),
    column('pipeline_name', 'string', 'название воронки', 'name of the pipeline'),
    column('is_main_pipeline', 'boolean', 'главная воронка', 'the main pipeline'),
    column('status_id', 'int', 'статус', 'status'),
    column('status_name', 'string', 'название статуса', 'name of the status'),
    column('status_sort', 'int', 'порядок статуса', 'position of the status'),
    column('status_color', 'string', 'цвет', 'colour'),
    extraColumn(
      'is_removed',
      'boolean',
      'статуса или воронки больше нет',
      'the status or pipeline no longer exists',
    ),
    extraColumn('pipeline_sort', 'int', 'порядок воронки', 'position of the pipeline'),
  ],
} as const satisfies Table

export const silverAmocrmUsers = {
  schema: 'silver',
  name: 'amocrm_users',
  comment: {
    ru: 'Пользователи CRM, также ушедшие; e-mail замаскирован',
    en: 'Users of the CRM, those who left included; e-mail masked',
  },
  key: ['user_id'],
  partitionBy: [],
  columns: [
    column('user_id', 'int', 'пользователь', 'user'),
    column('user_name', 'string', 'имя, последнее известное', 'name, the last known one'),
    column(
      'email',
      'string',
      'e-mail, замаскирован по privacy.email',
      'e-mail, masked as privacy.email says',
    ),
    column('is_active', 'boolean', 'активен сейчас', 'active now'),
    column('is_admin', 'boolean', 'администратор', 'administrator'),
    column('group_id', 'int', 'отдел', 'group'),
    column('role_id', 'int', 'роль', 'role'),
  ],
} as const satisfies Table

export const silverAmocrmLossReasons = {
  schema: 'silver',
  name: 'amocrm_loss_reasons',
  comment: {
    ru: 'Причины отказа, с удалёнными под последним известным названием',
    en: 'Loss reasons, removed ones under their last known names',
  },
  key: ['loss_reason_id'],
  partitionBy: [],
  columns: [
    column('loss_reason_id', 'int', 'причина отказа', 'loss reason'),
    column('loss_reason', 'string', 'название', 'name'),
    column('is_deleted', 'boolean', 'удалена', 'deleted'),
  ],
} as const satisfies Table

export const silverAmocrmTaskTypes = {
  schema: 'silver',
  name: 'amocrm_task_types',
  comment: { ru: 'Типы задач аккаунта', en: "The account's task types" },
  key: ['task_type_id'],
  partitionBy: [],
  columns: [
    column('task_type_id', 'int', 'тип задачи', 'task type'),
    column('task_type_name', 'string', 'название', 'name'),
    column('is_deleted', 'boolean', 'удалён', 'deleted'),
  ],
} as const satisfies Table

export const silverAmocrmTasks = {
  schema: 'silver',
  name: 'amocrm_tasks',
  comment: { ru: 'Задачи: последняя версия каждой', en: 'Tasks: the last version of each' },
  key: ['task_id'],
  partitionBy: [],
  columns: [
    column('task_id', 'int', 'задача', 'task'),
    column('text', 'string', 'текст (не маскируется)', 'text (not masked)'),
    column('entity_id', 'int', 'к чему относится', 'the entity it belongs to'),
    column('entity_type', 'string', 'leads, contacts, companies', 'leads, contacts, companies'),
    column('task_type_id', 'int', 'тип задачи', 'task type'),
    column('is_completed', 'boolean', 'выполнена', 'completed'),
    column('task_type_name', 'string', 'название типа задачи', 'name of the task type'),
    column('complete_till', 'timestamp', 'срок', 'due'),
    column('result_text', 'string', 'результат (не маскируется)', 'result (not masked)'),
    column('responsible_user_id', 'int', 'ответственный', 'responsible user'),
    responsibleUserName,
    createdAt,
    updatedAt,
    isDeleted,
    loadedAtExtra,
  ],
} as const satisfies Table

export const silverAmocrmLeadStatusChanges = {
  schema: 'silver',
  name: 'amocrm_lead_status_changes',
  comment: {
    ru: 'Смены статуса сделок из журнала событий',
    en: "Changes of leads' statuses from the log of events",
  },
  key: ['event_id'],
  partitionBy: [],
  columns: [
    column('event_id', 'string', 'событие', 'event'),
    column('lead_id', 'int', 'сделка', 'lead'),
    column('from_pipeline_id', 'int', 'воронка до', 'pipeline before'),
    column('from_status_id', 'int', 'статус до', 'status before'),
    column('to_pipeline_id', 'int', 'воронка после', 'pipeline after'),
    column('to_status_id', 'int', 'статус после', 'status after'),
    column('changed_by', 'int', 'кто', 'who'),
    column('changed_at', 'timestamp', 'когда', 'when'),
  ],
} as const satisfies Table

export const silverAmocrmTaskCompletions = {
  schema: 'silver',
  name: 'amocrm_task_completions',
  comment: {
    ru: 'Выполнения задач из журнала событий: последнее на задачу',
    en: 'Completions of tasks from the log of events: the last of each task',
  },
  key: ['task_id'],
  partitionBy: [],
  columns: [
    column('task_id', 'int', 'задача', 'task'),
    column('completed_at', 'timestamp', 'последнее событие task_completed', 'the last task_completed event'),
    column('completed_by', 'int', 'кто', 'who'),
  ],
} as const satisfies Table

export const silverAmocrmLeadBins = {
  schema: 'silver',
  name: 'amocrm_lead_bins',
  comment: {
    ru: 'БИН, к которому относится сделка: её собственный или её первой компании с БИН; без удалённых',
    en: 'The БИН that a lead counts for: its own, or that of its first company with one; without deleted ones',
  },
  key: ['lead_id'],
  partitionBy: [],
  columns: [
    column('lead_id', 'int', 'сделка', 'lead'),
    column('bin', 'string', 'БИН, замаскирован у ИП', "БИН, a sole proprietor's masked"),
  ],
} as const satisfies Table

export const silverArmServiceReport = {
  schema: 'silver',
  name: 'arm_service_report',
  comment: {
    ru: 'Отчёт ARM о резидентах: одна строка на компанию и период, БИН ИП замаскирован',
    en: "ARM's report on residents: one row per company and period, a sole proprietor's БИН masked",
  },
  key: ['bin', 'period'],
  partitionBy: [],
  hasMeasures: true,
  columns: [
    column('bin', 'string', 'БИН', 'БИН'),
    column(
      'period',
      'date',
      'период, первый день, если назван месяц',
      'period; its first day where a month is named',
    ),
    column('status', 'string', 'статус в отчёте', 'status in the report'),
    column('company_name', 'string', 'название в отчёте', 'name in the report'),
  ],
} as const satisfies Table

export const silverArmDirectory = {
  schema: 'silver',
  name: 'arm_directory',
  comment: {
    ru: 'Справочник ИИН → БИН из ARM или файла: кто в какой компании и когда, ИИН замаскирован',
    en: 'The directory ИИН → БИН of ARM or of a file: who is at which company and when, the ИИН masked',
  },
  key: ['iin', 'bin', 'spell'],
  partitionBy: [],
  columns: [
    column('iin', 'string', 'ИИН, замаскирован как в alaqan_visits', 'ИИН, masked as in alaqan_visits'),
    column('bin', 'string', 'БИН, замаскирован у ИП', "БИН, a sole proprietor's masked"),
    column(
      'spell',
      'int',
      'который раз человек в этой компании, с 1',
      "the person's nth time at this company, from 1",
    ),
    column('valid_from', 'date', 'с какого дня; NULL — с начала', 'from which day; NULL: from the beginning'),
    column(
      'valid_to',
      'date',
      'по какой день включительно; NULL — без конца',
      'until which day, inclusive; NULL: open',
    ),
  ],
} as const satisfies Table

export const silverTables = [
  silverAlaqanVisits,
  silverAmocrmPipelineStatuses,
  silverAmocrmUsers,
  silverAmocrmLossReasons,
  silverAmocrmTaskTypes,
  silverAmocrmCompanies,
  silverAmocrmContacts,
  silverAmocrmLeads,
  silverAmocrmTasks,
  silverAmocrmLeadStatusChanges,
  silverAmocrmTaskCompletions,
  silverAmocrmLeadBins,
  silverArmServiceReport,
  silverArmDirectory,
] as const satisfies readonly Table[]
