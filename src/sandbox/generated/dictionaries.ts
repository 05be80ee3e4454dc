import type { JsonObject, JsonValue } from '../../json.js'
import type { Dictionaries } from '../world/world.js'
import { integer } from './draw.js'
import { pipelineRecords } from './pipelines.js'

export const accountId = 31_000_001

/** Who works in the generated account. */
const userNames = [
  'Айгерим Сейтқали',
  'Данияр Оспанов',
  'Ольга Захарова',
  'Нұрсұлтан Әбенов',
  'Мадина Төлегенова',
  'Павел Ким',
  'Жанна Қасымбекова',
  'Арман Исқақ',
  'Екатерина Орлова',
  'Ерболат Дүйсенбай',
  'Алия Ахметова',
  'Тимур "Тим" Хван',
] as const

/** The ids of the users, the administrator's first. */
export const userIds: readonly number[] = userNames.map((_, index) => 9_400_101 + 37 * index)

/** The user that a fraction in [0, 1) points at; the first ones have the most to do. */
export function userFor(fraction: number): number {
  return userIds[integer(fraction ** 1.4, userIds.length)] ?? 0
}

/** Ids and enumerations of the custom fields. */
export const leadFields = {
  bin: 501_001,
  source: 501_002,
  grant: 501_003,
  signedOn: 501_004,
  isUrgent: 501_005,
  utm: 501_006,
} as const
export const contactFields = { phone: 601_001, email: 601_002, position: 601_003 } as const
export const companyFields = {
  bin: 701_001,
  industry: 701_002,
  address: 701_003,
  legalEntity: 701_004,
} as const
export const sources = [
  'Сайт',
  'Instagram',
  'Рекомендация',
  'Astana Hub',
  'Выставка',
  'Холодный звонок',
  'Telegram',
] as const
export const industries = [
  'IT',
  'Финтех',
  'Эдтех',
  'Агротех',
  'Логистика',
  'Медицина',
  'Ритейл',
  'Энергетика',
  'Геймдев',
] as const
export const lossReasonIds = [70_001, 70_002, 70_003, 70_004, 70_005] as const
const lossReasonNames = [
  'Дорого',
  'Не подошли условия',
  'Выбрали другой технопарк',
  'Не выходит на связь',
  'Дубль',
] as const

/** The name of a loss reason. */
export function lossReasonName(id: number): string {
  return lossReasonNames[id - lossReasonIds[0]] ?? ''
}

export const tagNames = [
  'VIP',
  'резидент',
  'стартап',
  'грант',
  'ИИ',
  'срочно',
  'экспорт',
  'қазақша',
  'повторно',
] as const
export const taskTypeIds = [1, 2, 2_100_003, 2_100_004] as const
const taskTypeNames = ['Звонок', 'Встреча', 'Документы', 'Экскурсия по хабу'] as const

/** The id of an enumeration's member. */
export function enumId(fieldId: number, index: number): number {
  return fieldId * 10 + index
}

function field(
  id: number,
  name: string,
  type: string,
  code: string | null,
  entity: string,
  enums: readonly string[] = [],
): JsonObject {
  return {
    id,
    name,
    type,
    account_id: accountId,
    code,
    sort: 500 + (id % 100),
    is_api_only: false,
    enums:
      enums.length === 0
        ? null
        : enums.map((value, index) => ({ id: enumId(id, index), value, sort: index })),
    group_id: null,
    required_statuses: [],
    is_deletable: code === null,
    is_predefined: code !== null,
    entity_type: entity,
  }
}

function users(): JsonValue[] {
  return userNames.map((name, index) => ({
    id: userIds[index] ?? 0,
    name,
    email: `user${index + 1}@example.kz`,
    lang: index % 3 === 0 ? 'kz' : 'ru',
    rights: {
      leads: { view: 'A', edit: 'A', add: 'A', delete: 'A', export: 'A' },
      contacts: { view: 'A', edit: 'A', add: 'A', delete: 'A', export: 'A' },
      companies: { view: 'A', edit: 'A', add: 'A', delete: 'A', export: 'A' },
      tasks: { edit: 'A', delete: 'A' },
      mail_access: index === 0,
      catalog_access: true,
      status_rights: null,
      is_admin: index === 0,
      is_free: false,
      is_active: index !== userNames.length - 1,
      group_id: index < 6 ? 510_001 : null,
      role_id: index === 0 ? null : 520_001,
    },
    uuid: `00000000-0000-4000-8000-0000000000${(10 + index).toString(16)}`,
    _embedded: {
      roles: index === 0 ? [] : [{ id: 520_001, name: 'Менеджер' }],
      groups: index < 6 ? [{ id: 510_001, name: 'Отдел резидентства' }] : [],
    },
  }))
}

const rooms = [
  'Кабинет 101',
  'Кабинет 204',
  'Open space «Есіл»',
  'Переговорная «Алатау»',
  'Конференц-зал «Байтерек»',
] as const

