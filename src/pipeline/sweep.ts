/**
 * The sweep: what vanished without leaving a trace (purged, merged away, out of sight) is found by reading everything
 * and asking for each known record that was not there. What is answered by nothing is gone.
 */
import { CheckFailedError } from '../errors.js'
import type { MissingRecords } from '../warehouse/bronze/package-to-load.js'
import type { AskedRecordsUnit, RecordsUnit } from './load-unit.js'

/** More than this share of the known records cannot have vanished between two sweeps: rights have narrowed. */
const largestShare = 0.01
/** So few are asked for whatever their share: an account of fifty contacts may lose two. */
const alwaysAsked = 10

/**
 * What is to be asked for after a reading of everything; undefined where nothing is missing.
 * @throws CheckFailedError `sweep_stopped` where so much is missing that it is rather out of sight than gone
 */
export function followUp(
  unit: RecordsUnit,
  missing: MissingRecords | undefined,
): AskedRecordsUnit | undefined {
  if (!missing || missing.ids.length === 0) return undefined
  const isTooMany = missing.ids.length > Math.max(alwaysAsked, missing.known * largestShare)
  if (isTooMany && !unit.isInsisted) throw stopped(unit.records, missing)
  return {
    source: 'amocrm',
    entity: 'asked_records',
    records: unit.records,
    why: 'missing',
    ids: missing.ids,
  }
}

function stopped(records: string, { known, ids }: MissingRecords): CheckFailedError {
  const percent = ((ids.length / known) * 100).toFixed(1)
  return new CheckFailedError(
    'sweep_stopped',
    `amoCRM no longer lists ${ids.length} of ${known} known ${records} (${percent} %). Nothing was marked as deleted.`,
    {
      advice:
        "Look whether the token's user lost rights (hubdwh check). If they were really deleted: " +
        `hubdwh load amocrm ${records} --full --accept`,
    },
  )
}
