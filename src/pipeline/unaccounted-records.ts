/** Which records of a load do not add up: what its answers hold, against the rows and rejects that were made of them. */
import { UnavailableError } from '../errors.js'
import type { BronzeRow } from '../extraction.js'
import type { LoadPackage } from '../landing/load-package.js'
import { readRejects, readRows } from '../landing/read-records.js'
import { tableNamed } from '../tables/catalogue.js'
import {
  mostNamed,
  type NamedRows,
  noteUnaccounted,
  RowsUnaccountedError,
} from '../warehouse/conservation.js'
import type { Engine } from '../warehouse/engine.js'
import { replayPackage } from './replay.js'

/**
 * Carries out the loading of a package. Where it does not add up, that is noted after it was rolled back, and the error
 * names the records.
 * @param now Unix milliseconds
 */
export async function namingUnaccounted<T>(
  engine: Engine,
  whole: LoadPackage,
  now: number,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await noteUnaccounted(engine, now, work)
  } catch (error) {
    throw error instanceof RowsUnaccountedError ? await withNames(error, whole) : error
  }
}

/** That the archive cannot be read is not what the caller must hear of first. */
async function withNames(error: RowsUnaccountedError, whole: LoadPackage): Promise<RowsUnaccountedError> {
  try {
    return error.naming(await unaccountedRecords(whole))
  } catch (unreadable) {
    if (unreadable instanceof UnavailableError) return error
    throw unreadable
  }
}

/**
 * Reads the package's answers again and compares: records of which there is neither row nor reject, and rows and
 * rejects that stand for no record. What a record has become is another matter: a later version of the program may
 * judge it otherwise.
 * @throws UnavailableError `package_damaged`
 */
export async function unaccountedRecords(whole: LoadPackage): Promise<NamedRows> {
  const naming = namingColumns(whole)
  const rows = newTally<BronzeRow>()
  for await (const row of readRows(whole)) rows.add(identityOf(row), row)
  const rejects = newTally<string>()
  for await (const { answer, position } of readRejects(whole)) {
    const place = placeOf(answer, position)
    rejects.add(place, place)
  }
  const missing: string[] = []
  for await (const { answer, records } of replayPackage(whole)) {
    for (const record of records) {
      const place = placeOf(answer, record.position)
      if (record.kind === 'repeated' || rejects.take(place)) continue
      if (record.kind === 'reject') missing.push(`${place}: neither stored nor set aside`)
      else if (!rows.take(identityOf(record.row))) {
        missing.push(`${nameOf(record.row, naming)} (${place}): neither stored nor set aside`)
      }
    }
  }
  const surplus = rows.rest().map(row => `${nameOf(row, naming)}: a row that no answer holds`)
  const strays = rejects.rest().map(place => `${place}: set aside, and no such record`)
  const names = [...missing, ...surplus, ...strays]
  return { names: names.slice(0, mostNamed), total: names.length }
}

/** Things by name, each as often as it was added and not taken. */
function newTally<T>() {
  const held = new Map<string, T[]>()
  return {
    add: (name: string, thing: T): void => {
      const same = held.get(name)
      if (same) same.push(thing)
      else held.set(name, [thing])
    },
    take: (name: string): boolean => {
      const same = held.get(name)
      if (same?.length === 1) held.delete(name)
      return same?.pop() !== undefined
    },
    rest: (): readonly T[] => [...held.values()].flat(),
  }
}

/** As rejects point to their originals. */
function placeOf(answer: number, position: number): string {
  return `answer ${answer}, record ${position}`
}

const identifying = [
  'visit_date',
  'iin',
  'event_no',
  'catalog_id',
  'entity_type',
  'id',
  'updated_at',
  'observed_at',
]

/** Tells the row from all others of its package. */
function identityOf(row: BronzeRow): string {
  return JSON.stringify(identifying.map(name => row[name] ?? null))
}

/** The columns that say what a row is about without personal data. */
function namingColumns({ manifest }: LoadPackage): readonly string[] {
  return tableNamed(`bronze.${manifest.table}`).recordKey ?? ['visit_date', 'event_no']
}

function nameOf(row: BronzeRow, columns: readonly string[]): string {
  return columns.map(name => `${name} ${String(row[name])}`).join(', ')
}