/** The account and its small lists. Times are Unix seconds. */
export function generatedDictionaries(createdAt: number, timeZone: string): Dictionaries {
  const catalog = (id: number, name: string, type: string): JsonObject => ({
    id,
    name,
    created_by: userIds[0] ?? 0,
    updated_by: userIds[0] ?? 0,
    created_at: createdAt,
    updated_at: createdAt,
    sort: 10,
    type,
    can_add_elements: true,
    can_show_in_cards: type === 'regular',
    can_link_multiple: true,
    can_be_deleted: type === 'regular',
    sdk_widget_code: null,
    account_id: accountId,
  })
  const element = (catalogId: number, id: number, name: string, price: number): JsonObject => ({
    id,
    name,
    catalog_id: catalogId,
    created_by: userIds[0] ?? 0,
    updated_by: userIds[0] ?? 0,
    created_at: createdAt,
    updated_at: createdAt,
    is_deleted: null,
    custom_fields_values: [
      {
        field_id: catalogId * 10,
        field_name: 'Цена',
        field_code: 'PRICE',
        field_type: 'price',
        values: [{ value: String(price) }],
      },
    ],
    account_id: accountId,
  })
  return {
    account: {
      id: accountId,
      name: 'Технопарк (песочница)',
      subdomain: 'sandbox',
      created_at: createdAt,
      created_by: 0,
      updated_at: createdAt,
      updated_by: 0,
      current_user_id: userIds[0] ?? 0,
      country: 'KZ',
      currency: 'KZT',
      currency_symbol: '₸',
      customers_mode: 'unavailable',
      is_unsorted_on: true,
      mobile_feature_version: 0,
      is_loss_reason_enabled: true,
      is_helpbot_enabled: false,
      is_technical_account: false,
      contact_name_display_order: 1,
      version: 12,
      _embedded: {
        datetime_settings: {
          date_pattern: 'd.m.Y H:i',
          short_date_pattern: 'd.m.Y',
          short_time_pattern: 'H:i',
          date_format: 'd.m.Y',
          time_format: 'H:i:s',
          timezone: timeZone,
          timezone_offset: '+05:00',
        },
        task_types: taskTypeIds.map((id, index) => ({
          id,
          name: taskTypeNames[index] ?? '',
          color: null,
          icon_id: null,
          code: index === 0 ? 'FOLLOW_UP' : index === 1 ? 'MEETING' : null,
        })),
        users_groups: [
          { id: 0, name: 'Отдел продаж', uuid: null },
          { id: 510_001, name: 'Отдел резидентства', uuid: null },
        ],
      },
    },
    users: users(),
    pipelines: pipelineRecords(accountId),
    lossReasons: lossReasonIds.map((id, index) => ({
      id,
      name: lossReasonNames[index] ?? '',
      sort: 100_000 + index,
      created_at: createdAt,
      updated_at: createdAt,
    })),
    catalogs: [catalog(8001, 'Помещения', 'regular'), catalog(8002, 'Товары и услуги', 'products')],
    catalogElements: {
      8001: rooms.map((name, index) => element(8001, 800_101 + index, name, 90_000 * (index + 1))),
      8002: Array.from({ length: 60 }, (_, index) =>
        element(8002, 800_201 + index, `Услуга № ${index + 1}`, 5000 * (index + 1)),
      ),
    },
    customFields: {
      leads: [
        field(leadFields.bin, 'БИН', 'numeric', null, 'leads'),
        field(leadFields.source, 'Источник', 'select', null, 'leads', sources),
        field(leadFields.grant, 'Сумма гранта', 'numeric', null, 'leads'),
        field(leadFields.signedOn, 'Дата договора', 'date', null, 'leads'),
        field(leadFields.isUrgent, 'Срочно', 'checkbox', null, 'leads'),
        field(leadFields.utm, 'utm_source', 'tracking_data', 'UTM_SOURCE', 'leads'),
      ],
      contacts: [
        field(contactFields.position, 'Должность', 'text', 'POSITION', 'contacts'),
        field(contactFields.phone, 'Телефон', 'multitext', 'PHONE', 'contacts', ['WORK', 'MOB', 'OTHER']),
        field(contactFields.email, 'Email', 'multitext', 'EMAIL', 'contacts', ['WORK', 'PRIV', 'OTHER']),
      ],
      companies: [
        field(companyFields.bin, 'БИН', 'text', null, 'companies'),
        field(companyFields.industry, 'Сфера', 'select', null, 'companies', industries),
        field(companyFields.address, 'Адрес', 'smart_address', 'ADDRESS', 'companies'),
        field(companyFields.legalEntity, 'Юр. лицо', 'legal_entity', null, 'companies'),
      ],
      'catalogs/8001': [field(80_010, 'Цена', 'price', 'PRICE', 'catalogs')],
      'catalogs/8002': [field(80_020, 'Цена', 'price', 'PRICE', 'catalogs')],
    },
  }
}
