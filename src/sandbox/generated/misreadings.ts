/** What the gate gets wrong. Shares are of events, of a person's days, or of days, in [0, 1]. */
import type { Passage } from '../world/world.js'
import { type Draw, integer, pick } from './draw.js'
import { withWrongCheckDigit } from './identity-numbers.js'

export interface Misreading {
  /** Share of events that are told twice. */
  readonly duplicates: number
  /** Share of events whose name or time is not what the specification says. */
  readonly badEvents: number
  /** Share of a person's days with a passage under a malformed or wrong ИИН. */
  readonly badNumbers: number
  /** Share of days on which the gate kept nothing. */
  readonly daysDown: number
}

export const usualMisreading: Misreading = {
  duplicates: 0.03,
  badEvents: 0.004,
  badNumbers: 0.002,
  daysDown: 0.008,
}

const Question = { duplicate: 40, bad: 60, badKind: 80, number: 10, numberKind: 11 } as const

const damages: readonly ((passage: Passage) => Passage)[] = [
  // Only untidy: after trimming and lower-casing it is an entry or an exit.
  ({ event, time }) => ({ event: event === 'entry' ? ' Entry ' : 'EXIT', time }),
  ({ event, time }) => ({ event: event === 'entry' ? 'ENTRY' : ' Exit', time }),
  ({ time }) => ({ event: 'unknown', time }),
  ({ time }) => ({ event: '', time }),
  ({ event }) => ({ event, time: '25:61:00' }),
  ({ event, time }) => ({ event, time: time.slice(0, 5) }),
]

/** The events as the gate tells them: some twice, some damaged. */
export function misreadEvents(
  events: readonly Passage[],
  who: number,
  draw: Draw,
  misreading: Misreading,
): Passage[] {
  return events.flatMap((passage, index) => {
    const isBad = draw(who, Question.bad + index) < misreading.badEvents
    const read = isBad ? pick(damages, draw(who, Question.badKind + index))(passage) : passage
    return draw(who, Question.duplicate + index) < misreading.duplicates ? [read, read] : [read]
  })
}

/** Another number under which one passage of the day stands; undefined on nearly every day. */
export function misreadNumber(
  number: string,
  who: number,
  draw: Draw,
  misreading: Misreading,
): string | undefined {
  if (draw(who, Question.number) >= misreading.badNumbers) return undefined
  const kinds = [
    number.slice(0, 11),
    `${number.slice(0, 6)} ${number.slice(6)}`,
    `KZ${number.slice(2)}`,
    withWrongCheckDigit(number),
    `${number}0`,
  ]
  return kinds[integer(draw(who, Question.numberKind), kinds.length)]
}
