/** From a unit of loading to the extraction that reads it: where the pipeline meets the sources. */
import type { Extraction } from '../extraction.js'
import type { JsonValue } from '../json.js'
import type { LoadUnit, RecordsUnit } from './load-unit.js'

export interface Extractor {
  /** The bronze table, without its schema. */
  tableOf(unit: LoadUnit): string
  /** Starts reading at a cursor; null is the beginning. */
  extract(unit: LoadUnit, cursor: JsonValue): Extraction
  /** Whether the unit holds every record that the source has, so that a known one that it lacks is gone. */
  isWholeList(unit: RecordsUnit): boolean
  /** Lets go of the connections. */
  close(): Promise<void>
}
