import { z } from 'zod'
import { alaqanAddress, amocrmAddress, redirectAddress } from './addresses.js'
import { armKeys, armSchema } from './arm-schema.js'
import { notify, notifySectionKeys } from './notify-schema.js'
import { publish, publishSectionKeys } from './publish-schema.js'
import {
  currency,
  customField,
  day,
  headerSecret,
  listOf,
  longSecret,
  oneOf,
  path,
  positiveNumber,
  section,
  share,
  text,
  timeZone,
  wholeNumber,
} from './values.js'
import { warehouse, warehouseSectionKeys } from './warehouse-schema.js'

/**
 * `hubdwh.yaml` as the contract has it, keys and defaults. Rules that join several keys are in rules.ts; which keys
 * are secrets in secrets.ts.
 */

const days = 100_000

const landing = section({
  path: path('the path of a folder').default('./data/landing'),
  keep_days: wholeNumber('how many days the archive is kept', 0, days).default(365),
})

const alaqan = section({
  base_url: alaqanAddress.default('https://api.hub.alaqan.kz/api/astanahub/'),
  api_key: headerSecret("Alaqan's API key"),
  start_date: day.default('2024-01-01'),
  lookback_days: wholeNumber('how many days are read again', 0, 3650).default(3),
  requests_per_second: positiveNumber('requests a second').default(5),
})

const token = section({ token: headerSecret('a long-lived token') })

const oauth = section({
  client_id: text("the integration's client id"),
  client_secret: text("the integration's secret key"),
  redirect_uri: redirectAddress,
  token_file: path('the path of a file').default('./data/amocrm-token.json'),
})

const events = section({
  from: day.default('2024-01-01'),
  types: listOf(text('a type of event, as lead_status_changed')).default([]),
})

const fields = (names: readonly (string | number)[]) => listOf(customField).default([...names])

/** Decisions, "Silver: amoCRM": by which names a field is found where nothing is mapped. */
export const defaultCustomFields = {
  bin: ['БИН', 'BIN', 'БИН/ИИН'],
  source: ['Источник'],
  industry: ['Сфера'],
  phone: ['PHONE'],
  email: ['EMAIL'],
}

const customFields = section({
  bin: fields(defaultCustomFields.bin),
  source: fields(defaultCustomFields.source),
  industry: fields(defaultCustomFields.industry),
  phone: fields(defaultCustomFields.phone),
  email: fields(defaultCustomFields.email),
})

const amocrm = section({
  base_url: amocrmAddress,
  auth: z.union([token, oauth]),
  requests_per_second: positiveNumber('requests a second').default(7),
  overlap_seconds: wholeNumber('how many seconds are read again', 0, days * 86_400).default(600),
  sweep_days: wholeNumber('days between two sweeps', 1, days).default(7),
  events: events.prefault({}),
  custom_fields: customFields.prefault({}),
  currency: currency.default('KZT'),
})

const masks = ['none', 'partial', 'hash'] as const

const privacy = section({
  iin: oneOf(['hash', 'none'], {
    partial: 'ИИН joins people with their visits, and part of it would merge people',
  }).default('hash'),
  phone: oneOf(masks).default('partial'),
  email: oneOf(masks).default('partial'),
  key: longSecret('the key of the hashes', 32).optional(),
  erasure_key: longSecret('the key under which erased people are remembered', 32).optional(),
})

const quality = section({
  max_reject_share: share('the largest share of rejects').default(0.02),
  max_age_hours: positiveNumber('hours after which a source counts as stale').default(36),
  checks: path('the path of a folder of checks').optional(),
  severity: z
    .record(z.string(), oneOf(['block', 'warn', 'off']), {
      error: 'check names, each with block, warn or off',
    })
    .default({}),
})

export const configSchema = section({
  timezone: timeZone.default('Asia/Almaty'),
  warehouse: warehouse.prefault({}),
  landing: landing.prefault({}),
  alaqan: alaqan.optional(),
  amocrm: amocrm.optional(),
  privacy: privacy.prefault({}),
  quality: quality.prefault({}),
  arm: z.preprocess(raw => raw ?? {}, armSchema),
  publish: publish.default([]),
  notify: notify.default([]),
})

/** The checked file, in its own spelling. */
export type CheckedFile = z.output<typeof configSchema>

/** The keys that each section knows, by its path; the file as a whole is ''. */
export const sectionKeys: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(configSchema.shape),
  ...warehouseSectionKeys,
  landing: Object.keys(landing.shape),
  alaqan: Object.keys(alaqan.shape),
  amocrm: Object.keys(amocrm.shape),
  'amocrm.auth': [...Object.keys(token.shape), ...Object.keys(oauth.shape)],
  'amocrm.events': Object.keys(events.shape),
  'amocrm.custom_fields': Object.keys(customFields.shape),
  privacy: Object.keys(privacy.shape),
  quality: Object.keys(quality.shape),
  ...publishSectionKeys,
  ...notifySectionKeys,
  ...armKeys,
}
