/** `publish:` of the configuration: a list of places, each a section with one key that names its kind. */
import { z } from 'zod'
import { serviceAddress, webhookAddress } from './addresses.js'
import { headerSecret, longSecret, oneOf, path, reader, section, text, wholeNumber } from './values.js'

const superset = section({
  url: serviceAddress,
  user: text('the login in Superset').optional(),
  password: text('the password in Superset').optional(),
  /** Where people sign in to Superset by LDAP. */
  provider: oneOf(['db', 'ldap']).default('db'),
  token: headerSecret('an access token of Superset').optional(),
  database: text("Superset's name of the database with the gold tables").optional(),
}).check(({ value, issues }) => {
  const refuse = (key: string, message: string) => {
    issues.push({ code: 'custom', message, path: [key], input: value })
  }
  const { user, password, token } = value
  const hasLogin = user !== undefined && password !== undefined
  if (token === undefined && !hasLogin) {
    refuse(user === undefined ? 'user' : 'password', 'user and password together, or a token instead')
  }
  if (token !== undefined && (user !== undefined || password !== undefined)) {
    refuse('token', 'either a token, or user and password')
  }
})

const metabase = section({
  url: serviceAddress,
  api_key: headerSecret("Metabase's API key"),
  database: reader((raw, refuse) => {
    if (typeof raw === 'number' && Number.isSafeInteger(raw) && raw > 0) return raw
    return typeof raw === 'string' && raw.trim() !== ''
      ? raw.trim()
      : refuse("Metabase's name or number of the database with the gold tables")
  }),
})

const guid = (expected: string) =>
  reader((raw, refuse) =>
    typeof raw === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(raw.trim())
      ? raw.trim().toLowerCase()
      : refuse(`${expected}, as 00000000-0000-0000-0000-000000000000`),
  )

const powerbi = section({
  tenant_id: guid("the tenant's id"),
  client_id: guid("the application's id"),
  client_secret: text("the application's secret"),
  workspace_id: guid("the workspace's id"),
  dataset_id: guid("the dataset's id"),
  wait_minutes: wholeNumber('how many minutes to wait for the refresh', 0, 300).default(30),
  login_url: serviceAddress.default('https://login.microsoftonline.com'),
  api_url: serviceAddress.default('https://api.powerbi.com'),
})

const webhook = section({
  url: webhookAddress,
  secret: longSecret('the key of the signature', 16).optional(),
})

const readableBy = oneOf(['owner', 'group', 'everyone']).default('group')

const report = section({
  path: path('the path of an .html file').default('./published/report.html'),
  language: oneOf(['ru', 'kk', 'en']).default('ru'),
  readable_by: readableBy,
})

const file = section({
  path: path('the path of a .duckdb file').default('./published/marts.duckdb'),
  readable_by: readableBy,
})

const forms = { superset, metabase, powerbi, webhook, report, file }
const kinds = `one of ${Object.keys(forms).join(', ')}`

const place = section({
  superset: superset.optional(),
  metabase: metabase.optional(),
  powerbi: powerbi.optional(),
  webhook: webhook.optional(),
  report: report.optional(),
  file: file.optional(),
}).check(({ value, issues }) => {
  // An unknown key has been told already.
  if (issues.length > 0) return
  if (Object.values(value).filter(form => form !== undefined).length === 1) return
  issues.push({ code: 'custom', message: `${kinds} in each item of the list`, path: [], input: value })
})

/** `- report` and `- report:` are `- report: {}`. */
const item = z.preprocess(raw => {
  if (typeof raw === 'string' && Object.hasOwn(forms, raw.trim())) return { [raw.trim()]: {} }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, value ?? {}]))
}, place)

/** Nothing (all items commented out) is an empty list. */
export const publish = z.preprocess(
  raw => raw ?? [],
  z.array(item, `a list, each item "- " and ${kinds}, as "- report: {path: ./report.html}"`),
)

export type CheckedPlace = z.output<typeof publish>[number]

export const publishSectionKeys: Readonly<Record<string, readonly string[]>> = {
  'publish[]': Object.keys(forms),
  'publish[].superset': Object.keys(superset.shape),
  'publish[].metabase': Object.keys(metabase.shape),
  'publish[].powerbi': Object.keys(powerbi.shape),
  'publish[].webhook': Object.keys(webhook.shape),
  'publish[].report': Object.keys(report.shape),
  'publish[].file': Object.keys(file.shape),
}
