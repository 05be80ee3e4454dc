/** How things stand: what the warehouse holds, until when, what is missing or doubtful, and what is under way. */
import type { DayRange } from '../../calendar.js'
import type { HubdwhError } from '../../errors.js'
import type { LastResult } from '../../quality/record-results.js'
import type { Schema } from '../../tables/table.js'
import type { Source } from '../source.js'

export interface TableStatus {
  readonly table: string
  readonly schema: Schema
  readonly rows: number
  /** When it was last loaded or built: ISO 8601; null where never. */
  readonly updatedAt: string | null
  /** Until when the source has been read: a day, or an instant in ISO 8601; null where nothing tells. */
  readonly until: string | null
  readonly rejects: number
  /** Whether something upstream has changed that the table does not show yet. */
  readonly isBehind: boolean
}

/** What is read of a source by itself: the visits at the gate, the leads of amoCRM. */
export interface EntityStatus {
  readonly source: Source
  readonly entity: string
  /** When it was last loaded, Unix milliseconds; null where never. */
  readonly loadedAt: number | null
  /** Everything is known until this instant, Unix milliseconds; null where it was never loaded. */
  readonly readUntil: number | null
  /** Whether nothing newer than `quality.max_age_hours` is known. */
  readonly isStale: boolean
  /** Known to be closed to some tokens, so that never having been loaded is no failure. */
  readonly mayBeClosed: boolean
}

export interface RejectsOfRule {
  readonly table: string
  readonly rule: string
  readonly rows: number
}

/** How a check that is on went last on a table. */
export interface CheckStatus extends LastResult {
  /** Undefined where the check's file could not be read. */
  readonly description: string | undefined
  readonly advice: string | undefined
  /** Whether the user has written it, so that the runbook does not know it. */
  readonly isOwn: boolean
}

export interface SchemaChange {
  readonly source: string
  readonly entity: string
  readonly field: string
  readonly change: string
  readonly typesBefore: readonly string[]
  readonly typesAfter: readonly string[]
  /** ISO 8601. */
  readonly noticedAt: string
}

/** A reading of everything that missed known records, which have not been asked for since. */
export interface OpenSweep {
  readonly entity: string
  /** Known records that it did not hold. */
  readonly missing: number
  /** Unix milliseconds. */
  readonly startedAt: number
}

/** A load or a build that was refused, since rows that came in were not accounted for. */
export interface UnaccountedRows {
  readonly table: string
  /** Null for a build. */
  readonly loadId: string | null
  /** Negative where there were more rows than had come in. */
  readonly difference: number
}

/** What the warehouse itself says. */
export interface WarehouseFacts {
  readonly tables: readonly TableStatus[]
  readonly entities: readonly EntityStatus[]
  /** Days of Alaqan, from `start_date` to yesterday, that no final answer is known for. */
  readonly gaps: readonly DayRange[]
  /** Days whose newest answer is held back until it is said again or accepted. */
  readonly heldDays: readonly string[]
  readonly rejects: readonly RejectsOfRule[]
  readonly checks: readonly CheckStatus[]
  /** Noticed in the last {@link daysOfChanges} days, newest first. */
  readonly schemaChanges: readonly SchemaChange[]
  readonly openSweeps: readonly OpenSweep[]
  /** Tables whose last load or build was refused. */
  readonly unaccounted: readonly UnaccountedRows[]
  /** How many people have been erased on demand. */
  readonly erasures: number
  /** Tables and columns that this version knows and the warehouse does not have: an older version made it. */
  readonly absent: Absent
}

export interface Absent {
  readonly tables: readonly string[]
  /** `meta.loads.mode`, of tables that are there. */
  readonly columns: readonly string[]
}

export const daysOfChanges = 14

/** A load package that the warehouse does not hold yet. */
export interface WaitingPackage {
  readonly loadId: string
  readonly source: string
  readonly entity: string
  /** Not yet whole on disk, or whole. */
  readonly state: 'extracting' | 'extracted'
  /** Unix milliseconds. */
  readonly createdAt: number
  /** Whether a process is at work on this entity now. */
  readonly isUnderWay: boolean
}

/** A process that loads something now, or died while it did. */
export interface Loader {
  readonly source: string
  readonly entity: string
  readonly pid: number | null
  readonly host: string | null
  readonly isDead: boolean
}

export interface LandingFacts {
  readonly packages: readonly WaitingPackage[]
  /** Folders that should hold a package and do not. */
  readonly damaged: readonly string[]
  readonly loaders: readonly Loader[]
}

export type WarehouseState =
  | { readonly state: 'ready' /** Where it is a file. */; readonly bytes: number | null }
  /** Nothing was ever loaded. */
  | { readonly state: 'missing' }
  /** In use by another process, or no DuckDB file: nothing of what it holds can be told. */
  | { readonly state: 'closed'; readonly error: HubdwhError }

export interface TokenStatus {
  /** When a person must sign in again, Unix milliseconds; null where it is over, missing or cannot be read. */
  readonly endsAt: number | null
  /** Why it cannot be used. */
  readonly problem: string | null
}

export interface UnpublishedPlace {
  /** Its kind: `superset`. */
  readonly place: string
  /** Those that are new to it. */
  readonly tables: readonly string[]
}

export interface Status {
  /** Unix milliseconds. */
  readonly checkedAt: number
  readonly path: string
  readonly warehouse: WarehouseState
  /** Undefined unless the warehouse is ready. */
  readonly facts: WarehouseFacts | undefined
  readonly landing: LandingFacts
  /** Undefined where amoCRM is not configured or its token does not tell. */
  readonly token: TokenStatus | undefined
  /** Places of `publish:` that show older marts than there are. */
  readonly unpublished: readonly UnpublishedPlace[]
  /** Why the user's checks cannot be read; undefined where they can. */
  readonly checksProblem: HubdwhError | undefined
}
