import { dirname, resolve } from 'node:path'
import { isLoopback } from './addresses.js'
import { toArm } from './complete-arm.js'
import { toPlace } from './complete-publish.js'
import { toWarehouse } from './complete-warehouse.js'
import type { AmocrmAuth, AmocrmConfig, Config, CustomField, NoticeChannelConfig } from './config.js'
import { type CheckedChannel, portOf } from './notify-schema.js'
import { type CheckedFile, defaultCustomFields } from './schema.js'

type CheckedAmocrm = NonNullable<CheckedFile['amocrm']>

/**
 * Brings a checked file to the program's own spelling.
 * @param file absolute path of the configuration; relative paths in it start at its folder
 */
export function toConfig(checked: CheckedFile, file: string): Config {
  const absolute = (path: string) => resolve(dirname(file), path)
  const { timezone, warehouse, landing, alaqan, amocrm, privacy, quality, publish, notify, arm } = checked
  return {
    file,
    timezone,
    warehouse: toWarehouse(warehouse, absolute),
    landing: { path: absolute(landing.path), keepDays: landing.keep_days },
    alaqan: alaqan && {
      baseUrl: alaqan.base_url,
      apiKey: alaqan.api_key,
      startDate: alaqan.start_date,
      lookbackDays: alaqan.lookback_days,
      requestsPerSecond: alaqan.requests_per_second,
    },
    amocrm: amocrm && toAmocrm(amocrm, absolute),
    privacy: {
      iin: privacy.iin,
      phone: privacy.phone,
      email: privacy.email,
      key: privacy.key,
      erasureKey: privacy.erasure_key,
    },
    quality: {
      maxRejectShare: quality.max_reject_share,
      maxAgeHours: quality.max_age_hours,
      checks: { path: absolute(quality.checks ?? './checks'), isNamed: quality.checks !== undefined },
      severity: quality.severity,
    },
    publish: publish.flatMap(each => toPlace(each, absolute)),
    notify: notify.flatMap(toChannel),
    arm: toArm(arm, absolute),
  }
}

function toAmocrm(amocrm: CheckedAmocrm, absolute: (path: string) => string): AmocrmConfig {
  const fields = amocrm.custom_fields
  const mapped = (configured: readonly CustomField[], usual: readonly CustomField[]) =>
    configured.length > 0 ? configured : usual
  return {
    baseUrl: amocrm.base_url,
    auth: toAuth(amocrm.auth, absolute),
    requestsPerSecond: amocrm.requests_per_second,
    overlapSeconds: amocrm.overlap_seconds,
    sweepDays: amocrm.sweep_days,
    events: amocrm.events,
    customFields: {
      bin: mapped(fields.bin, defaultCustomFields.bin),
      source: mapped(fields.source, defaultCustomFields.source),
      industry: mapped(fields.industry, defaultCustomFields.industry),
      phone: mapped(fields.phone, defaultCustomFields.phone),
      email: mapped(fields.email, defaultCustomFields.email),
    },
    currency: amocrm.currency,
  }
}

function toAuth(auth: CheckedAmocrm['auth'], absolute: (path: string) => string): AmocrmAuth {
  if ('token' in auth) return { kind: 'token', token: auth.token }
  return {
    kind: 'oauth',
    clientId: auth.client_id,
    clientSecret: auth.client_secret,
    redirectUri: auth.redirect_uri,
    tokenFile: absolute(auth.token_file),
  }
}

/** One channel; that an item names just one kind, the schema has seen. */
function toChannel({ telegram, email, webhook }: CheckedChannel): readonly NoticeChannelConfig[] {
  if (telegram) {
    const { token, chat_id, base_url, language } = telegram
    return [{ kind: 'telegram', language, token, chatId: chat_id, baseUrl: base_url }]
  }
  if (email) {
    const { host, security, user, password, from, to, language } = email
    const login = user === undefined || password === undefined ? undefined : { user, password }
    return [{ kind: 'email', language, host, port: portOf(email), security, login, from, to }]
  }
  return webhook
    ? [{ kind: 'webhook', language: webhook.language, url: webhook.url, secret: webhook.secret }]
    : []
}

/** amoCRM's limit for one integration; reference, "Limits". */
const amocrmRequestsPerSecond = 7

/** What can be used as it stands, but that a person should know. */
export function warningsAbout({ amocrm, warehouse, publish }: Config): string[] {
  const warnings: string[] = []
  if (amocrm !== undefined && amocrm.requestsPerSecond > amocrmRequestsPerSecond) {
    warnings.push(
      `amocrm.requests_per_second is ${amocrm.requestsPerSecond}; amoCRM allows an integration ` +
        `${amocrmRequestsPerSecond} and blocks one that keeps exceeding it.`,
    )
  }
  if (warehouse.kind === 'iceberg' && warehouse.access.kind !== 'open' && isReadableOnTheWay(warehouse.uri)) {
    warnings.push(
      "warehouse.iceberg.uri is http://: whoever is on the way can read the catalog's token. Use https:// where you can.",
    )
  }
  for (const place of publish) {
    if ((place.kind === 'superset' || place.kind === 'metabase') && isReadableOnTheWay(place.url)) {
      warnings.push(
        `publish.${place.kind}.url is http://: whoever is on the way can read what lets us in. Use https:// where you can.`,
      )
    }
  }
  return warnings
}

function isReadableOnTheWay(uri: string): boolean {
  const { protocol, hostname } = new URL(uri)
  return protocol === 'http:' && !isLoopback(hostname)
}
