/** A package of the archive made ready to be entered again: its answers read by the present code, on disk. */
import type { LoadPackage } from '../landing/load-package.js'
import type { ScratchFiles } from '../landing/scratch.js'
import { type VisitFact, visitFactSchema } from '../warehouse/bronze/load-visits.js'
import type { PackageToLoad } from '../warehouse/bronze/package-to-load.js'
import { type Entry, packageToLoad } from './enter-package.js'
import { replayPackage, unitOf } from './replay.js'

/**
 * @param digestKey see `digestOf` in survey-day.ts
 * @throws UnavailableError as {@link replayPackage} does
 */
export async function replayedEntry(
  whole: LoadPackage,
  files: ScratchFiles,
  digestKey: string | undefined,
): Promise<Entry> {
  const unit = unitOf(whole)
  const facts: VisitFact[] = []
  let [rejects, repeated] = [0, 0]
  try {
    for await (const { answer, receivedAt, facts: noted, records } of replayPackage(whole, digestKey)) {
      for (const fact of noted) facts.push({ ...visitFactSchema.parse(fact), answeredAt: receivedAt })
      for (const record of records) {
        if (record.kind === 'row') await files.addRow(record.row)
        else if (record.kind === 'repeated') repeated += 1
        else {
          await files.addReject({ ...record.reject, answer })
          rejects += 1
        }
      }
    }
  } finally {
    await files.close()
  }
  const { rows, rejected } = files
  // What the records looked like was noted when they came, and is no news of today.
  const load: PackageToLoad = {
    ...packageToLoad(whole, unit),
    rows,
    rejected,
    rejects,
    repeated,
    shapes: undefined,
  }
  return { load, unit, facts }
}
