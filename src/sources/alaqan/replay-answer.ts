/** Answers of Alaqan from the archive as the messages that they were when they came. */
import type { Day } from '../../calendar.js'
import type { Answer, AnswerMessage, RecordsMessage } from '../../extraction.js'
import { surveyDay } from './survey-day.js'
import { dayMessages, personMessage } from './visit-messages.js'

/**
 * An answer to byDate.
 * @param digestKey see `digestOf` in survey-day.ts
 * @throws UnusableBodyError
 */
export async function* replayDay(
  answer: Answer,
  date: Day,
  digestKey?: string,
): AsyncGenerator<AnswerMessage | RecordsMessage, void, undefined> {
  yield* dayMessages(answer, date, await surveyDay(answer.body, digestKey))
}

/**
 * An answer to byIin.
 * @param iin whose visits were asked for
 * @param digestKey see `digestOf` in survey-day.ts
 * @throws UnusableBodyError
 */
export function replayPerson(answer: Answer, iin: string, digestKey?: string): Promise<AnswerMessage> {
  return personMessage(answer, iin, digestKey)
}
