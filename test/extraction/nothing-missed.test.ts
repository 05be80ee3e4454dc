/**
 * Nothing can be missed (docs/extraction.md), attacked: random accounts that are edited between any two requests,
 * answered in any order, read by killed extractions. FC_RUNS sets how many schedules in all; a failure prints its seed
 * and path, for FC_SEED and FC_PATH together with `vitest -t`.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BronzeRow } from '../../src/extraction.js'
import type { EntityName } from '../../src/sources/amocrm/entities.js'
import { type Outcome, play, type RunOutcome, type Schedule, schedules } from './schedule.js'

const { FC_RUNS, FC_SEED, FC_PATH } = process.env
const schedulesInAll = Number(FC_RUNS ?? 1000)
const settingsFor = (share: number) => ({
  numRuns: Math.ceil(schedulesInAll * share),
  ...(FC_SEED ? { seed: Number(FC_SEED) } : {}),
  ...(FC_PATH ? { path: FC_PATH } : {}),
})
const timeout = Math.max(60_000, schedulesInAll * 200)

const nameOf = (row: BronzeRow): string => String(row.id)
const updatedAt = (row: BronzeRow): number => Number(row.updated_at ?? row.created_at ?? 0)

/** A list that never stands still was left, and it was said: what it may lack is for the sweep. */
const isUnsettled = ({ notices }: RunOutcome): boolean => notices.some(code => code.endsWith('_unsettled'))

/** What silver makes of the rows: the greatest `updated_at`, then the last loaded. */
function lastVersions(runs: readonly RunOutcome[]): ReadonlyMap<string, BronzeRow> {
  const known = new Map<string, BronzeRow>()
  for (const row of runs.flatMap(run => run.rows)) {
    const before = known.get(nameOf(row))
    if (!before || updatedAt(row) >= updatedAt(before)) known.set(nameOf(row), row)
  }
  return known
}

function nothingIsMissing(schedule: Schedule, { model, busy, quiet }: Outcome): void {
  const [first] = busy
  if (first && !isUnsettled(first)) {
    const had = new Set(first.rows.map(nameOf))
    const after = new Set(first.listedAfter)
    // One that was away meanwhile is in the next run at the latest, by its new time.
    const lived = first.listedBefore.filter(id => after.has(id) && !first.moved.has(id))
    expect(lived.filter(id => !had.has(id))).toEqual([])
  }
  expect(isUnsettled(quiet)).toBe(false)
  if (busy.some(isUnsettled)) return
  const known = lastVersions([...busy, quiet])
  expect(quiet.listedAfter.filter(id => !known.has(id))).toEqual([])
  if (schedule.entity === 'events' || schedule.entity === 'catalog_elements') return
  const listed = new Set(quiet.listedAfter)
  for (const { id, updatedAt: time, edition } of model.items.filter(item => listed.has(String(item.id)))) {
    expect(known.get(String(id))).toMatchObject({ id, updated_at: time, ...price(schedule.entity, edition) })
  }
}

function price(entity: EntityName, edition: number) {
  return entity === 'leads' || entity === 'leads_bin' ? { price: edition } : {}
}

function everythingIsAccountedFor({ busy, quiet }: Outcome): void {
  for (const { received, rows, rejects, repeated } of [...busy, quiet].flatMap(run => run.answers)) {
    expect(rows.length + rejects.length + repeated.length).toBe(received)
  }
}

function noOlderVersionComesLater({ busy, quiet }: Outcome): void {
  for (const { rows } of [...busy, quiet]) {
    const last = new Map<string, number>()
    for (const row of rows) {
      expect(updatedAt(row)).toBeGreaterThanOrEqual(last.get(nameOf(row)) ?? 0)
      last.set(nameOf(row), updatedAt(row))
    }
  }
}

/** One entity for each way of reading, and its share of the schedules. */
const kinds: readonly (readonly [EntityName, number])[] = [
  ['leads', 0.4],
  ['leads_bin', 0.05],
  ['tasks', 0.3],
  ['events', 0.15],
  ['catalog_elements', 0.1],
]

describe('whatever happens while it is read', () => {
  test.each(kinds)(
    'of %s nothing is missing, nothing unaccounted for, and no older version comes later',
    async (entity, share) => {
      await fc.assert(
        fc.asyncProperty(schedules([entity]), async schedule => {
          const outcome = await play(schedule)
          nothingIsMissing(schedule, outcome)
          everythingIsAccountedFor(outcome)
          noOlderVersionComesLater(outcome)
        }),
        settingsFor(share),
      )
    },
    timeout,
  )
})

describe('while nothing happens', () => {
  test.each(kinds)(
    'each of %s comes once',
    async (entity, share) => {
      // Where our clock is behind, what changed in between is read with the tail too.
      const calmly = { meanwhile: [], kills: [], runs: 1, skew: 0 }
      const calm = schedules([entity]).map(schedule => ({ ...schedule, ...calmly }))
      await fc.assert(
        fc.asyncProperty(calm, async schedule => {
          const { busy } = await play(schedule)
          // Where a list does not obey and another way is taken, what was read before comes again.
          const isOneWay = busy.every(run => run.notices.length === 0)
          const rows = busy.flatMap(run => run.rows.map(nameOf))
          const names = isOneWay ? rows : [...new Set(rows)]
          const listed = busy.flatMap(run => run.listedAfter)
          expect(names.sort()).toEqual(listed.sort())
        }),
        settingsFor(share / 4),
      )
    },
    timeout,
  )
})
