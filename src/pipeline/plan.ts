/** Ledger + config + clock → what is to be loaded. Pure. */
import { addDays, type Day, type DayRange, daysFromTo, toRanges, yesterday } from '../calendar.js'
import type { AlaqanConfig, AmocrmConfig } from '../config/config.js'
import type { Ledger } from '../warehouse/ledger.js'
import type { PlannedUnit, RecordsUnit, VisitsUnit } from './load-unit.js'

/**
 * The days that a run reads: those that no final answer is known for, from `start_date` to yesterday, and the last
 * few again, since gates report late (spec 1.4, decisions "Silver: Alaqan"). Today is never taken for final.
 * @param now Unix milliseconds
 * @param timeZone IANA: where "yesterday" is
 */
export function planVisits(
  config: Pick<AlaqanConfig, 'startDate' | 'lookbackDays'>,
  ledger: Ledger,
  now: number,
  timeZone: string,
): readonly PlannedUnit<VisitsUnit>[] {
  const last = yesterday(now, timeZone)
  const missing = new Set(daysFromTo(config.startDate, last).filter(day => !ledger.finalDays.has(day)))
  const firstAgain = [addDays(last, -config.lookbackDays), config.startDate].sort().at(-1) ?? last
  const again = daysFromTo(firstAgain, last)
  const reasonOf = (days: readonly Day[]): string => {
    const found = days.filter(day => missing.has(day)).length
    if (found === 0) return 'read again: gates report late'
    if (found === days.length) return ledger.finalDays.size === 0 ? 'first load' : 'no answer is known yet'
    return `no answer is known yet for ${found}, the others are read again`
  }
  return visitUnits([...missing, ...again], { newestFirst: false, isInsisted: false }, reasonOf)
}

/** The days that a person named, whatever is known of them. */
export function planNamedDays(
  range: DayRange,
  options: Pick<VisitsUnit, 'newestFirst' | 'isInsisted'>,
): readonly PlannedUnit<VisitsUnit>[] {
  return visitUnits(daysFromTo(range.from, range.to), options, () => 'asked for')
}

/** The named days that no final answer is known for, so that a backfill goes on where it was. */
export function planBackfill(
  range: DayRange,
  ledger: Ledger,
  newestFirst: boolean,
): readonly PlannedUnit<VisitsUnit>[] {
  const missing = daysFromTo(range.from, range.to).filter(day => !ledger.finalDays.has(day))
  return visitUnits(missing, { newestFirst, isInsisted: false }, () => 'backfill: no answer is known yet')
}

/** A unit a calendar month: a history of years is committed month by month, and a daily run is one unit or two. */
function visitUnits(
  days: readonly Day[],
  options: Pick<VisitsUnit, 'newestFirst' | 'isInsisted'>,
  reasonOf: (days: readonly Day[]) => string,
): readonly PlannedUnit<VisitsUnit>[] {
  const months = new Map<string, Day[]>()
  for (const day of [...new Set(days)].sort()) {
    const month = day.slice(0, 7)
    months.set(month, [...(months.get(month) ?? []), day])
  }
  const units = [...months.values()].map(
    (ofMonth): PlannedUnit<VisitsUnit> => ({
      unit: { source: 'alaqan', entity: 'visits', days: toRanges(ofMonth), ...options },
      reason: reasonOf(ofMonth),
    }),
  )
  return options.newestFirst ? units.reverse() : units
}

/** What the plan has to know of an entity of amoCRM. */
export interface PlannableEntity {
  readonly name: string
  /** Whether it can be asked for what changed since an instant. */
  readonly isIncremental: boolean
  /** Whether it is read whole now and then, to find what vanished unseen. */
  readonly isSwept: boolean
  /** Whether it is closed to some tokens, so that being refused is no failure. */
  readonly mayBeClosed: boolean
}

/** What becomes of sweeps that are due: left for another command, or all that is done. */
export type Sweeps = 'left' | 'only'

export interface RecordsRequest {
  /** In the order in which they are read. */
  readonly entities: readonly PlannableEntity[]
  /** Everything again. */
  readonly isFull: boolean
  /** Absent: with the rest where they are due; a scheduler can have a task of their own for them. */
  readonly sweeps?: Sweeps
  /** Take for gone whatever a reading of everything misses and no address answers for, however much it is. */
  readonly isInsisted: boolean
}

/**
 * What a run reads of amoCRM, in the spec's order of dependencies (2.4): dictionaries whole, the others from their
 * watermark less the overlap, and everything where a sweep is due.
 * @param now Unix milliseconds
 */
export function planRecords(
  config: Pick<AmocrmConfig, 'overlapSeconds' | 'sweepDays'>,
  ledger: Ledger,
  now: number,
  { entities, isFull, isInsisted, sweeps }: RecordsRequest,
): readonly PlannedUnit<RecordsUnit>[] {
  const sweepReasons = new Map(
    entities.map(entity => [entity, sweepReason(entity, ledger, now, config.sweepDays)]),
  )
  const chosen = sweeps === 'only' ? entities.filter(entity => sweepReasons.get(entity)) : entities
  return chosen.map(entity => {
    const watermark = ledger.watermarks.get(entity.name)
    const sweep = sweeps === 'left' ? undefined : sweepReasons.get(entity)
    const reason = wholeReason(entity, watermark, isFull) ?? sweep
    const from = reason === undefined && watermark !== undefined ? watermark - config.overlapSeconds : null
    return {
      unit: {
        source: 'amocrm',
        entity: 'records',
        records: entity.name,
        from: from === null ? null : Math.max(0, from),
        isInsisted,
      },
      reason: reason ?? 'what changed since the last load, with an overlap',
    }
  })
}

/** Why an entity is read whole, sweeps aside; undefined where what changed is enough. */
function wholeReason(
  { isIncremental }: PlannableEntity,
  watermark: number | undefined,
  isFull: boolean,
): string | undefined {
  if (!isIncremental) return 'a dictionary: read whole every time'
  if (isFull) return 'asked for'
  return watermark === undefined ? 'first load' : undefined
}

/** Why an entity is swept; undefined where that is not due, or where it was never loaded. */
function sweepReason(
  { name, isSwept }: PlannableEntity,
  ledger: Ledger,
  now: number,
  sweepDays: number,
): string | undefined {
  const last = ledger.wholeReadings.get(name)
  if (!isSwept || last === undefined || !ledger.watermarks.has(name)) return undefined
  // A sweep that stopped, or was cut off, is tried again the next day: it costs a reading of everything.
  const days = last.isFinished ? sweepDays : Math.min(1, sweepDays)
  if (now - last.startedAt < days * millisecondsPerDay) return undefined
  return last.isFinished
    ? `a sweep, every ${sweepDays} days: what vanished unseen is looked for`
    : 'the last sweep did not come to its end'
}

const millisecondsPerDay = 86_400_000
