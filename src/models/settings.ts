/** What of the configuration shapes the models. It enters SQL only as functions `setting_…()` of the session. */
import type { Day } from '../calendar.js'
import type { Engine } from '../warehouse/engine.js'
import { identifier, literal, literalList } from '../warehouse/sql-text.js'

export type Mask = 'none' | 'partial' | 'hash'

export interface ModelSettings {
  /** IANA name: the zone of every derived date, month and year. */
  readonly timezone: string
  readonly masks: { readonly iin: 'none' | 'hash'; readonly phone: Mask; readonly email: Mask }
  /** The key of the masking hash; never part of a statement. */
  readonly maskingKey: string | undefined
  /** Ids, codes or names of the custom fields, most wanted first. */
  readonly customFields: {
    readonly bin: readonly string[]
    readonly source: readonly string[]
    readonly industry: readonly string[]
    readonly phone: readonly string[]
    readonly email: readonly string[]
  }
  /** From when the log of events is known. */
  readonly eventsFrom: Day
  /** What is taken from ARM's report. */
  readonly measures: readonly Measure[]
  /** The statuses in ARM's report that mean a resident. */
  readonly residentStatuses: readonly string[]
}

export interface Measure {
  readonly column: string
  /** How the values of several periods become one; `last` is the value of the newest. */
  readonly aggregate: 'sum' | 'last' | 'max' | 'min' | 'avg'
}

/** The settings as functions: name → body. */
export function settingFunctions(
  settings: ModelSettings,
  engine: Engine['name'],
): ReadonlyMap<string, string> {
  const { timezone, masks, customFields, eventsFrom, measures, residentStatuses } = settings
  const fields = (names: readonly string[]) =>
    literalList(
      names.map(name => name.trim().toLowerCase()),
      engine,
    )
  return new Map([
    ['setting_timezone', literal(timezone)],
    ['setting_privacy_iin', literal(masks.iin)],
    ['setting_privacy_phone', literal(masks.phone)],
    ['setting_privacy_email', literal(masks.email)],
    ['setting_bin_fields', fields(customFields.bin)],
    ['setting_source_fields', fields(customFields.source)],
    ['setting_industry_fields', fields(customFields.industry)],
    ['setting_phone_fields', fields(customFields.phone)],
    ['setting_email_fields', fields(customFields.email)],
    ['setting_events_from', `cast(${literal(eventsFrom)} as date)`],
    ['setting_resident_statuses', fields(residentStatuses)],
    ['measures_by_company', measuresBy([], measures)],
    ['measures_by_month', measuresBy(['year', 'month'], measures)],
  ])
}

/**
 * A table of the measures with a row a company, or a company and month: `measured_bin`, `measured_year`,
 * `measured_month`, then a column a measure. Which columns there are and how periods become one is the
 * configuration's, so that it cannot stand in a model's file.
 */
function measuresBy(parts: readonly ('year' | 'month')[], measures: readonly Measure[]): string {
  const keys = [
    'bin as measured_bin',
    ...parts.map(part => `cast(${part}(period) as int) as measured_${part}`),
  ].join(', ')
  const grain = ['bin', ...parts.map(part => `${part}(period)`)].join(', ')
  const columns = measures.map(({ column, aggregate }) => {
    const name = identifier(column)
    return `, ${aggregated(name, aggregate)} as ${name}`
  })
  return (
    `table select ${keys}${columns.join('')} from (` +
    `select *, max(period) over (partition by ${grain}) as newest_of_grain from silver.arm_service_report` +
    `) as reports group by ${grain}`
  )
}

function aggregated(name: string, aggregate: Measure['aggregate']): string {
  switch (aggregate) {
    case 'sum':
      return `try_cast(sum(${name}) as decimal(20, 2))`
    case 'last':
      return `max(case when period = newest_of_grain then ${name} end)`
    case 'max':
    case 'min':
      return `${aggregate}(${name})`
    case 'avg':
      return `average_amount(sum(${name}), count(${name}))`
  }
}
