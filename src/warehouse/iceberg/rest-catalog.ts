/**
 * What the program asks of an Iceberg REST catalog itself: which tables there are, with which columns, and to make those
 * that are missing (DuckDB's extension makes none with comments). All else goes through DuckDB.
 */
import { z } from 'zod'
import { isAboutCertificate, ownAuthority } from '../../certificates.js'
import { AuthorizationError, messageOf, UnavailableError, UsageError } from '../../errors.js'
import type { TableFacts } from '../care.js'
import type { IcebergType, TableRequest } from './table-request.js'

/** How the catalog knows us. */
export type CatalogAccess =
  | { readonly kind: 'open' }
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'oauth2'
      readonly clientId: string
      readonly clientSecret: string
      readonly serverUri: string | undefined
      readonly scope: string | undefined
    }

export interface CatalogOptions {
  /** Without a slash at the end. */
  readonly uri: string
  readonly warehouse: string
  readonly access: CatalogAccess
  readonly signal?: AbortSignal | undefined
}

/** What opens a catalog. */
export interface CatalogPass {
  /** A secret. */
  readonly token: string
  /** For how long from now, where the catalog has said so. */
  readonly seconds: number | undefined
}

export interface CatalogColumn {
  readonly name: string
  readonly type: IcebergType
}

/** What a table consists of; `deleteFiles` say which rows of data files are deleted: the rows are still in those. */
export type TableHistory = Omit<TableFacts, 'table'>

export interface RestCatalog {
  /** What opens the catalog, to be handed to DuckDB; undefined where it is open. */
  pass(): Promise<CatalogPass | undefined>
  /** Whether changes of several tables can be one commit. */
  readonly commitsTogether: boolean
  /** Names of the tables of a namespace; undefined where there is no such namespace. */
  tables(namespace: string): Promise<ReadonlySet<string> | undefined>
  /** The columns of a table as they are now. */
  columns(namespace: string, table: string): Promise<readonly CatalogColumn[]>
  history(namespace: string, table: string): Promise<TableHistory>
  /** Does nothing where it is there. */
  createNamespace(namespace: string): Promise<void>
  /** Does nothing where it is there. */
  createTable(namespace: string, request: TableRequest): Promise<void>
  dropTable(namespace: string, table: string): Promise<void>
}

/** A catalog that does not answer for so long is taken for down. */
const patienceMs = 30_000
const commitOfSeveral = 'POST /v1/{prefix}/transactions/commit'

const configAnswer = z.object({
  defaults: z.record(z.string(), z.string().nullable()).nullish(),
  overrides: z.record(z.string(), z.string().nullable()).nullish(),
  endpoints: z.array(z.string()).nullish(),
})
const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number().positive().nullish() })
const listAnswer = z.object({
  identifiers: z.array(z.object({ name: z.string() })),
  'next-page-token': z.string().nullish(),
})
const icebergType: z.ZodType<IcebergType> = z.lazy(() =>
  z.union([
    z.string(),
    z.object({
      type: z.literal('list'),
      'element-id': z.number(),
      element: icebergType,
      'element-required': z.boolean(),
    }),
  ]),
)
const fieldAnswer = z.object({
  name: z.string(),
  type: z.union([icebergType, z.looseObject({ type: z.string() })]),
})
const tableAnswer = z.object({
  metadata: z.object({
    'current-schema-id': z.number(),
    schemas: z.array(z.object({ 'schema-id': z.number(), fields: z.array(fieldAnswer) })),
    'current-snapshot-id': z.number().nullish(),
    snapshots: z
      .array(
        z.object({
          'snapshot-id': z.number(),
          'timestamp-ms': z.number(),
          summary: z.record(z.string(), z.string()).nullish(),
        }),
      )
      .nullish(),
  }),
})

/**
 * Connects to a catalog.
 * @throws UnavailableError `catalog_unreachable`, `catalog_unusable`; AuthorizationError `catalog_refused`;
 *   UsageError `catalog_unknown` where there is no such catalog or warehouse at the address
 */
