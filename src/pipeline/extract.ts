/** The extractor over the real sources, as the configuration describes them. */
import type { Config } from '../config/config.js'
import { allExistenceTypes } from '../existence-events.js'
import type { JsonValue } from '../json.js'
import { createAlaqanClient } from '../sources/alaqan/client.js'
import { extractVisitsByDate, extractVisitsByIin } from '../sources/alaqan/extract-visits.js'
import { createAmocrmClient } from '../sources/amocrm/client.js'
import { entityNamed, entityNameIn } from '../sources/amocrm/entities.js'
import { extractById } from '../sources/amocrm/extract-by-id.js'
import { extractRecords } from '../sources/amocrm/extract-records.js'
import { createTransport } from '../sources/http/transport.js'
import type { PipelineContext } from './context.js'
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
  const visits = (unit: VisitsUnit, cursor: JsonValue) =>
    extractVisitsByDate(alaqan(), { dates: daysOf(unit), signal, ...digest }, cursor)
  const visitsOfPerson = (unit: PersonUnit, cursor: JsonValue) => {
    if (iin === undefined) throw new Error('The visits of a person are asked for without saying whose.')
    return extractVisitsByIin(alaqan(), { iin, ...unit.days }, { signal, ...digest }, cursor)
  }
  const records = (unit: RecordsUnit, cursor: JsonValue) => {
    const { events } = requireSource(config, 'amocrm')
    const firstEvent = Date.parse(`${events.from}T00:00:00Z`) / 1000
    const since = unit.from ?? (unit.records === 'events' ? firstEvent : 0)
    // What was deleted and restored is told by events: they are read whichever others are wanted.
    const eventTypes = events.types.length === 0 ? [] : [...new Set([...events.types, ...allExistenceTypes])]
    const plan = { entity: entityNameIn(unit.records), since, eventTypes }
    return extractRecords(amocrm(), plan, { clock, signal }, cursor)
  }

  return {
    tableOf: (unit: LoadUnit) =>
      'records' in unit ? entityNamed(entityNameIn(unit.records)).table.name : 'alaqan_visits',
    extract: (unit, cursor) => {
      switch (unit.entity) {
        case 'visits':
          return visits(unit, cursor)
        case 'visits_of_person':
          return visitsOfPerson(unit, cursor)
        case 'records':
          return records(unit, cursor)
        case 'asked_records':
          return extractById(
            amocrm(),
            { entity: entityNameIn(unit.records), ids: unit.ids },
            { signal },
            cursor,
          )
      }
    },
    close: () => transport.close(),
  }
}

/** Makes the extractor for the work, and lets go of its connections after it. */
export async function withExtractor<T>(
  context: PipelineContext,
  work: (extractor: Extractor) => Promise<T>,
  iin?: string,
): Promise<T> {
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
