import type { Shapes } from '../../record-shape.js'
import type { RowsFile } from '../../rows-file.js'
import type { ExpectedFields } from '../../tables/expected-fields.js'
import type { Table } from '../../tables/table.js'

/** A whole load package, as the warehouse needs to know it. */
export interface PackageToLoad {
  readonly loadId: string
  readonly source: string
  readonly entity: string
  readonly table: Table
  /** How it was read, as the ledger shows it. */
  readonly mode: string
  /** From and to, as the ledger shows it. */
  readonly window: string
  /** When the extraction began, Unix milliseconds. */
  readonly startedAt: number
  readonly rows: RowsFile
  readonly rejected: RowsFile
  readonly requests: number
  /** Records in all answers: rows + rejects + repeated. */
  readonly records: number
  /** Records that came again within the extraction, because its pages overlap. */
  readonly repeated: number
  /** Records of erased people, which are neither among the rows nor among the rejects. */
  readonly erased: number
  readonly rejects: number
  /** Everything until here has been read, Unix seconds; null where the source has no such thing. */
  readonly watermark: number | null
  /** The shape of the records; absent where the package does not tell. */
  readonly shapes?: Shapes | undefined
  /** Which of their fields the table has columns for. */
  readonly expected?: ExpectedFields | undefined
}

/** What a load did to Bronze. */
export interface LoadOutcome {
  readonly loadId: string
  /** Rows added. */
  readonly rows: number
  /** Records that were known with the same content already. */
  readonly unchanged: number
  readonly rejects: number
  /** Rows on records that are gone from a list which was read whole. */
  readonly inferred: number
  /** Known records that a whole reading did not hold; undefined where it was none, or not looked for. */
  readonly missing: MissingRecords | undefined
  /** The load was in the warehouse already, and nothing was done. */
  readonly wasLoaded: boolean
  /** What a person should look at. */
  readonly warnings: readonly string[]
}

export interface LoadSettings {
  /** Now, Unix milliseconds: the `loaded_at` of every row. */
  readonly loadedAt: number
  /** The zone of `load_date`, IANA. */
  readonly timeZone: string
}

/** Records that Bronze knows as living and that a reading of everything did not hold. */
export interface MissingRecords {
  /** How many records were known as living. */
  readonly known: number
  readonly ids: readonly number[]
}
