/**
 * The warehouse in an Iceberg REST catalog, attached to a session of DuckDB as `iceberg`. Tables are made by the catalog's
 * own interface, with comments and partitions; rows are read and written by DuckDB's extension. docs/iceberg.md tells
 * which catalogs were tried and what is committed when.
 */

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isAboutCertificate, ownAuthority } from '../../certificates.js'
import { createPrivateFolder } from '../../durable-file.js'
import type { Clock } from '../../effects.js'
import {
  AuthorizationError,
  HubdwhError,
  InterruptedError,
  messageOf,
  UnavailableError,
  UsageError,
} from '../../errors.js'
import { acquireLock, type Lock } from '../../lock.js'
import { allTables, tablesWithPeople, warehouseSchemas } from '../../tables/catalogue.js'
import { qualifiedName } from '../../tables/table.js'
import type { TableFacts } from '../care.js'
import type { TimeAs } from '../ddl.js'
import type { Engine } from '../engine.js'
import {
  type CatalogAccess,
  type CatalogPass,
  connectCatalog,
  type RestCatalog,
  tokenAddress,
} from '../iceberg/rest-catalog.js'
import { refuseOtherFields, tableRequest } from '../iceberg/table-request.js'
import { sessionFunctions } from '../session-functions.js'
import { literal } from '../sql-text.js'
import type { OpenOptions, Warehouse } from '../warehouse.js'
import { authoritiesFile } from './authorities.js'
import { DuckDBInstance } from './library.js'
import { instanceSettings, shortageIn, withMemoryFor } from './limits.js'
import { duckdbSession } from './session.js'

export interface IcebergOptions {
  /** Of the catalog, without a slash at the end. */
  readonly uri: string
  /** The catalog's name of the warehouse; empty where it has only one. */
  readonly warehouse: string
  readonly access: CatalogAccess
  /** Undefined where the catalog hands out what opens the storage, or the tables lie on a file system. */
  readonly s3: S3Access | undefined
  /** Absolute path of a folder with DuckDB's extensions; undefined: DuckDB's own. */
  readonly extensions: string | undefined
  readonly timeAs: TimeAs
  /** How much memory DuckDB may hold, as it is told: `2000MB`; absent: its own limit. */
  readonly memoryLimit?: string | undefined
  /** IANA. */
  readonly timeZone: string
  readonly clock: Clock
  /** Absolute path of the folder that all processes share: it holds the lock of whoever writes, and what is spilled. */
  readonly folder: string
}

export interface S3Access {
  /** Undefined: Amazon's own. */
  readonly endpoint: string | undefined
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly isPathStyle: boolean
}

const usualPatienceMs = 60_000

export function duckdbIceberg(options: IcebergOptions): Warehouse {
  const { uri, warehouse, folder } = options
  const connect = (signal?: AbortSignal) => connectCatalog({ ...options, signal })
  return {
    place: warehouse === '' ? uri : `${uri}, warehouse ${warehouse}`,
    exists: async () => (await (await connect()).tables('meta'))?.has('loads') ?? false,
    open: async how => {
      const catalog = await connect(how.signal)
      if (how.access === 'read') {
        await requireTables(catalog, uri)
        return openSession(withMemoryFor(options, how), catalog, how)
      }
      await createPrivateFolder(folder)
      // One writer at a time meets no conflict; who does not share the folder is told by the catalog.
      const lock = await acquireLock(join(folder, 'warehouse.lock'), {
        purpose: 'the warehouse',
        waitMs: how.patience ?? usualPatienceMs,
        clock: options.clock,
        ...(how.signal ? { signal: how.signal } : {}),
      })
      try {
        await createMissingTables(catalog, options)
        return await openSession(withMemoryFor(options, how), catalog, how, lock)
      } catch (error) {
        await lock.release()
        throw error
      }
    },
    facts: async signal => {
      const catalog = await connect(signal)
      const facts: TableFacts[] = []
      await requireTables(catalog, uri)
      await eachOf(allTables, async table => {
        facts.push({ table, ...(await catalog.history(table.schema, table.name)) })
      })
      return allTables.flatMap(table => facts.filter(each => each.table === table))
    },
    size: async () => undefined,
    dropLeftovers: () => rm(spillFolder(folder), { recursive: true, force: true }),
    purge: async signal => {
      const catalog = await connect(signal)
      const kept: string[] = []
      await eachOf(tablesWithPeople, async table => {
        const { snapshots, deleteFiles } = await catalog.history(table.schema, table.name)
        if (snapshots > 1 || deleteFiles > 0) kept.push(qualifiedName(table))
      })
      if (kept.length === 0) return
      throw new UnavailableError(
        'snapshots_kept',
        `Older snapshots of ${kept.length} tables in ${uri} still hold what was deleted, and DuckDB cannot take them away: ${kept.sort().join(', ')}.`,
        {
          advice:
            'Expire them with an engine that can, then run the same command again: docs/iceberg.md, "Erasing a person".',
        },
      )
    },
  }
}

const spillFolder = (folder: string) => join(folder, '.spill')

