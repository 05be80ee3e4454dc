/** Entering what a package holds into Bronze, each kind in its way. */
import type { LoadPackage } from '../landing/load-package.js'
import { readIndex } from '../landing/read-answers.js'
import { expectedFields as expectedOfVisits } from '../sources/alaqan/expected-fields.js'
import { entityNamed, entityNameIn } from '../sources/amocrm/entities.js'
import { expectedFields } from '../sources/amocrm/expected-fields.js'
import { tableNamed } from '../tables/catalogue.js'
import { loadEvents } from '../warehouse/bronze/load-events.js'
import { loadRecords } from '../warehouse/bronze/load-records.js'
import { loadVisits, type VisitFact, visitFactSchema } from '../warehouse/bronze/load-visits.js'
import type { LoadOutcome, LoadSettings, PackageToLoad } from '../warehouse/bronze/package-to-load.js'
import type { Engine } from '../warehouse/engine.js'
import { type LoadUnit, modeOf } from './load-unit.js'
import { isSwept } from './plannable-entities.js'

/** What is entered. */
export interface Entry {
  readonly load: PackageToLoad
  readonly unit: LoadUnit
  /** Of Alaqan's answers, in their order; nothing for amoCRM. */
  readonly facts: readonly VisitFact[]
}

/**
 * Enters it as one commit.
 * @throws RowsUnaccountedError
 */
export async function enter(
  engine: Engine,
  { load, unit, facts }: Entry,
  settings: LoadSettings,
): Promise<LoadOutcome> {
  switch (unit.entity) {
    case 'visits':
      return loadVisits(engine, load, facts, unit.isInsisted, settings)
    case 'visits_of_person':
      return loadVisits(engine, load, facts, false, settings)
    case 'asked_records':
      return loadRecords(engine, load, settings)
    case 'records': {
      if (unit.records === 'events') return loadEvents(engine, load, settings)
      const name = entityNameIn(unit.records)
      return loadRecords(engine, load, settings, {
        isWholeList: entityNamed(name).reading === 'whole_lists',
        looksForMissing: isSwept(name) && unit.from === null,
      })
    }
  }
}

/** What the warehouse needs to know of a package. */
export function packageToLoad(
  { manifest, rowsPath, rejectsPath }: LoadPackage,
  unit: LoadUnit,
): PackageToLoad {
  const { loadId, source, entity, counts, watermark, shapes, longestLines } = manifest
  return {
    loadId,
    source,
    entity,
    table: tableNamed(`bronze.${manifest.table}`),
    mode: modeOf(unit),
    window: String(manifest.window),
    startedAt: manifest.createdAt,
    rows: { path: rowsPath, longest: longestLines?.rows },
    rejected: { path: rejectsPath, longest: longestLines?.rejects },
    requests: counts.requests,
    records: counts.records,
    repeated: counts.repeated,
    erased: counts.erased ?? 0,
    rejects: counts.rejects,
    watermark: typeof watermark === 'number' ? watermark : null,
    shapes,
    expected: 'records' in unit ? expectedFields(entityNamed(entityNameIn(unit.records))) : expectedOfVisits,
  }
}

/** What the archive's index notes about answers of Alaqan. */
export async function visitFacts(whole: LoadPackage): Promise<readonly VisitFact[]> {
  const facts: VisitFact[] = []
  if (whole.manifest.source !== 'alaqan') return facts
  for await (const { facts: ofAnswer, receivedAt } of readIndex(whole)) {
    for (const fact of ofAnswer) facts.push({ ...visitFactSchema.parse(fact), answeredAt: receivedAt })
  }
  return facts
}
