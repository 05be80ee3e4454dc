/** Invented records of amoCRM and days at the gate for whole-run tests, as the API would give them. */
import type { JsonObject, JsonValue } from '../../src/json.js'
import { checkDigit } from '../../src/sandbox/generated/identity-numbers.js'

export const accountId = 31_000_001
/** 2025-01-30 06:00:00 in Almaty, Unix seconds. */
export const someDay = 1_738_198_800

export interface InventedLead {
  readonly id: number
  readonly at?: number
  readonly [field: string]: JsonValue | undefined
}

/** A lead with every field that the API gives; `at` is when it was created and changed, Unix seconds. */
export function lead({ id, at = someDay, ...more }: InventedLead): JsonObject {
  return {
    id,
    name: `Заявка ${id}`,
    price: 0,
    responsible_user_id: 100,
    group_id: 0,
    status_id: 11,
    pipeline_id: 1,
    loss_reason_id: null,
    created_by: 100,
    updated_by: 100,
    created_at: at,
    updated_at: at,
    closed_at: null,
    closest_task_at: null,
    is_deleted: false,
    custom_fields_values: null,
    score: null,
    account_id: accountId,
    labor_cost: null,
    _embedded: { tags: [], companies: [], contacts: [] },
    ...defined(more),
  }
}

/** A contact; a phone and an e-mail where they are named. */
export function contact({
  id,
  at = someDay,
  phone,
  email,
  ...more
}: InventedLead & { readonly phone?: string; readonly email?: string }): JsonObject {
  const fields = [
    ...(phone === undefined ? [] : [field(1, 'PHONE', phone)]),
    ...(email === undefined ? [] : [field(2, 'EMAIL', email)]),
  ]
  return {
    id,
    name: `Контакт ${id}`,
    first_name: '',
    last_name: '',
    responsible_user_id: 100,
    created_at: at,
    updated_at: at,
    account_id: accountId,
    custom_fields_values: fields.length > 0 ? fields : null,
    _embedded: { tags: [], companies: [], leads: [] },
    ...defined(more),
  }
}

export function company({ id, at = someDay, ...more }: InventedLead): JsonObject {
  return {
    id,
    name: `Компания ${id}`,
    responsible_user_id: 100,
    created_at: at,
    updated_at: at,
    account_id: accountId,
    custom_fields_values: null,
    _embedded: { tags: [], contacts: [], leads: [] },
    ...defined(more),
  }
}

export function task({ id, at = someDay, ...more }: InventedLead): JsonObject {
  return {
    id,
    responsible_user_id: 100,
    entity_id: 1,
    entity_type: 'leads',
    duration: 0,
    is_completed: false,
    task_type_id: 1,
    text: `Позвонить ${id}`,
    result: [],
    complete_till: at + 86_400,
    created_at: at,
    updated_at: at,
    account_id: accountId,
    ...defined(more),
  }
}

export function user(id: number, name: string, email = `user${id}@example.kz`): JsonObject {
  return { id, name, email, lang: 'ru', rights: { is_active: true, is_admin: id === 100 } }
}

/** A pipeline with two statuses of its own, `10 * id + 1` and `10 * id + 2`, then won and lost. */
export function pipeline(id: number, name: string): JsonObject {
  const status = (statusId: number, statusName: string, sort: number): JsonObject => ({
    id: statusId,
    name: statusName,
    sort,
    is_editable: true,
    pipeline_id: id,
    color: '#fffeb2',
    type: 0,
    account_id: accountId,
  })
  return {
    id,
    name,
    sort: id,
    is_main: id === 1,
    is_unsorted_on: false,
    is_archive: false,
    account_id: accountId,
    _embedded: {
      statuses: [
        status(10 * id + 1, `Новая ${id}`, 10),
        status(10 * id + 2, `В работе ${id}`, 20),
        status(142, 'Успешно', 10_000),
        status(143, 'Отказ', 11_000),
      ],
    },
  }
}

/** Invented people. Only the first has a check digit that holds: gates let in others, too. */
export const iins = ['650727300949', '880101400123', '990315300456', '010203500789'] as const

/** So many invented people, numbered through; up to 30,000. The check digits hold. */
export function crowd(size: number): readonly string[] {
  const people: string[] = []
  for (let eleven = 86_010_130_000; people.length < size; eleven += 1) {
    const check = checkDigit(String(eleven))
    if (check !== undefined) people.push(`${eleven}${check}`)
  }
  return people
}

/** What the gate says of a day: `people` come in at 09:00:00 plus a minute each and leave at 18:00:00. */
export function gateDay(people: readonly string[]): JsonObject {
  return Object.fromEntries(
    people.map((iin, index) => [
      iin,
      [
        { event: 'entry', time: `09:${String(index % 60).padStart(2, '0')}:00` },
        { event: 'exit', time: '18:00:00' },
      ],
    ]),
  )
}

function field(id: number, code: string, value: string): JsonObject {
  return {
    field_id: id,
    field_name: code,
    field_code: code,
    field_type: 'multitext',
    values: [{ value, enum_id: 1, enum_code: 'WORK' }],
  }
}

function defined(values: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  )
}
