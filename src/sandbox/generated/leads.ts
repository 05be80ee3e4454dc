import type { JsonObject } from '../../json.js'
import type { Base } from '../world/collection.js'
import type { Companies } from './companies.js'
import { fieldValue, orNull, plainValue } from './custom-field-values.js'
import { denseBase, type Ids } from './dense-base.js'
import {
  accountId,
  enumId,
  leadFields,
  lossReasonIds,
  lossReasonName,
  sources,
  tagNames,
  userFor,
} from './dictionaries.js'
import { type Draw, drawing, integer, pick, Stream } from './draw.js'
import type { LeadHistories, LeadHistory } from './lead-history.js'
import { sometimesAwkward } from './names.js'
import { lostStatus } from './pipelines.js'
import type { Relations } from './relations.js'

const Question = {
  price: 101,
  user: 102,
  lossReason: 103,
  source: 104,
  bin: 105,
  grant: 106,
  urgent: 107,
  tags: 108,
  labor: 109,
  creator: 110,
  signed: 111,
} as const
const robot = 0

/** The user a lead belongs to. */
export function leadOwner(draw: Draw, lead: number): number {
  return userFor(draw(lead, Question.user))
}

function price(history: LeadHistory, fraction: number): number {
  if (fraction < 0.16) return 0
  // Most deals are near the usual price, a few far above it.
  const factor = 0.3 + 1.2 * fraction + (fraction > 0.97 ? 12 * (fraction - 0.9) : 0)
  return Math.round((history.pipeline.price * factor) / 5000) * 5000
}

export function leads(
  seed: number,
  relations: Relations,
  histories: LeadHistories,
  companies: Companies,
  ids: Ids,
  contactIds: Ids,
  companyIds: Ids,
): Base {
  const draw: Draw = drawing(seed, Stream.lead)

  const fieldsOf = (lead: number, company: number, history: LeadHistory): JsonObject[] => {
    const fields: JsonObject[] = []
    const number = company < 0 ? undefined : companies.numberOf(company)
    if (number !== undefined && draw(lead, Question.bin) < 0.75) {
      // A numeric field: amoCRM keeps the number, not its leading zeros.
      fields.push(plainValue(leadFields.bin, 'БИН', 'numeric', String(Number(number))))
    }
    const source = draw(lead, Question.source)
    if (source < 0.85) {
      const index = integer((source / 0.85) ** 1.3, sources.length)
      fields.push(
        fieldValue(leadFields.source, 'Источник', 'select', [
          { value: sources[index] ?? '', enum_id: enumId(leadFields.source, index), enum_code: null },
        ]),
      )
    }
    if (draw(lead, Question.grant) < 0.08) {
      const amount = 1_000_000 + 500_000 * integer(draw(lead, Question.grant) / 0.08, 20)
      fields.push(plainValue(leadFields.grant, 'Сумма гранта', 'numeric', String(amount)))
    }
    if (history.closedAt !== null && draw(lead, Question.signed) < 0.4) {
      const asText = new Date(history.closedAt * 1000).toISOString().slice(0, 10)
      const value = draw(lead, Question.signed) < 0.05 ? asText : history.closedAt
      fields.push(plainValue(leadFields.signedOn, 'Дата договора', 'date', value))
    }
    if (draw(lead, Question.urgent) < 0.1) {
      fields.push(plainValue(leadFields.isUrgent, 'Срочно', 'checkbox', true))
    }
    return fields
  }

  const tagsOf = (lead: number): JsonObject[] => {
    const fraction = draw(lead, Question.tags)
    if (fraction < 0.55) return []
    const first = integer((fraction - 0.55) / 0.45, tagNames.length)
    const all = fraction > 0.85 ? [first, (first + 4) % tagNames.length] : [first]
    return all.map(index => ({ id: 90_001 + index, name: tagNames[index] ?? '', color: null }))
  }

  const record = (lead: number): JsonObject => {
    const history = histories.of(lead)
    const company = relations.companyOfLead(lead)
    const status = history.stays.at(-1)?.status ?? 0
    const subject = company < 0 ? `№ ${ids.idOf(lead)}` : companies.nameOf(company)
    const isLost = status === lostStatus
    const reason = draw(lead, Question.lossReason)
    const reasonId = isLost && reason < 0.9 ? pick(lossReasonIds, (reason / 0.9) ** 1.3) : null
    const labor = draw(lead, Question.labor)
    return {
      id: ids.idOf(lead),
      name: sometimesAwkward(`${history.pipeline.leadName}: ${subject}`, draw, lead),
      price: price(history, draw(lead, Question.price)),
      responsible_user_id: leadOwner(draw, lead),
      group_id: 0,
      status_id: status,
      pipeline_id: history.pipeline.id,
      loss_reason_id: reasonId,
      created_by: draw(lead, Question.creator) < 0.4 ? robot : leadOwner(draw, lead),
      updated_by: labor < 0.2 ? robot : leadOwner(draw, lead),
      created_at: history.createdAt,
      updated_at: history.updatedAt,
      closed_at: history.closedAt,
      closest_task_at: null,
      is_deleted: history.isDeleted,
      custom_fields_values: orNull(fieldsOf(lead, company, history)),
      score: null,
      account_id: accountId,
      labor_cost: labor < 0.5 ? null : integer(labor, 400) * 60,
      is_price_modified_by_robot: false,
      source_id: null,
      _embedded: {
        tags: tagsOf(lead),
        companies: company < 0 ? [] : [{ id: companyIds.idOf(company) }],
        contacts: relations
          .contactsOfLead(lead)
          .map((contact, index) => ({ id: contactIds.idOf(contact), is_main: index === 0 })),
        loss_reason: reasonId === null ? [] : [{ id: reasonId, name: lossReasonName(reasonId) }],
        catalog_elements: [],
      },
    }
  }

  return denseBase({
    count: relations.scale.leads,
    ids,
    placeOf: lead => (histories.isDeleted(lead) ? 'bin' : 'list'),
    key: (lead, field) =>
      field === 'updated_at'
        ? histories.of(lead).updatedAt
        : field === 'created_at'
          ? histories.createdAt(lead)
          : ids.idOf(lead),
    peek: (lead, field) => {
      switch (field) {
        case 'created_at':
          return histories.createdAt(lead)
        case 'updated_at':
          return histories.of(lead).updatedAt
        case 'responsible_user_id':
          return leadOwner(draw, lead)
        case 'pipeline_id':
          return histories.of(lead).pipeline.id
        default:
          return undefined
      }
    },
    record,
  })
}
