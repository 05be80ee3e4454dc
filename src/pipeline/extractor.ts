/** From a unit of loading to the extraction that reads it: where the pipeline meets the sources. */
import type { Extraction } from '../extraction.js'
import type { JsonValue } from '../json.js'
import type { LoadUnit, RecordsUnit } from './load-unit.js'

export interface Extractor {
  /** The bronze table, without its schema. */
  tableOf(unit: LoadUnit): string
  /** Starts reading at a cursor; null is the beginning. */
  extract(unit: LoadUnit, cursor: JsonValue): Extraction
  /** What is to be known of an entity of amoCRM to load it. */
  kindOf(unit: RecordsUnit): EntityKind
  /** Lets go of the connections. */
  close(): Promise<void>
}

export interface EntityKind {
  /** Every reading holds every record that the source has, so that a known one that it lacks is gone. */
  readonly isWholeList: boolean
  /** Known records that a reading of everything lacks are asked for by themselves. */
  readonly isSwept: boolean
}