async function requireTables(catalog: RestCatalog, uri: string): Promise<void> {
  if ((await catalog.tables('meta'))?.has('loads')) return
  throw new UsageError('warehouse_missing', `There is no warehouse in the catalog ${uri} yet.`, {
    advice: 'Load something first: hubdwh run.',
  })
}

/** Catalogs whose tables this process has looked at: they do not change every minute. */
const inspected = new Set<string>()

async function createMissingTables(
  catalog: RestCatalog,
  { uri, warehouse, timeAs }: IcebergOptions,
): Promise<void> {
  const name = `${uri} ${warehouse}`
  if (inspected.has(name)) return
  for (const schema of warehouseSchemas) {
    const present = await catalog.tables(schema)
    if (!present) await catalog.createNamespace(schema)
    const tables = allTables.filter(table => table.schema === schema)
    await eachOf(tables, async table => {
      if (present?.has(table.name)) {
        refuseOtherFields(table, await catalog.columns(schema, table.name), timeAs)
      } else {
        await catalog.createTable(schema, tableRequest(table, timeAs))
      }
    })
  }
  inspected.add(name)
}

/** DuckDB lists a table's columns only after it has read the table. */
async function presentColumns(catalog: RestCatalog): Promise<ReadonlyMap<string, readonly string[]>> {
  const columns = new Map<string, readonly string[]>()
  for (const schema of warehouseSchemas) {
    const present = await catalog.tables(schema)
    const tables = allTables.filter(table => table.schema === schema && present?.has(table.name))
    await eachOf(tables, async table => {
      const known = await catalog.columns(schema, table.name)
      columns.set(
        qualifiedName(table),
        known.map(({ name }) => name),
      )
    })
  }
  return columns
}

const atOnce = 4

/** Some at a time, in no order. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

async function openSession(
  options: IcebergOptions,
  catalog: RestCatalog,
  { access, signal }: OpenOptions,
  lock?: Lock,
): Promise<Engine> {
  const { uri, clock, timeAs } = options
  const instance = await instanceFor(options)
  const connection = await instance.connect()
  const understood = (error: unknown) => understoodOf(uri, error)
  const end = async (): Promise<void> => {
    connection.closeSync()
    instance.closeSync()
    await lock?.release()
  }
  try {
    await connection.run(`set TimeZone = ${literal(options.timeZone)}`)
    for (const statement of attachStatements(options, await catalog.pass(), access))
      await connection.run(statement)
    await connection.run(sessionFunctions.duckdb)
  } catch (error) {
    await end()
    throw understood(error)
  }
  return duckdbSession({
    connection,
    commits: catalog.commitsTogether ? 'together' : 'one by one',
    // The catalog makes tables by itself, and a transaction that has begun does not see that.
    remakesInCommit: false,
    timeZone: options.timeZone,
    signal,
    understood,
    createTable: table => catalog.createTable(table.schema, tableRequest(table, timeAs)),
    dropTable: table => catalog.dropTable(table.schema, table.name),
    presentColumns: () => presentColumns(catalog),
    close: async () => {
      try {
        await connection.run('use memory.main')
        await connection.run('detach iceberg')
      } catch (error) {
        await end()
        throw understood(error)
      }
      connection.closeSync()
      idle.set(instanceName(options), instance)
      await lock?.release()
    },
    conflict: {
      isMeant: error => error instanceof UnavailableError && error.code === 'commit_conflict',
      wait: attempt => clock.sleep(100 * 2 ** attempt, signal),
    },
  })
}

/** Instances that no session uses now: loading the extensions costs more than most sessions do. */
const idle = new Map<string, DuckDBInstance>()
const instanceName = ({ extensions = '', folder, memoryLimit = '' }: IcebergOptions) =>
  JSON.stringify([extensions, folder, memoryLimit])

/** @throws UsageError `extension_missing` */
async function instanceFor(options: IcebergOptions): Promise<DuckDBInstance> {
  const { extensions, folder, memoryLimit } = options
  const name = instanceName(options)
  const known = idle.get(name)
  idle.delete(name)
  if (known) return known
  const instance = await DuckDBInstance.create(':memory:', {
    ...instanceSettings({ memoryLimit, spill: spillFolder(folder) }),
    ...(extensions === undefined
      ? {}
      : { extension_directory: extensions, autoinstall_known_extensions: 'false' }),
  })
  const connection = await instance.connect()
  try {
    await loadExtension(sql => connection.run(sql), extensions)
    const authorities = authoritiesFile()
    if (authorities !== undefined) await connection.run(`set global ca_cert_file = ${literal(authorities)}`)
  } catch (error) {
    instance.closeSync()
    throw error
  } finally {
    connection.closeSync()
  }
  return instance
}

