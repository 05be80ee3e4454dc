import type { JsonObject } from '../../json.js'
import type { Base } from '../world/collection.js'
import { denseBase, type Ids } from './dense-base.js'
import { accountId, taskTypeIds, userFor } from './dictionaries.js'
import { type Draw, drawing, pick, Stream } from './draw.js'
import type { LeadHistories } from './lead-history.js'
import type { Relations } from './relations.js'
import type { WorkingTime } from './working-time.js'

/** The generated tasks. */
export interface Tasks {
  readonly base: Base
  readonly idOf: (task: number) => number
  /** When the task was completed, Unix seconds; null where it is open. */
  completedAt(task: number): number | null
}

const Question = {
  created: 1,
  till: 2,
  completed: 3,
  entity: 4,
  user: 5,
  type: 6,
  text: 7,
  result: 8,
} as const
const texts = [
  'Позвонить клиенту',
  'Отправить договор',
  'Назначить встречу',
  'Уточнить БИН',
  'Показать офис',
  'Құжаттарды тексеру',
  'Follow up 📞',
  'Подготовить КП:\n1) цена\n2) срок',
] as const
const results = [
  'Договорились',
  'Не дозвонился',
  'Отправил на почту',
  'Келісілді',
  'перенесли на "понедельник"',
] as const
const day = 86_400

export function tasks(
  seed: number,
  relations: Relations,
  leads: LeadHistories,
  ids: { readonly leads: Ids; readonly contacts: Ids; readonly companies: Ids; readonly tasks: Ids },
  time: WorkingTime,
): Tasks {
  const draw: Draw = drawing(seed, Stream.task)
  const createdAt = (task: number) => {
    const since = leads.createdAt(relations.leadOfTask(task))
    return time.soonAfter(since, 30 * day, draw(task, Question.created) ** 2)
  }
  const completeTill = (task: number) =>
    time.officeHour(createdAt(task) + day * (1 + 13 * draw(task, Question.till)), draw(task, Question.type))
  const completedAt = (task: number) => {
    const fraction = draw(task, Question.completed)
    if (fraction > 0.78) return null
    const created = createdAt(task)
    const at = created + Math.floor((completeTill(task) - created) * (0.3 + fraction))
    return at > created && at <= time.end ? at : null
  }
  const entityOf = (task: number): readonly [id: number, type: string] => {
    const lead = relations.leadOfTask(task)
    const fraction = draw(task, Question.entity)
    const [contact] = relations.contactsOfLead(lead)
    const company = relations.companyOfLead(lead)
    if (fraction > 0.82 && contact !== undefined) return [ids.contacts.idOf(contact), 'contacts']
    if (fraction > 0.72 && company >= 0) return [ids.companies.idOf(company), 'companies']
    return [ids.leads.idOf(lead), 'leads']
  }

  const record = (task: number): JsonObject => {
    const completed = completedAt(task)
    const [entityId, entityType] = entityOf(task)
    const user = userFor(draw(task, Question.user))
    const result = draw(task, Question.result)
    return {
      id: ids.tasks.idOf(task),
      created_by: user,
      updated_by: user,
      created_at: createdAt(task),
      updated_at: completed ?? createdAt(task),
      responsible_user_id: user,
      group_id: 0,
      entity_id: entityId,
      entity_type: entityType,
      duration: 0,
      is_completed: completed !== null,
      task_type_id: pick(taskTypeIds, draw(task, Question.type)),
      text: pick(texts, draw(task, Question.text)),
      result: completed !== null && result < 0.6 ? { text: pick(results, result / 0.6) } : [],
      complete_till: completeTill(task),
      account_id: accountId,
    }
  }

  return {
    base: denseBase({
      count: relations.scale.tasks,
      ids: ids.tasks,
      placeOf: () => 'list',
      key: (task, field) => {
        switch (field) {
          case 'id':
            return ids.tasks.idOf(task)
          case 'created_at':
            return createdAt(task)
          case 'updated_at':
            return completedAt(task) ?? createdAt(task)
          case 'complete_till':
            return completeTill(task)
        }
      },
      peek: (task, field) =>
        field === 'updated_at'
          ? (completedAt(task) ?? createdAt(task))
          : field === 'is_completed'
            ? completedAt(task) !== null
            : undefined,
      record,
    }),
    idOf: ids.tasks.idOf,
    completedAt,
  }
}
