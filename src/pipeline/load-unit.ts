/**
 * A piece of loading that is there whole or not at all: one load package, one commit. What it is stands in the
 * package's manifest, so that a run that is killed is gone on with by the next one.
 */
import { z } from 'zod'
import { type Day, type DayRange, daysFromTo } from '../calendar.js'

const dayRange = z.strictObject({ from: z.string(), to: z.string() })

export const loadUnitSchema = z.discriminatedUnion('entity', [
  z.strictObject({
    source: z.literal('alaqan'),
    entity: z.literal('visits'),
    /** In the order in which they are read, each from its `from` to its `to`. */
    days: z.array(dayRange).readonly(),
    newestFirst: z.boolean(),
    /** Take a day that has lost most of its events for true. */
    isInsisted: z.boolean(),
  }),
  z.strictObject({
    source: z.literal('alaqan'),
    entity: z.literal('visits_of_person'),
    days: dayRange,
  }),
  z.strictObject({
    source: z.literal('amocrm'),
    entity: z.literal('records'),
    /** Which: leads, contacts, … */
    records: z.string(),
    /** What changed since here, Unix seconds; null for everything. */
    from: z.number().nullable(),
    /** Ask for whatever a reading of everything has missed, however much it is. */
    isInsisted: z.boolean(),
  }),
  z.strictObject({
    source: z.literal('amocrm'),
    entity: z.literal('asked_records'),
    records: z.string(),
    /** A whole reading has missed them, or an event says that they were restored. */
    why: z.enum(['missing', 'restored']),
    /** Records that are each to be asked for by itself. */
    ids: z.array(z.number()).readonly(),
  }),
])

export type LoadUnit = z.infer<typeof loadUnitSchema>
export type VisitsUnit = Extract<LoadUnit, { entity: 'visits' }>
export type PersonUnit = Extract<LoadUnit, { entity: 'visits_of_person' }>
export type RecordsUnit = Extract<LoadUnit, { entity: 'records' }>
export type AskedRecordsUnit = Extract<LoadUnit, { entity: 'asked_records' }>

/** A unit with the reason why it is to be loaded. */
export interface PlannedUnit<Unit extends LoadUnit = LoadUnit> {
  readonly unit: Unit
  readonly reason: string
}

/** What the landing calls it: the folder of its package and the entity in the ledger. */
export function entityOf(unit: LoadUnit): string {
  return 'records' in unit ? unit.records : unit.entity
}

/** The days of a unit of visits, in the order in which they are read. */
export function daysOf(unit: VisitsUnit): readonly Day[] {
  const days = unit.days.flatMap(range => daysFromTo(range.from, range.to))
  return unit.newestFirst ? days.reverse() : days
}

/** The window as a person reads it in the ledger. */
export function windowOf(unit: LoadUnit): string {
  switch (unit.entity) {
    case 'visits':
      return unit.days.map(rangeText).join(', ')
    case 'visits_of_person':
      return rangeText(unit.days)
    case 'records':
      return unit.from === null ? 'everything' : `since ${new Date(unit.from * 1000).toISOString()}`
    case 'asked_records':
      return `${unit.ids.length} asked for by id`
  }
}

/** How it is read, for the ledger. */
export type Mode = 'by_date' | 'by_iin' | 'everything' | 'changes' | 'asked' | 'asked_restored'

export function modeOf(unit: LoadUnit): Mode {
  switch (unit.entity) {
    case 'visits':
      return 'by_date'
    case 'visits_of_person':
      return 'by_iin'
    case 'records':
      return unit.from === null ? 'everything' : 'changes'
    case 'asked_records':
      // Only what a sweep has missed brings the sweep to its end.
      return unit.why === 'missing' ? 'asked' : 'asked_restored'
  }
}

function rangeText({ from, to }: DayRange): string {
  return from === to ? from : `${from}..${to}`
}