async function loadExtension(
  run: (sql: string) => Promise<unknown>,
  extensions: string | undefined,
): Promise<void> {
  try {
    // DuckDB fetches what is missing from its own site, unless a folder is named.
    if (extensions === undefined) await run('install iceberg')
    await run('load iceberg')
  } catch (error) {
    throw new UsageError(
      'extension_missing',
      `DuckDB's extension for Iceberg cannot be loaded: ${firstLine(messageOf(error))}`,
      {
        advice:
          extensions === undefined
            ? 'Without a way to extensions.duckdb.org, put them into a folder and name it under warehouse.iceberg.extensions: docs/iceberg.md, "Extensions".'
            : `Look whether ${extensions} holds avro, httpfs and iceberg for this version of DuckDB: docs/iceberg.md, "Extensions".`,
        cause: error,
      },
    )
  }
}

export function attachStatements(
  { uri, warehouse, s3, access: client }: Pick<IcebergOptions, 'uri' | 'warehouse' | 's3' | 'access'>,
  pass: CatalogPass | undefined,
  access: OpenOptions['access'],
): readonly string[] {
  const statements: string[] = []
  if (pass) statements.push(catalogSecret(uri, client, pass))
  if (s3) statements.push(s3Secret(s3))
  const choices = [
    'type iceberg',
    `endpoint ${literal(uri)}`,
    pass === undefined ? "authorization_type 'none'" : 'secret hubdwh_catalog',
    // With keys of one's own there is nothing to be handed out.
    ...(s3 ? ["access_delegation_mode 'none'"] : []),
    ...(access === 'read' ? ['read_only'] : []),
  ]
  statements.push(`attach ${literal(warehouse)} as iceberg (${choices.join(', ')})`)
  // A schema has to be named, so that `silver.alaqan_visits` is looked for in this catalog.
  statements.push('use iceberg.bronze')
  return statements
}

function catalogSecret(uri: string, access: CatalogAccess, { token, seconds }: CatalogPass): string {
  const parts = ['type iceberg', `token ${literal(token)}`]
  // A session can last longer than the token: DuckDB then asks for another one itself. Without a scope of ours it would
  // ask for one that not every server knows.
  if (access.kind === 'oauth2' && access.scope !== undefined && seconds !== undefined) {
    parts.push(
      `expires_in ${seconds}`,
      `client_id ${literal(access.clientId)}`,
      `client_secret ${literal(access.clientSecret)}`,
      `oauth2_scope ${literal(access.scope)}`,
      `oauth2_server_uri ${literal(tokenAddress(uri, access.serverUri))}`,
    )
  }
  return `create or replace secret hubdwh_catalog (${parts.join(', ')})`
}

function s3Secret({ endpoint, region, accessKeyId, secretAccessKey, isPathStyle }: S3Access): string {
  const parts = [
    'type s3',
    `region ${literal(region)}`,
    `key_id ${literal(accessKeyId)}`,
    `secret ${literal(secretAccessKey)}`,
    `url_style ${literal(isPathStyle ? 'path' : 'vhost')}`,
  ]
  if (endpoint !== undefined) {
    const { protocol, host } = new URL(endpoint)
    parts.push(`endpoint ${literal(host)}`, `use_ssl ${protocol === 'https:'}`)
  }
  return `create or replace secret hubdwh_storage (${parts.join(', ')})`
}

/** What DuckDB says, as an error that tells a person what to do; anything else as it is. */
export function understoodOf(uri: string, error: unknown): unknown {
  if (error instanceof HubdwhError) return error
  const message = messageOf(error)
  if (/INTERRUPT/.test(message)) return new InterruptedError()
  if (
    /conflicts with a concurrent commit|CommitFailedException|status code \(409\)|HTTP 409|Conflict_409/i.test(
      message,
    )
  ) {
    return new UnavailableError('commit_conflict', `Somebody else keeps changing the tables in ${uri}.`, {
      advice: 'Nothing was half-written. Run the same command again when the other one is done.',
      cause: error,
    })
  }
  if (/Unauthorized_401|Forbidden_403|status code \((?:401|403)\)|HTTP (?:401|403)/i.test(message)) {
    return new AuthorizationError(
      'catalog_refused',
      `${uri} does not let this client in any more: ${firstLine(message)}`,
      {
        advice:
          'Look whether warehouse.iceberg.token has expired, or the rights to the tables or their storage were taken away; then run the same command again.',
        cause: error,
      },
    )
  }
  if (/No region was provided via the vended credentials/.test(message)) {
    return new UnavailableError(
      'catalog_unusable',
      `The Iceberg catalog ${uri} hands out keys to its storage and does not say in which region that is.`,
      {
        advice:
          'Have it say client.region (and s3.endpoint where the storage is not Amazon’s), set AWS_REGION where hubdwh runs, or name keys under warehouse.iceberg.s3.',
        cause: error,
      },
    )
  }
  const shortage = shortageIn(error, uri)
  if (shortage) return shortage
  if (
    /HTTP|IO Error|Could not establish connection|TransactionContext Error: Failed to commit/i.test(message)
  ) {
    return new UnavailableError(
      'catalog_unreachable',
      `The tables in ${uri} cannot be used now: ${firstLine(message)}`,
      {
        advice: isAboutCertificate(error)
          ? `Check the certificates of the catalog and its storage; ${ownAuthority}.`
          : 'Look at the catalog and its storage, then run the same command again.',
        cause: error,
      },
    )
  }
  return error
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message
}
