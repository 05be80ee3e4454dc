import type { JsonObject } from '../../json.js'
import type { Base } from '../world/collection.js'
import { fieldValue, orNull } from './custom-field-values.js'
import { denseBase, type Ids } from './dense-base.js'
import { accountId, contactFields, enumId, userFor } from './dictionaries.js'
import { type Draw, drawing, integer, pick, Stream } from './draw.js'
import type { LeadHistories } from './lead-history.js'
import { inLatin, personName, sometimesAwkward } from './names.js'
import type { Relations } from './relations.js'
import type { WorkingTime } from './working-time.js'

/** The generated contacts. */
export interface Contacts {
  readonly base: Base
  createdAt(contact: number): number
}

const Question = {
  created: 1,
  touch: 2,
  user: 3,
  phone: 4,
  phoneFormat: 5,
  secondPhone: 6,
  email: 7,
  emailFormat: 8,
  position: 9,
  onlyName: 10,
} as const
const positions = ['Директор', 'Основатель', 'Бухгалтер', 'Менеджер', 'СТО', 'Заңгер'] as const
const operators = ['700', '701', '702', '705', '707', '747', '771', '775', '777'] as const
const mailHosts = ['example.kz', 'mail.example', 'example.com', 'пример.қаз.example'] as const

/** One number as different people write it. */
function phone(fraction: number, format: number): string {
  const operator = pick(operators, fraction)
  const serial = String(integer((fraction * 9973) % 1, 10_000_000)).padStart(7, '0')
  const [a, b, c] = [serial.slice(0, 3), serial.slice(3, 5), serial.slice(5)]
  const formats = [
    `+7${operator}${serial}`,
    `+7 ${operator} ${a} ${b} ${c}`,
    `8 (${operator}) ${a}-${b}-${c}`,
    `7${operator}${serial}`,
    `+7(${operator})${a}${b}${c} доб. 12`,
    `8${operator}${serial}`,
  ]
  return pick(formats, format ** 1.5)
}

export function contacts(
  seed: number,
  relations: Relations,
  leads: LeadHistories,
  leadIds: Ids,
  companyIds: Ids,
  ids: Ids,
  time: WorkingTime,
): Contacts {
  const draw: Draw = drawing(seed, Stream.contact)
  const createdAt = (contact: number) => {
    const [first] = relations.leadsOfContact(contact)
    return first === undefined ? time.at(draw(contact, Question.created)) : leads.createdAt(first) - 30
  }
  const updatedAt = (contact: number) =>
    time.soonAfter(createdAt(contact), 12_000_000, draw(contact, Question.touch) ** 3)

  const fieldsOf = (contact: number, first: string, last: string): JsonObject[] => {
    const fields: JsonObject[] = []
    if (draw(contact, Question.position) < 0.4) {
      const position = pick(positions, draw(contact, Question.position) / 0.4)
      fields.push(fieldValue(contactFields.position, 'Должность', 'text', [{ value: position }], 'POSITION'))
    }
    if (draw(contact, Question.phone) < 0.92) {
      const numbers = [phone(draw(contact, Question.phone), draw(contact, Question.phoneFormat))]
      if (draw(contact, Question.secondPhone) < 0.15) {
        numbers.push(phone(draw(contact, Question.secondPhone), draw(contact, Question.phone)))
      }
      const values = numbers.map((value, index) => ({
        value,
        enum_id: enumId(contactFields.phone, index),
        enum_code: index === 0 ? 'WORK' : 'MOB',
      }))
      fields.push(fieldValue(contactFields.phone, 'Телефон', 'multitext', values, 'PHONE'))
    }
    if (draw(contact, Question.email) < 0.7) {
      const host = pick(mailHosts, draw(contact, Question.email) ** 1.5)
      const plain = `${inLatin(first).slice(0, 1)}.${inLatin(last)}${contact % 97}@${host}`
      const format = draw(contact, Question.emailFormat)
      const value =
        format < 0.05 ? ` ${plain} ` : format < 0.12 ? plain.toUpperCase() : format < 0.13 ? 'нет' : plain
      fields.push(
        fieldValue(
          contactFields.email,
          'Email',
          'multitext',
          [{ value, enum_id: enumId(contactFields.email, 0), enum_code: 'WORK' }],
          'EMAIL',
        ),
      )
    }
    return fields
  }

  const record = (contact: number): JsonObject => {
    const { first, last } = personName(draw, contact)
    const hasParts = draw(contact, Question.onlyName) > 0.1
    const company = relations.companyOfContact(contact)
    const user = userFor(draw(contact, Question.user))
    return {
      id: ids.idOf(contact),
      name: sometimesAwkward(`${last} ${first}`, draw, contact),
      first_name: hasParts ? first : '',
      last_name: hasParts ? last : '',
      responsible_user_id: user,
      group_id: 0,
      created_by: user,
      updated_by: user,
      created_at: createdAt(contact),
      updated_at: updatedAt(contact),
      closest_task_at: null,
      is_deleted: false,
      is_unsorted: false,
      custom_fields_values: orNull(fieldsOf(contact, first, last)),
      account_id: accountId,
      _embedded: {
        tags: [],
        companies: company < 0 ? [] : [{ id: companyIds.idOf(company) }],
        leads: relations.leadsOfContact(contact).map(lead => ({ id: leadIds.idOf(lead) })),
        customers: [],
        catalog_elements: [],
      },
    }
  }

  return {
    base: denseBase({
      count: relations.scale.contacts,
      ids,
      placeOf: () => 'list',
      key: (contact, field) => (field === 'updated_at' ? updatedAt(contact) : ids.idOf(contact)),
      peek: (contact, field) =>
        field === 'created_at'
          ? createdAt(contact)
          : field === 'updated_at'
            ? updatedAt(contact)
            : field === 'responsible_user_id'
              ? userFor(draw(contact, Question.user))
              : undefined,
      record,
    }),
    createdAt,
  }
}
