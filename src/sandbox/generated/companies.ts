import type { JsonObject } from '../../json.js'
import type { Base } from '../world/collection.js'
import { fieldValue, orNull, plainValue } from './custom-field-values.js'
import { denseBase, type Ids } from './dense-base.js'
import { accountId, companyFields, enumId, industries, userFor } from './dictionaries.js'
import { type Draw, drawing, integer, Stream } from './draw.js'
import { companyNumber, personNumber } from './identity-numbers.js'
import type { LeadHistories } from './lead-history.js'
import { companyWords, personName, sometimesAwkward } from './names.js'
import type { Relations } from './relations.js'
import type { WorkingTime } from './working-time.js'

/** The generated companies. */
export interface Companies {
  readonly base: Base
  createdAt(company: number): number
  nameOf(company: number): string
  /** The number the company has in the register, 12 digits, or undefined where nobody wrote one down. */
  numberOf(company: number): string | undefined
}

const Question = {
  created: 1,
  form: 2,
  bin: 3,
  touch: 4,
  user: 5,
  industry: 6,
  address: 7,
  creator: 8,
  twin: 9,
} as const
const streets = ['пр. Мәңгілік Ел', 'ул. Сығанақ', 'пр. Тұран', 'ул. Достық', 'пр. Қабанбай батыр'] as const

/** The БИН as people typed it: with lost zeros, spaces, rubbish. */
function asTyped(number: string, fraction: number): string {
  if (fraction < 0.06) return number.replace(/^0+/, '')
  if (fraction < 0.09) return `${number.slice(0, 6)} ${number.slice(6)}`
  if (fraction < 0.1) return 'уточнить'
  if (fraction < 0.11) return '000000000000'
  if (fraction < 0.12) return `БИН ${number}`
  return number
}

export function companies(
  seed: number,
  relations: Relations,
  leads: LeadHistories,
  leadIds: Ids,
  contactIds: Ids,
  ids: Ids,
  time: WorkingTime,
): Companies {
  const draw: Draw = drawing(seed, Stream.company)
  const isSoleProprietor = (company: number) => draw(company, Question.form) > 0.86
  const createdAt = (company: number) => {
    const [first] = relations.leadsOfCompany(company)
    return first === undefined ? time.at(draw(company, Question.created)) : leads.createdAt(first) - 40
  }
  const updatedAt = (company: number) =>
    time.soonAfter(createdAt(company), 15_000_000, draw(company, Question.touch) ** 3)
  const nameOf = (company: number) => {
    const form = draw(company, Question.form)
    if (isSoleProprietor(company)) {
      const { first, last } = personName(draw, company)
      return `ИП ${last} ${first.slice(0, 1)}.`
    }
    const words = companyWords(draw, company)
    const named = form < 0.62 ? `ТОО «${words}»` : form < 0.8 ? `«${words}» ЖШС` : `АО "${words}"`
    return sometimesAwkward(named, draw, company)
  }
  const registered = (company: number) =>
    isSoleProprietor(company) ? personNumber(draw, company) : companyNumber(draw, company)
  const numberOf = (company: number) => {
    if (draw(company, Question.bin) < 0.12) return undefined
    // Somebody has entered a company a second time.
    const isTwin = company > 0 && draw(company, Question.twin) < 0.03
    return registered(isTwin ? company - 1 : company)
  }

  const record = (company: number): JsonObject => {
    const number = numberOf(company)
    const industry = integer(draw(company, Question.industry), industries.length + 2)
    const address = draw(company, Question.address)
    const fields: JsonObject[] = []
    if (number !== undefined) {
      // The draw that decided that there is one, stretched to [0, 1) again.
      const typed = asTyped(number, (draw(company, Question.bin) - 0.12) / 0.88)
      fields.push(plainValue(companyFields.bin, 'БИН', 'text', typed))
    }
    const industryName = industries[industry]
    if (industryName !== undefined) {
      fields.push(
        fieldValue(companyFields.industry, 'Сфера', 'select', [
          { value: industryName, enum_id: enumId(companyFields.industry, industry), enum_code: null },
        ]),
      )
    }
    if (address < 0.3) {
      const street = streets[integer(address / 0.3, streets.length)] ?? ''
      fields.push(
        fieldValue(
          companyFields.address,
          'Адрес',
          'smart_address',
          [
            { value: `${street}, 55/8`, enum_id: 1, enum_code: 'address_line_1' },
            { value: 'Астана', enum_id: 3, enum_code: 'city' },
            { value: 'KZ', enum_id: 6, enum_code: 'country' },
          ],
          'ADDRESS',
        ),
      )
    } else if (address < 0.35 && number !== undefined) {
      fields.push(
        plainValue(companyFields.legalEntity, 'Юр. лицо', 'legal_entity', {
          name: nameOf(company),
          entity_type: 1,
          vat_id: number,
          tax_registration_reason_code: null,
          address: null,
        }),
      )
    }
    const creator = userFor(draw(company, Question.creator))
    return {
      id: ids.idOf(company),
      name: nameOf(company),
      responsible_user_id: userFor(draw(company, Question.user)),
      group_id: 0,
      created_by: creator,
      updated_by: creator,
      created_at: createdAt(company),
      updated_at: updatedAt(company),
      closest_task_at: null,
      is_deleted: false,
      custom_fields_values: orNull(fields),
      account_id: accountId,
      _embedded: {
        tags: [],
        contacts: relations.contactsOfCompany(company).map(contact => ({ id: contactIds.idOf(contact) })),
        leads: relations.leadsOfCompany(company).map(lead => ({ id: leadIds.idOf(lead) })),
        customers: [],
        catalog_elements: [],
      },
    }
  }

  return {
    base: denseBase({
      count: relations.scale.companies,
      ids,
      placeOf: () => 'list',
      key: (company, field) => (field === 'updated_at' ? updatedAt(company) : ids.idOf(company)),
      peek: (company, field) =>
        field === 'created_at'
          ? createdAt(company)
          : field === 'updated_at'
            ? updatedAt(company)
            : field === 'responsible_user_id'
              ? userFor(draw(company, Question.user))
              : undefined,
      record,
    }),
    createdAt,
    nameOf,
    numberOf,
  }
}
