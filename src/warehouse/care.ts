/**
 * The care that Iceberg tables need: small files are put together, snapshots that nobody needs are let go, files that no
 * snapshot names are removed. What a table needs is decided here, pure; engines have procedures that do it.
 */
import { qualifiedName, type Table } from '../tables/table.js'

/** What a table consists of now. */
export interface TableFacts {
  readonly table: Table
  readonly dataFiles: number
  /** Files that say which rows of data files are deleted. */
  readonly deleteFiles: number
  /** Of the data files; null where the table does not say: not every writer notes it. */
  readonly bytes: number | null
  readonly snapshots: number
  /** The oldest one, Unix milliseconds; null where there is none. */
  readonly oldestSnapshotAt: number | null
}

export interface CareSettings {
  /** Snapshots younger than so many days stay, for readers and for looking back. */
  readonly keepDays: number
  /** Now, Unix milliseconds. */
  readonly now: number
}

export type CareKind = 'compact' | 'expire' | 'remove_orphans'

/** One thing to do for a table. */
export interface CareStep {
  readonly table: Table
  readonly kind: CareKind
  /** For a person. */
  readonly why: string
}

/** A data file that is smaller counts as small, as Iceberg's own procedure takes a quarter of its 512 MB target at most. */
const smallBytes = 32 * 1024 * 1024
/** So many small files are worth putting together. */
const manyFiles = 20
const dayMs = 86_400_000
/** A file that no snapshot names may belong to a commit under way. Iceberg's own default is three days. */
const safeAgeDays = 3

/** What tables need, in the order in which it is to be done. */
export function careOf(facts: readonly TableFacts[], { keepDays, now }: CareSettings): readonly CareStep[] {
  return facts.flatMap(of => {
    const { table, dataFiles, deleteFiles, bytes, snapshots, oldestSnapshotAt } = of
    const steps: CareStep[] = []
    const isSmall = dataFiles > manyFiles && (bytes ?? 0) / dataFiles < smallBytes
    if (deleteFiles > 0 || isSmall) {
      const why = [
        ...(isSmall ? [filesText(dataFiles, bytes)] : []),
        ...(deleteFiles > 0 ? [`${deleteFiles} files of deletions`] : []),
      ].join(', ')
      steps.push({ table, kind: 'compact', why })
    }
    const isOld = oldestSnapshotAt !== null && oldestSnapshotAt < now - keepDays * dayMs
    if (snapshots > 1 && isOld) {
      steps.push({
        table,
        kind: 'expire',
        why: `${snapshots} snapshots, the oldest of more than ${keepDays} days`,
      })
      steps.push({
        table,
        kind: 'remove_orphans',
        why: `what no snapshot names and is older than ${safeAgeDays} days`,
      })
    }
    return steps
  })
}

function filesText(files: number, bytes: number | null): string {
  return bytes === null
    ? `${files} files`
    : `${files} files of ${Math.round(bytes / files / 1024)} KB on average`
}

/**
 * The statement of Spark that takes a step.
 * @param catalog as the Spark session calls it
 */
export function sparkStatement(
  { table, kind }: Pick<CareStep, 'table' | 'kind'>,
  { keepDays, now }: CareSettings,
  catalog: string,
): string {
  const name = `table => '${qualifiedName(table)}'`
  const before = (days: number) => `older_than => timestamp '${new Date(now - days * dayMs).toISOString()}'`
  switch (kind) {
    case 'compact':
      return `call ${catalog}.system.rewrite_data_files(${name}, options => map('delete-file-threshold', '1', 'remove-dangling-deletes', 'true'))`
    case 'expire':
      return `call ${catalog}.system.expire_snapshots(${name}, ${before(keepDays)}, retain_last => 1)`
    case 'remove_orphans':
      return `call ${catalog}.system.remove_orphan_files(${name}, ${before(safeAgeDays)})`
  }
}
