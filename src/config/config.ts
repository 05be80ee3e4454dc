/**
 * The configuration as the program uses it: checked, complete (every default filled in), paths absolute, and
 * `${NAME}` replaced. The contract ("Config") is where each key and default comes from; the YAML writes the
 * same names in snake_case. Days are calendar days in {@link Config.timezone}.
 */
import type { Day } from '../calendar.js'

export interface Config {
  /** Absolute path of the file that this came from. */
  readonly file: string
  /** IANA name: the zone of Alaqan's wall clock and of every derived date, month and year. */
  readonly timezone: string
  readonly warehouse: WarehouseConfig
  readonly landing: LandingConfig
  /** Absent: the source is not used. At least one of the two sources is there. */
  readonly alaqan: AlaqanConfig | undefined
  readonly amocrm: AmocrmConfig | undefined
  readonly privacy: PrivacyConfig
  readonly quality: QualityConfig
  /** Who is told that the marts are new, and what is made of them; empty: nobody. In the file's order. */
  readonly publish: readonly PublishConfig[]
  /** Where failures and what waits for a person are told; empty: nowhere. In the file's order. */
  readonly notify: readonly NoticeChannelConfig[]
  readonly arm: ArmConfig
}

export interface LoadedConfig {
  readonly config: Config
  /** Every secret's value, for redaction. */
  readonly secrets: readonly string[]
  /** What a person should know though the configuration can be used. */
  readonly warnings: readonly string[]
}

/** Where the tables are. */
export type WarehouseConfig = FileWarehouse | IcebergWarehouse | SparkWarehouse

interface AnyWarehouse {
  /** What `event_time` is: TIME, or STRING `HH:MM:SS` for readers that have no TIME. */
  readonly timeAs: 'time' | 'string'
}

/** One that DuckDB reads and writes in this process. */
interface DuckdbWarehouse extends AnyWarehouse {
  /** How much memory DuckDB may hold, `2000MB`; undefined: four fifths of the machine's. What has no room is spilled. */
  readonly memoryLimit: string | undefined
}

export interface FileWarehouse extends DuckdbWarehouse {
  readonly kind: 'file'
  /** Absolute path of the DuckDB file. */
  readonly path: string
}

/** Tables of an Iceberg REST catalog, read and written by DuckDB. */
export interface IcebergWarehouse extends DuckdbWarehouse {
  readonly kind: 'iceberg'
  /** Without a slash at the end. */
  readonly uri: string
  /** The catalog's name of it; empty where the catalog has only one. */
  readonly warehouse: string
  readonly access: IcebergAccess
  /** Undefined where the catalog hands out what opens the storage, or the tables lie on a file system. */
  readonly s3: S3Access | undefined
  /** Absolute path of a folder that holds DuckDB's extensions; undefined: DuckDB's own, downloaded where missing. */
  readonly extensions: string | undefined
}

/** Tables of a catalog of Spark's, read and written by Spark. */
export interface SparkWarehouse extends AnyWarehouse {
  readonly kind: 'spark'
  readonly host: string
  readonly port: number
  /** Who connects; the password, a secret, is empty where the server asks for none. Undefined: without SASL. */
  readonly user: { readonly name: string; readonly password: string } | undefined
  readonly isTls: boolean
  /** What Spark calls the catalog. */
  readonly catalog: string
  readonly staging: SparkStaging
}

/** Where files are handed over to Spark. */
export type SparkStaging =
  /** Absolute, and the same for Spark. */
  | { readonly kind: 'folder'; readonly path: string }
  | {
      readonly kind: 's3'
      readonly bucket: string
      /** Without slashes around it; may be empty. */
      readonly prefix: string
      /** Undefined: as the environment of the AWS SDK says. */
      readonly access: S3Access | undefined
    }

/** How the catalog knows us. Tokens and secrets are secrets. */
export type IcebergAccess =
  | { readonly kind: 'open' }
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'oauth2'
      readonly clientId: string
      readonly clientSecret: string
      /** Where tokens are asked for; undefined: the catalog's own. */
      readonly serverUri: string | undefined
      readonly scope: string | undefined
    }

export interface S3Access {
  /** Undefined: Amazon's own. */
  readonly endpoint: string | undefined
  readonly region: string
  readonly accessKeyId: string
  /** A secret. */
  readonly secretAccessKey: string
  readonly isPathStyle: boolean
}

