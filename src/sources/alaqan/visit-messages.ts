/** An answer of Alaqan as messages: when it comes, and again when it is read from the archive. */
import type { Day } from '../../calendar.js'
import type { Answer, AnswerMessage, RecordsMessage } from '../../extraction.js'
import type { JsonObject } from '../../json.js'
import { shapeOf } from '../../record-shape.js'
import type { DaySurvey } from './survey-day.js'
import { factOfDay, visitsByIin, visitsOfDay } from './visits.js'

/**
 * An answer to byDate. Rows are made only when they can be taken: of the days that wait for their turn only the
 * bodies are held.
 * @param survey of its body
 * @param erased how many records it held of people who were erased
 */
export async function* dayMessages(
  answer: Answer,
  date: Day,
  survey: DaySurvey,
  erased = 0,
): AsyncGenerator<AnswerMessage | RecordsMessage, void, undefined> {
  let isFirst = true
  for await (const { rows, rejects, shape } of visitsOfDay(answer.body, date, survey)) {
    if (isFirst) {
      const kept = archived(answer, [factOfDay(date, survey)])
      const shapes = { records: shape, answers: shapeOf(survey.around) }
      const counts = { received: survey.received + erased, repeated: [], ...(erased > 0 ? { erased } : {}) }
      yield { type: 'answer', answer: kept, ...counts, rows, rejects, shapes }
    } else yield { type: 'records', rows, rejects, shapes: { records: shape } }
    isFirst = false
  }
}

/**
 * An answer to byIin.
 * @param iin whose visits were asked for
 * @param digestKey see `digestOf` in survey-day.ts
 */
export async function personMessage(
  answer: Answer,
  iin: string,
  digestKey: string | undefined,
): Promise<AnswerMessage> {
  const { received, facts, ...findings } = await visitsByIin(answer.body, iin, digestKey)
  return { type: 'answer', answer: archived(answer, facts), received, repeated: [], ...findings }
}

function archived({ request, status, receivedAt, body }: Answer, facts: readonly JsonObject[]): Answer {
  return { request, status, receivedAt, body, facts }
}
