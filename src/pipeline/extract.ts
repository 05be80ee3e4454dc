/** The extractor over the real sources, as the configuration describes them. */
import type { Config } from '../config/config.js'
import { UsageError } from '../errors.js'
import { allExistenceTypes } from '../existence-events.js'
import type { JsonValue } from '../json.js'
import type { ErasedPeople } from '../privacy/erased-people.js'
import { createAlaqanClient } from '../sources/alaqan/client.js'
import { withoutErased as daysWithoutErased } from '../sources/alaqan/erased-visits.js'
import { extractVisitsByDate, extractVisitsByIin } from '../sources/alaqan/extract-visits.js'
import { createAmocrmClient } from '../sources/amocrm/client.js'
import { entityNamed, entityNameIn } from '../sources/amocrm/entities.js'
import { withoutErased as pagesWithoutErased } from '../sources/amocrm/erased-records.js'
import { extractById } from '../sources/amocrm/extract-by-id.js'
import { extractRecords } from '../sources/amocrm/extract-records.js'
import { createTransport } from '../sources/http/transport.js'
import type { PipelineContext } from './context.js'
import { prepareErased } from './erased.js'
import type { Extractor } from './extractor.js'
import { daysOf, type LoadUnit, type PersonUnit, type RecordsUnit, type VisitsUnit } from './load-unit.js'
import { requireSource } from './source.js'
import { sourceHttp } from './source-http.js'

/** What keys the digests of days: one of a quiet day could be guessed, were it not keyed like the ИИН themselves. */
export function digestKeyOf({ privacy }: Config): string | undefined {
  return privacy.iin === 'hash' ? privacy.key : undefined
}

/** @param iin whose visits a {@link PersonUnit} asks for: it stands in no plan, since plans are written to disk */
function createExtractor(context: PipelineContext, iin?: string): Extractor {
  const { config, clock, signal } = context
  const transport = createTransport()

  const alaqan = once(() => {
    const section = requireSource(config, 'alaqan')
    return createAlaqanClient(section, { ...sourceHttp(context, 'alaqan'), transport })
  })
  const amocrm = once(() => {
    const section = requireSource(config, 'amocrm')
    return createAmocrmClient(section, { ...sourceHttp(context, 'amocrm'), transport })
  })

  const digestKey = digestKeyOf(config)
  const digest = digestKey === undefined ? {} : { digestKey }
  const visits = (unit: VisitsUnit, cursor: JsonValue, erased: ErasedPeople | undefined) =>
    extractVisitsByDate(
      erased ? daysWithoutErased(alaqan(), erased) : alaqan(),
      { dates: daysOf(unit), signal, ...digest },
      cursor,
    )
  const visitsOfPerson = (unit: PersonUnit, cursor: JsonValue, erased: ErasedPeople | undefined) => {
    if (iin === undefined) throw new Error('The visits of a person are asked for without saying whose.')
    if (erased?.knows('iin', iin)) throw personErased()
    return extractVisitsByIin(
      erased ? daysWithoutErased(alaqan(), erased) : alaqan(),
      { iin, ...unit.days },
      { signal, ...digest },
      cursor,
    )
  }
  const records = (unit: RecordsUnit, cursor: JsonValue, erased: ErasedPeople | undefined) => {
    const { events } = requireSource(config, 'amocrm')
    const firstEvent = Date.parse(`${events.from}T00:00:00Z`) / 1000
    const since = unit.from ?? (unit.records === 'events' ? firstEvent : 0)
    // What was deleted and restored is told by events: they are read whichever others are wanted.
    const eventTypes = events.types.length === 0 ? [] : [...new Set([...events.types, ...allExistenceTypes])]
    const entity = entityNameIn(unit.records)
    const plan = { entity, since, eventTypes }
    const client = erased ? pagesWithoutErased(amocrm(), entityNamed(entity).table.name, erased) : amocrm()
    return extractRecords(client, plan, { clock, signal }, cursor)
  }

  return {
    tableOf: (unit: LoadUnit) =>
      'records' in unit ? entityNamed(entityNameIn(unit.records)).table.name : 'alaqan_visits',
    extract: (unit, cursor, erased) => {
      switch (unit.entity) {
        case 'visits':
          return visits(unit, cursor, erased)
        case 'visits_of_person':
          return visitsOfPerson(unit, cursor, erased)
        case 'records':
          return records(unit, cursor, erased)
        case 'asked_records':
          return extractById(
            amocrm(),
            { entity: entityNameIn(unit.records), ids: unit.ids },
            { signal, ...(erased ? { erased } : {}) },
            cursor,
          )
      }
    },
    close: () => transport.close(),
  }
}

function personErased(): UsageError {
  return new UsageError('person_erased', 'This person was erased on demand and is not loaded again.', {
    advice: 'Nothing needs to be done: the visits of everybody else are loaded as before.',
  })
}

/** Makes the extractor for the work, and lets go of its connections after it. */
export async function withExtractor<T>(
  context: PipelineContext,
  work: (extractor: Extractor) => Promise<T>,
  iin?: string,
): Promise<T> {
  await prepareErased(context)
  const extractor = createExtractor(context, iin)
  try {
    return await work(extractor)
  } finally {
    await extractor.close()
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