export async function connectCatalog(options: CatalogOptions): Promise<RestCatalog> {
  const { uri, warehouse } = options
  const pass = passes(options)
  const speak = speaker(options, pass)
  const query = warehouse === '' ? '' : `?warehouse=${encodeURIComponent(warehouse)}`
  const config = await speak('GET', `/v1/config${query}`, configAnswer)
  if (config === 'missing') {
    throw new UsageError(
      'catalog_unknown',
      `There is no Iceberg REST catalog at ${uri}${warehouse === '' ? '' : ` with the warehouse ${warehouse}`}.`,
      {
        advice:
          'Correct warehouse.iceberg.uri (often it ends in /catalog or /api/catalog) and warehouse, then run "hubdwh check".',
      },
    )
  }
  const prefix = config.overrides?.prefix ?? config.defaults?.prefix
  const root = `/v1${prefix ? `/${prefix}` : ''}/namespaces`
  const path = (...parts: readonly string[]) => [root, ...parts.map(encodeURIComponent)].join('/')
  const required = async <T>(work: Promise<T | 'missing'>, what: string): Promise<T> => {
    const answer = await work
    if (answer === 'missing') throw unusable(uri, `it does not have ${what}`)
    return answer
  }
  return {
    pass,
    commitsTogether: config.endpoints?.includes(commitOfSeveral) ?? false,
    tables: async namespace => {
      const names = new Set<string>()
      for (let page: string | null | undefined = ''; page !== undefined && page !== null; ) {
        const paging: string = page === '' ? '' : `?pageToken=${encodeURIComponent(page)}`
        const answer: z.output<typeof listAnswer> | 'missing' = await speak(
          'GET',
          `${path(namespace, 'tables')}${paging}`,
          listAnswer,
        )
        if (answer === 'missing') return undefined
        for (const { name } of answer.identifiers) names.add(name)
        page = answer['next-page-token'] || undefined
      }
      return names
    },
    columns: async (namespace, table) => {
      const answer = await required(
        speak('GET', path(namespace, 'tables', table), tableAnswer),
        `the table ${namespace}.${table}`,
      )
      const { schemas, 'current-schema-id': current } = answer.metadata
      const fields = schemas.find(schema => schema['schema-id'] === current)?.fields ?? []
      return fields.map(({ name, type }) => ({ name, type: isKnownType(type) ? type : type.type }))
    },
    history: async (namespace, table) => {
      const { metadata } = await required(
        speak('GET', path(namespace, 'tables', table), tableAnswer),
        `the table ${namespace}.${table}`,
      )
      const { snapshots, 'current-snapshot-id': current } = metadata
      const known = snapshots ?? []
      const summary = known.find(snapshot => snapshot['snapshot-id'] === current)?.summary
      const total = (what: string) => Number(summary?.[`total-${what}`] ?? 0)
      const size = summary?.['total-files-size']
      return {
        dataFiles: total('data-files'),
        deleteFiles: total('delete-files'),
        bytes: size === undefined ? null : Number(size),
        snapshots: known.length,
        oldestSnapshotAt: known.length === 0 ? null : Math.min(...known.map(each => each['timestamp-ms'])),
      }
    },
    createNamespace: async namespace => {
      await speak('POST', root, z.unknown(), { namespace: [namespace], properties: {} })
    },
    createTable: async (namespace, request) => {
      await required(
        speak('POST', path(namespace, 'tables'), z.unknown(), request),
        `the namespace ${namespace}`,
      )
    },
    dropTable: async (namespace, table) => {
      await speak('DELETE', path(namespace, 'tables', table), z.unknown())
    },
  }
}

function isKnownType(type: z.output<typeof fieldAnswer>['type']): type is IcebergType {
  return icebergType.safeParse(type).success
}

/** Where a client gets its token. */
export function tokenAddress(uri: string, serverUri: string | undefined): string {
  return serverUri ?? `${uri}/v1/oauth/tokens`
}

type Passes = RestCatalog['pass']

/** A token that is about to run out is not handed on: what begins with it takes some time. */
const shortestSeconds = 10

/** The same token for as long as it is good, then another one: some are good for minutes only. */
function passes({ uri, access, signal }: CatalogOptions): Passes {
  if (access.kind === 'open') return async () => undefined
  if (access.kind === 'token') return async () => ({ token: access.token, seconds: undefined })
  let held: Promise<{ readonly token: string; readonly until: number }> | undefined
  const fresh = async () => {
    const askedAt = performance.now()
    const { access_token: token, expires_in: seconds } = await tokenOf(uri, access, signal)
    return { token, until: askedAt + (seconds ?? Number.POSITIVE_INFINITY) * 1000 }
  }
  const secondsLeft = (until: number) => Math.floor((until - performance.now()) / 1000)
  const renew = () => {
    const renewed = fresh()
    held = renewed
    // Whoever asks next tries again.
    renewed.catch(() => {
      held = undefined
    })
    return renewed
  }
  return async () => {
    const last = held
    let current = await (last ?? renew())
    // Several may find that one runs out: the first asks for another, for all.
    if (last && secondsLeft(current.until) < shortestSeconds) {
      current = await (held === last || !held ? renew() : held)
    }
    const { token, until } = current
    return { token, seconds: Number.isFinite(until) ? secondsLeft(until) : undefined }
  }
}

