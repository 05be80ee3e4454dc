/** From a unit of loading to the extraction that reads it: where the pipeline meets the sources. */
import type { Extraction } from '../extraction.js'
import type { JsonValue } from '../json.js'
import type { LoadUnit } from './load-unit.js'

export interface Extractor {
  /** The bronze table, without its schema. */
  tableOf(unit: LoadUnit): string
  /** Starts reading at a cursor; null is the beginning. */
  extract(unit: LoadUnit, cursor: JsonValue): Extraction
  /** Lets go of the connections. */
  close(): Promise<void>
}
