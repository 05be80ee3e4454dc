import type { Day } from '../calendar.js'

/** What `hubdwh init` writes. Loads as it is once the variables of {@link envTemplate} have values. */

export interface TemplateChoices {
  readonly alaqanUrl?: string
  readonly amocrmUrl?: string
  /** First day of the history. */
  readonly startDate?: Day
  /** The section `arm`, instead of an example in comments. */
  readonly arm?: string
  /** A source that is not used stands in comments. */
  readonly unused?: readonly TemplateSource[]
  /** Whether HUBDWH_ERASURE_KEY has a value, so that erasing people can be set up from the beginning. */
  readonly hasErasureKey?: boolean
}

export type TemplateSource = 'alaqan' | 'amocrm'

/** amoCRM's address where none was named: a person has to put the account's own in its place. */
export const exampleAmocrmUrl = 'https://example.amocrm.ru'

/** The first day of the history where none was named. */
export const usualStartDate: Day = '2024-01-01'

const armExample = `# arm:
#   service_report:             # residents by period: by БИН joined to the CRM (отчёт о резидентах)
#     table: silver.service_report_v2
#     tin: company_tin
#     period: report_month      # a date, YYYY-MM or YYYY-MM-DD
#     name: company_name
#     status: residency_status
#     resident: [Резидент]      # these values mean a resident; without it: whoever is in the newest period
#     measures: {revenue: sum, employees: last}   # sum, last, max, min or avg over the periods
#   directory:                  # ИИН → БИН: visits by company (справочник «человек — компания»)
#     users: {table: account_user, id: id, iin: iin}
#     companies: {table: account_usercompany, user_id: user_id, bin: bin, from: valid_from, to: valid_to}
#     # … or one list: {table: ./people.csv, iin: iin, bin: bin, from: valid_from, to: valid_to}
`

/** A commented `hubdwh.yaml`. Comments in English, the gist in Russian. */
export function configTemplate({
  alaqanUrl = 'https://api.hub.alaqan.kz/api/astanahub/',
  amocrmUrl = exampleAmocrmUrl,
  startDate = usualStartDate,
  arm,
  unused = [],
  hasErasureKey = false,
}: TemplateChoices = {}): string {
  const ofSource = (source: TemplateSource, section: string) =>
    unused.includes(source) ? commentedOut(section) : section
  return `# Configuration of hubdwh. Check it with: hubdwh check
# \${NAME} comes from the environment or from .env beside this file. Secrets are accepted only that way.
# Настройки hubdwh. Секреты хранятся в .env рядом с этим файлом, здесь только их имена.

# Zone of the gates' clock and of every derived date (часовой пояс).
timezone: Asia/Almaty

# Where the tables are (хранилище). Paths are relative to this file.
warehouse:
  engine: duckdb
  path: ./data/warehouse.duckdb
  # memory_limit: 2GB              # what has no room in it is spilled to disk; else 80 % of the machine's (предел памяти)
  # … or, instead of the path, the tables of an Iceberg REST catalog (каталог Iceberg); docs/iceberg.md:
  # iceberg:
  #   uri: https://catalog.example.kz/api/catalog
  #   warehouse: hub
  #   token: \${ICEBERG_TOKEN}
  # … or a catalog of Spark's, with engine: spark instead of duckdb (каталог Spark); docs/spark.md:
  # spark:
  #   host: spark.example.kz
  #   staging: s3://hub-staging/hubdwh

# Answers of the APIs as they were received, and loads under way (архив ответов).
landing:
  path: ./data/landing
  keep_days: 365

# Access control (СКУД). Remove the section if it is not used.
${ofSource(
  'alaqan',
  `alaqan:
  base_url: ${alaqanUrl}
  api_key: \${ALAQAN_API_KEY}
  start_date: ${startDate}      # first day of the history (начало истории)
  lookback_days: 3            # days before yesterday that every run reads again
  requests_per_second: 5`,
)}

# CRM. Remove the section if it is not used.
${ofSource(
  'amocrm',
  `amocrm:
  base_url: ${amocrmUrl}   # your account's address (адрес вашего аккаунта)
  auth:
    token: \${AMOCRM_TOKEN}    # a long-lived token of an administrator (долгосрочный токен администратора)
    # … or OAuth instead of the token; then run: hubdwh auth amocrm
    # (the redirect URI as the integration has it: https://…, or http:// on this machine, as http://localhost:8085/oauth)
    # client_id: \${AMOCRM_CLIENT_ID}
    # client_secret: \${AMOCRM_CLIENT_SECRET}
    # redirect_uri: https://example.kz/oauth
    # token_file: ./data/amocrm-token.json
  requests_per_second: 7      # amoCRM's limit for one integration
  overlap_seconds: 600        # how far before the last change every run reads again
  sweep_days: 7               # how often all ids are compared, to find what vanished unseen
  currency: KZT               # what prices are in, for the report (валюта аккаунта)
  events:
    from: ${startDate}          # the history of events is long: from when
    types: []                 # none named: all
  # Which custom fields hold what: ids, codes or names (какие поля что содержат).
  custom_fields:
    bin: [БИН]
    source: [Источник]
    industry: [Сфера]
    # phone: [PHONE]
    # email: [EMAIL]`,
)}