async function tokenOf(
  uri: string,
  access: Extract<CatalogAccess, { readonly kind: 'oauth2' }>,
  signal: AbortSignal | undefined,
): Promise<z.output<typeof tokenAnswer>> {
  const { clientId, clientSecret, serverUri, scope } = access
  const address = tokenAddress(uri, serverUri)
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    ...(scope === undefined ? {} : { scope }),
  })
  const response = await send(address, { method: 'POST', body: form }, signal)
  if (response.status >= 400 && response.status < 500)
    throw noToken(address, response.status, await response.text())
  return read(response, address, tokenAnswer)
}

type Speak = <T>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  answer: z.ZodType<T>,
  body?: unknown,
) => Promise<T | 'missing'>

function speaker({ uri, signal }: CatalogOptions, pass: Passes): Speak {
  return async (method, path, answer, body) => {
    const address = `${uri}${path}`
    const token = (await pass())?.token
    const response = await send(
      address,
      {
        method,
        headers: {
          accept: 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      signal,
    )
    const { status } = response
    if (status === 404) return 'missing'
    if (status === 401 || status === 403) throw refused(uri, status)
    // Somebody else was first with what is to be made, and it is there.
    if (status === 409 && method === 'POST') return answer.parse({})
    if (method === 'DELETE' && response.ok) return answer.parse({})
    return read(response, uri, answer)
  }
}

async function send(address: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Response> {
  const limit = AbortSignal.timeout(patienceMs)
  try {
    return await fetch(address, { ...init, signal: signal ? AbortSignal.any([limit, signal]) : limit })
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    const why = limit.aborted ? `no answer in ${patienceMs / 1000} seconds` : messageOf(causeOf(error))
    throw new UnavailableError(
      'catalog_unreachable',
      `The Iceberg catalog ${address} is not reachable: ${why}.`,
      {
        advice: isAboutCertificate(causeOf(error))
          ? `Check the address and its certificate; ${ownAuthority}. Then run "hubdwh check".`
          : 'Check warehouse.iceberg.uri and the network, then run the same command again.',
        cause: error,
      },
    )
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error
}

async function read<T>(response: Response, uri: string, answer: z.ZodType<T>): Promise<T> {
  const text = await response.text()
  if (!response.ok) throw unusable(uri, `HTTP ${response.status}, ${saidIn(text)}`)
  let body: unknown
  try {
    body = text === '' ? {} : JSON.parse(text)
  } catch {
    throw unusable(uri, `no JSON, ${saidIn(text)}`)
  }
  const checked = answer.safeParse(body)
  if (!checked.success) throw unusable(uri, 'JSON of another form than the REST specification has')
  return checked.data
}

const errorAnswer = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z
    .object({ error: z.string(), error_description: z.string().nullish() })
    .transform(({ error, error_description: description }) => description ?? error),
])

/** What an answer says of what went wrong, in one short line. */
function saidIn(text: string): string {
  let said = text
  try {
    const answer = errorAnswer.safeParse(JSON.parse(text))
    if (answer.success) said = answer.data
  } catch {
    // Not JSON: a proxy's page, as a rule.
  }
  const line = said
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return line === '' ? 'without a word' : `“${line.slice(0, 200)}”`
}

function unusable(uri: string, what: string): UnavailableError {
  return new UnavailableError(
    'catalog_unusable',
    `The Iceberg catalog ${uri} answered what cannot be used: ${what}.`,
    {
      advice:
        "Look at the catalog's own log; if the address is another service's, correct warehouse.iceberg.uri. Then run 'hubdwh check'.",
    },
  )
}

function noToken(address: string, status: number, text: string): AuthorizationError {
  return new AuthorizationError(
    'catalog_refused',
    `${address} gives this client no token: HTTP ${status}, ${saidIn(text)}.`,
    {
      advice:
        'Check client_id, client_secret, scope and server_uri under warehouse.iceberg.oauth2; then run "hubdwh check".',
    },
  )
}

function refused(uri: string, status: number): AuthorizationError {
  return new AuthorizationError(
    'catalog_refused',
    `The Iceberg catalog ${uri} does not let this client in (HTTP ${status}).`,
    {
      advice:
        'Look whether warehouse.iceberg.token has expired, or whether the client of oauth2 has the rights to read and write the tables; then run "hubdwh check".',
    },
  )
}
