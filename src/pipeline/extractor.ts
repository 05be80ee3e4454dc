/** From a unit of loading to the extraction that reads it: where the pipeline meets the sources. */
import type { Extraction } from '../extraction.js'
import type { JsonValue } from '../json.js'
import type { ErasedPeople } from '../privacy/erased-people.js'
import type { LoadUnit } from './load-unit.js'

export interface Extractor {
  /** The bronze table, without its schema. */
  tableOf(unit: LoadUnit): string
  /**
   * Starts reading at a cursor; null is the beginning.
   * @param erased who must not come back: nothing of them leaves the extraction
   * @throws UsageError `person_erased` where it is an erased person's visits that are asked for
   */
  extract(unit: LoadUnit, cursor: JsonValue, erased: ErasedPeople | undefined): Extraction
  /** Lets go of the connections. */
  close(): Promise<void>
}