# Personal data between Bronze and Silver (персональные данные): none, partial or hash; iin: none or hash.
privacy:
  iin: hash
  phone: partial
  email: partial
  key: \${HUBDWH_PRIVACY_KEY}  # keep it safe: with another key all hashes change (не меняйте ключ)
  # Needed by "hubdwh forget": erased people are remembered under it, so that no source brings them back. Another than
  # the key above, and never changed (ключ стирания: нужен для forget, не меняется никогда).
  ${hasErasureKey ? '' : '# '}erasure_key: \${HUBDWH_ERASURE_KEY}

quality:
  max_reject_share: 0.02      # more rejected records than this share fail the run
  max_age_hours: 36           # a source from which nothing newer is known is stale
  # checks: ./checks          # your own checks, SQL files (ваши проверки); found beside this file without being named
  # severity: {visits_of_day_not_few: block}   # block, warn or off, check by check

# ARM's tables, if they are to be joined: a table of the same catalog, or a .csv / .parquet file (таблицы ARM).
${arm ?? armExample}
# What is brought up to date after gold (обновление BI); docs/bi.md. Try it: hubdwh check, then hubdwh publish
# publish:
#   - report: {path: ./published/report.html, language: ru}   # ru, kk or en (отчёт на одной странице)
#   - file: {path: ./published/marts.duckdb}   # silver and gold for readers (копия для читателей)
#   - superset: {url: "https://bi.example.kz", user: hubdwh, password: \${SUPERSET_PASSWORD}}
#   - metabase: {url: "https://metabase.example.kz", api_key: \${METABASE_API_KEY}, database: hub}
#   - powerbi:
#       tenant_id: 00000000-0000-0000-0000-000000000000
#       client_id: 00000000-0000-0000-0000-000000000000
#       client_secret: \${POWERBI_CLIENT_SECRET}
#       workspace_id: 00000000-0000-0000-0000-000000000000
#       dataset_id: 00000000-0000-0000-0000-000000000000
#   - webhook: {url: \${HUBDWH_PUBLISH_URL}, secret: \${HUBDWH_PUBLISH_SECRET}}

# Who is told when a run or a check fails, or a decision waits (уведомления). Try it: hubdwh check --notify
# notify:
#   - telegram: {token: \${TELEGRAM_BOT_TOKEN}, chat_id: -1001234567890}
#   - email:
#       host: smtp.example.kz
#       security: tls           # tls (port 465) or starttls (port 587)
#       user: hubdwh@example.kz
#       password: \${SMTP_PASSWORD}
#       from: hubdwh@example.kz
#       to: [duty@example.kz]
#       language: en            # ru (default) or en
#   - webhook: {url: \${HUBDWH_WEBHOOK_URL}, secret: \${HUBDWH_WEBHOOK_SECRET}}
`
}

function commentedOut(section: string): string {
  return section.replaceAll(/^/gm, '# ')
}

/** The variables that the configuration of a source needs. */
export const variablesOf: Readonly<Record<TemplateSource, string>> = {
  alaqan: 'ALAQAN_API_KEY',
  amocrm: 'AMOCRM_TOKEN',
}

/** The keys that nobody gives out: they are made. */
export const keyVariables = ['HUBDWH_PRIVACY_KEY', 'HUBDWH_ERASURE_KEY'] as const

/**
 * A `.env`, or the `.env.example` that shows how one looks, with the variables of {@link configTemplate}.
 * @param values values to write instead of leaving them empty
 * @param unused sources whose variables stand in comments
 */
export function envTemplate(
  values: Readonly<Record<string, string>> = {},
  unused: readonly TemplateSource[] = [],
): string {
  const line = (name: string) => `${name}=${values[name] ?? ''}`
  const lineOf = (source: TemplateSource) =>
    `${unused.includes(source) ? '# ' : ''}${line(variablesOf[source])}`
  return `# Secrets of hubdwh. The values belong into .env and never into version control (секреты, только в .env, не в git).

# The key of Alaqan's API (header X-Api-Key).
${lineOf('alaqan')}

# amoCRM: Settings, Integrations, your integration, Keys, long-lived token (долгосрочный токен).
${lineOf('amocrm')}

# Key of the hashes of personal data. "hubdwh init" makes one; another: openssl rand -hex 32
${line('HUBDWH_PRIVACY_KEY')}

# Key under which erased people are remembered; needed by "hubdwh forget" (ключ стирания). Never change it, never lose it.
${line('HUBDWH_ERASURE_KEY')}

# The Iceberg catalog, where the configuration has one under warehouse:.
# ICEBERG_TOKEN=

# Places that show the marts, where the configuration has them under publish:.
# SUPERSET_PASSWORD=
# METABASE_API_KEY=
# POWERBI_CLIENT_SECRET=
# HUBDWH_PUBLISH_URL=
# HUBDWH_PUBLISH_SECRET=

# Notices (уведомления), where the configuration has them under notify:.
# TELEGRAM_BOT_TOKEN=
# SMTP_PASSWORD=
# HUBDWH_WEBHOOK_URL=
# HUBDWH_WEBHOOK_SECRET=
`
}