export interface LandingConfig {
  /** Absolute path of the folder of load packages and of the archive of verbatim answers. */
  readonly path: string
  /** How many days the archive is kept; 0 keeps a package only until it is loaded. */
  readonly keepDays: number
}

export interface AlaqanConfig {
  /** Ends in `/`: an endpoint's path is appended to it. */
  readonly baseUrl: string
  /** A secret. */
  readonly apiKey: string
  /** The first day of the history. */
  readonly startDate: Day
  /** How many days before yesterday every run reads again. */
  readonly lookbackDays: number
  readonly requestsPerSecond: number
}

export interface AmocrmConfig {
  /** Without `/api/v4` and without a slash at the end: `https://example.amocrm.ru`. */
  readonly baseUrl: string
  readonly auth: AmocrmAuth
  readonly requestsPerSecond: number
  /** How far before the watermark every run reads again, seconds. */
  readonly overlapSeconds: number
  /** At most so many days lie between two sweeps: full readings of the ids that find what vanished unseen. */
  readonly sweepDays: number
  readonly events: {
    readonly from: Day
    /** Types of events to fetch; empty: all. */
    readonly types: readonly string[]
  }
  readonly customFields: CustomFieldMapping
  /** ISO 4217: what prices are in. Gold holds bare numbers, so the report has it from here. */
  readonly currency: string
}

export type AmocrmAuth = AmocrmTokenAuth | AmocrmOauth

/** A long-lived token. */
export interface AmocrmTokenAuth {
  readonly kind: 'token'
  /** A secret. */
  readonly token: string
}

export interface AmocrmOauth {
  readonly kind: 'oauth'
  readonly clientId: string
  /** A secret. */
  readonly clientSecret: string
  /** Sent exactly as it is written. */
  readonly redirectUri: string
  /** Absolute path of `{access_token, refresh_token, expires_at (Unix seconds), base_url}`. */
  readonly tokenFile: string
}

/** A custom field of amoCRM: a number is its id, a text its code or its name. */
export type CustomField = number | string

/** Which custom fields hold what; the first that an entity has wins. Decisions: "Silver: amoCRM". */
export interface CustomFieldMapping {
  readonly bin: readonly CustomField[]
  readonly source: readonly CustomField[]
  readonly industry: readonly CustomField[]
  readonly phone: readonly CustomField[]
  readonly email: readonly CustomField[]
}

export type Mask = 'none' | 'partial' | 'hash'

export interface PrivacyConfig {
  /** ИИН is a key: part of it would merge people, so it is hashed or left. */
  readonly iin: 'none' | 'hash'
  readonly phone: Mask
  readonly email: Mask
  /** A secret: the key of the HMAC. Always there where one of the three is `hash`. */
  readonly key: string | undefined
  /** A secret: the key under which erased people are remembered. Another than `key`, and never rotated. */
  readonly erasureKey: string | undefined
}

export interface QualityConfig {
  /** The largest share of a load's records, 0 to 1, that may be rejects. */
  readonly maxRejectShare: number
  /** A source from which nothing newer is known counts as stale, hours. */
  readonly maxAgeHours: number
  /** Where the user's own checks lie. */
  readonly checks: ChecksFolder
  /** What a check's failure does, where it differs from what the check itself says. */
  readonly severity: Readonly<Record<string, 'block' | 'warn' | 'off'>>
}

export interface ChecksFolder {
  /** Absolute path. */
  readonly path: string
  /** Named in the file, so that it must be there. */
  readonly isNamed: boolean
}

/** A place that is brought up to date after gold. */
export type PublishConfig =
  | SupersetConfig
  | MetabaseConfig
  | PowerbiConfig
  | PublishWebhookConfig
  | PublishReportConfig
  | PublishFileConfig

export interface SupersetConfig {
  readonly kind: 'superset'
  /** Without a slash at the end. */
  readonly url: string
  /** Passwords and tokens are secrets. */
  readonly access:
    | {
        readonly kind: 'login'
        readonly user: string
        readonly password: string
        readonly provider: 'db' | 'ldap'
      }
    | { readonly kind: 'token'; readonly token: string }
  /** Superset's name of the database; undefined: datasets of any database count. */
  readonly database: string | undefined
}

export interface MetabaseConfig {
  readonly kind: 'metabase'
  /** Without a slash at the end. */
  readonly url: string
  /** A secret. */
  readonly apiKey: string
  /** Metabase's name or number of the database. */
  readonly database: string | number
}

