/** The law of conservation (decisions): nothing that was received may be neither stored nor accounted for otherwise. */
import { CheckFailedError } from '../errors.js'
import type { Engine } from './engine.js'
import { instantLiteral, literal } from './sql-text.js'

/** What became of the rows or records of one load or one build. */
export interface RowCounts {
  /** Qualified name. */
  readonly table: string
  /** Null for a build. */
  readonly loadId: string | null
  /** Records of the API, or Bronze rows in scope. */
  readonly received: number
  readonly stored: number
  readonly unchanged: number
  /** By a newer or equal row. */
  readonly superseded: number
  readonly rejected: number
  readonly erased: number
}

/** How many are unaccounted for; negative where there are more rows than were received. */
export function differenceOf(counts: RowCounts): number {
  const { received, stored, unchanged, superseded, rejected, erased } = counts
  return received - stored - unchanged - superseded - rejected - erased
}

/** @param at when that was counted, Unix milliseconds */
export async function noteConservation(engine: Engine, counts: RowCounts, at: number): Promise<void> {
  const values = {
    table_name: literal(counts.table),
    load_id: literal(counts.loadId),
    reconciled_at: instantLiteral(at),
    received: counts.received,
    stored: counts.stored,
    unchanged: counts.unchanged,
    superseded: counts.superseded,
    rejected: counts.rejected,
    erased: counts.erased,
    difference: differenceOf(counts),
  }
  await engine.run(
    `insert into meta.reconciliation (${Object.keys(values).join(', ')}) values (${Object.values(values).join(', ')})`,
  )
}

/** Rows or records as a person can find them, without personal data: some of them, and how many there are. */
export interface NamedRows {
  readonly names: readonly string[]
  readonly total: number
}

export interface UnaccountedOptions {
  /** Those that are unaccounted for, as far as they are known. */
  readonly unaccounted?: NamedRows
  /** What stays as it was. */
  readonly kept: string
  readonly advice: string
}

/** Rows that the law of conservation misses, or has too many. Exit code 4. */
export class RowsUnaccountedError extends CheckFailedError {
  readonly counts: RowCounts
  readonly options: UnaccountedOptions

  constructor(counts: RowCounts, options: UnaccountedOptions) {
    const { unaccounted } = options
    const named = unaccounted && unaccounted.total > 0 ? `: ${listed(unaccounted)}` : ''
    super('rows_unaccounted', `${sentenceOf(counts)}${named}. ${options.kept}`, { advice: options.advice })
    this.counts = counts
    this.options = options
  }

  /** The same with the rows that it is about. */
  naming(unaccounted: NamedRows): RowsUnaccountedError {
    return new RowsUnaccountedError(this.counts, { ...this.options, unaccounted })
  }
}

function sentenceOf(counts: RowCounts): string {
  const { table, loadId, received, stored, unchanged, superseded, rejected, erased } = counts
  const what =
    loadId === null
      ? `${table}: of ${received} Bronze rows in scope`
      : `Load ${loadId}: of ${received} records received`
  const parts = [
    `${stored} are ${loadId === null ? 'in the table' : 'stored'}`,
    loadId === null ? `${superseded} superseded` : `${unchanged} unchanged`,
    `${rejected} set aside`,
    ...(erased > 0 ? [`${erased} erased`] : []),
  ]
  const difference = differenceOf(counts)
  const verdict = difference < 0 ? `${-difference} are too many` : `${difference} are unaccounted for`
  return `${what}, ${parts.join(', ')}; ${verdict}`
}

/** So many are named. */
export const mostNamed = 20

function listed({ names, total }: NamedRows): string {
  const named = names.slice(0, mostNamed)
  const rest = total - named.length
  return rest > 0 ? `${named.join('; ')} and ${rest} more` : named.join('; ')
}

/**
 * Carries out the work; a difference that it meets is noted after it was rolled back.
 * @param now Unix milliseconds
 */
export async function noteUnaccounted<T>(engine: Engine, now: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RowsUnaccountedError) {
      await engine.atomically(() => noteConservation(engine, error.counts, now))
    }
    throw error
  }
}
