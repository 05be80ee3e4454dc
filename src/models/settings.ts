/** What of the configuration shapes the models. It enters SQL only as functions `setting_…()` of the session. */
import type { Day } from '../calendar.js'
import { literal, literalList } from '../warehouse/sql-text.js'

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
}

/** The settings as functions: name → body, in SQL that DuckDB and Spark share. */
export function settingFunctions(settings: ModelSettings): ReadonlyMap<string, string> {
  const { timezone, masks, customFields, eventsFrom } = settings
  const fields = (names: readonly string[]) => literalList(names.map(name => name.trim().toLowerCase()))
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
  ])
}