export interface PowerbiConfig {
  readonly kind: 'powerbi'
  readonly tenantId: string
  readonly clientId: string
  /** A secret. */
  readonly clientSecret: string
  readonly workspaceId: string
  readonly datasetId: string
  /** How long to wait for the refresh to end; 0: it is only asked for. */
  readonly waitMinutes: number
  /** Both without a slash at the end. */
  readonly loginUrl: string
  readonly apiUrl: string
}

export interface PublishWebhookConfig {
  readonly kind: 'webhook'
  /** May hold a secret: never shown beyond its host. */
  readonly url: string
  /** A secret: the key of the signature; absent: not signed. */
  readonly secret: string | undefined
}

export interface PublishReportConfig {
  readonly kind: 'report'
  /** Absolute. */
  readonly path: string
  readonly language: 'ru' | 'kk' | 'en'
  readonly readableBy: ReadableBy
}

/** Who can read a file that is published; the folder that is made for it likewise. */
export type ReadableBy = 'owner' | 'group' | 'everyone'

export interface PublishFileConfig {
  readonly kind: 'file'
  /** Absolute path of the DuckDB file. */
  readonly path: string
  readonly readableBy: ReadableBy
}

/** The languages that notices are written in. */
export type NoticeLanguage = 'ru' | 'en'

export type NoticeChannelConfig = TelegramConfig | EmailConfig | WebhookConfig

export interface TelegramConfig {
  readonly kind: 'telegram'
  readonly language: NoticeLanguage
  /** A secret: the bot's token. */
  readonly token: string
  /** A number (negative for groups), or `@name` of a public channel. */
  readonly chatId: string
  /** Of the Bot API, without a slash at the end. */
  readonly baseUrl: string
}

export interface EmailConfig {
  readonly kind: 'email'
  readonly language: NoticeLanguage
  readonly host: string
  readonly port: number
  /** tls: from the first byte; starttls: before anything is said; none: a relay that asks for no password. */
  readonly security: 'tls' | 'starttls' | 'none'
  /** Absent where the server asks for no login. */
  readonly login: { readonly user: string; readonly password: string } | undefined
  readonly from: string
  /** At least one. */
  readonly to: readonly string[]
}

export interface WebhookConfig {
  readonly kind: 'webhook'
  readonly language: NoticeLanguage
  /** May hold a secret: never shown beyond its host. */
  readonly url: string
  /** A secret: the key of the signature; absent: not signed. */
  readonly secret: string | undefined
}

/** ARM's tables, which belong to others: each is read where it is configured, and everything works without it. */
export interface ArmConfig {
  readonly serviceReport: ServiceReportConfig | undefined
  readonly directory: DirectoryConfig | undefined
}

/** A table of others: one of the same catalog, or a file. */
export type ArmTable =
  | {
      readonly kind: 'table'
      /** `account_user`, `silver.service_report_v2`, `iceberg.silver.service_report_v2`. */
      readonly name: string
    }
  | {
      readonly kind: 'csv' | 'parquet'
      /** As the configuration writes it. */
      readonly name: string
      /** Absolute. */
      readonly path: string
    }

/** How a measure's values of several periods become one. `last`: the value of the newest period. */
export type Aggregate = 'sum' | 'last' | 'max' | 'min' | 'avg'

export interface Measure {
  /** The column, and what it is called in the marts. */
  readonly column: string
  readonly aggregate: Aggregate
}

/** The report on residents: rows by company and period. Each text names a column. */
export interface ServiceReportConfig {
  readonly table: ArmTable
  readonly tin: string
  readonly period: string
  readonly status: string | undefined
  /** The values of `status` that mean a resident; empty: whoever is in the report's newest period is one. */
  readonly resident: readonly string[]
  /** The company's name. */
  readonly name: string | undefined
  readonly measures: readonly Measure[]
}

/** Who belongs to which company: one list, or ARM's pair of tables. Each text names a column. */
export type DirectoryConfig = DirectoryList | DirectoryPair

export interface DirectoryList extends Validity {
  readonly kind: 'list'
  readonly table: ArmTable
  readonly iin: string
  readonly bin: string
}

export interface DirectoryPair {
  readonly kind: 'pair'
  readonly users: { readonly table: ArmTable; readonly id: string; readonly iin: string }
  readonly companies: Validity & {
    readonly table: ArmTable
    readonly userId: string
    readonly bin: string
  }
}

/** The columns of the first and the last day on which a row holds, both included; an empty date is an open end. */
export interface Validity {
  readonly from: string | undefined
  readonly to: string | undefined
}
