/**
 * The warehouse in a catalog of Spark's, whatever that is (an Iceberg REST catalog, Hive Metastore, a folder), through
 * Spark's Thrift server or Kyuubi. docs/iceberg.md tells what is committed when.
 */
import { join } from 'node:path'
import { createPrivateFolder } from '../../durable-file.js'
import type { Clock } from '../../effects.js'
import { UnavailableError, UsageError } from '../../errors.js'
import { acquireLock, type Lock } from '../../lock.js'
import { allTables, tablesWithPeople, warehouseSchemas } from '../../tables/catalogue.js'
import { qualifiedName } from '../../tables/table.js'
import { sparkStatement } from '../care.js'
import { createSchema, createTable, typeName } from '../ddl.js'
import type { Engine } from '../engine.js'
import { refuseOtherColumns } from '../other-columns.js'
import type { OpenOptions, Warehouse } from '../warehouse.js'
import { type SparkConnection, sparkConnection } from './connection.js'
import { catalogMissing, stagingUnseen, understoodOf } from './errors.js'
import { fileView, sparkSession } from './session.js'
import type { Staging, StagingArea } from './staging.js'
import { inSparkSpelling } from './statement-text.js'
import { columnsOf, hasTable, tablesIn } from './table-columns.js'
import { tableFacts } from './table-facts.js'
import type { ThriftAddress, ThriftSession } from './thrift-client.js'
import { StatementError } from './thrift-errors.js'

export interface SparkOptions {
  readonly address: ThriftAddress
  /** As Spark calls it. */
  readonly catalog: string
  readonly staging: Staging
  /** IANA. */
  readonly timeZone: string
  readonly clock: Clock
  /** Absolute path of the folder that all processes share: it holds the lock of whoever writes, and files on their way. */
  readonly folder: string
}

const usualPatienceMs = 60_000

export function sparkWarehouse(options: SparkOptions): Warehouse {
  const { catalog, staging, folder, clock } = options

  /** Does the work and leaves the session to whoever comes next. */
  const connected = async <T>(
    work: (connection: SparkConnection) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> => {
    const connection = await openConnection(options, signal)
    try {
      return await work(connection)
    } finally {
      keepForLater(options, connection.last())
    }
  }
  const open = async (how: OpenOptions, lock?: Lock): Promise<Engine> => {
    const connection = await openConnection(options, how.signal)
    let area: StagingArea | undefined
    try {
      if (how.access === 'read') await requireTables(connection, options)
      area = await staging.openArea()
      if (how.access === 'write') await prepare(connection, area, options)
      return sparkSession({
        ...options,
        connection,
        access: how.access,
        signal: how.signal,
        staging: area,
        folder: join(folder, '.staging'),
        close: async () => {
          keepForLater(options, connection.last())
          await lock?.release()
        },
      })
    } catch (error) {
      await area?.clear()
      keepForLater(options, connection.last())
      throw error
    }
  }

  return {
    place: placeOf(options),
    exists: () => connected(connection => hasWarehouse(connection, options)),
    open: async how => {
      if (how.access === 'read') return open(how)
      await createPrivateFolder(folder)
      const lock = await acquireLock(join(folder, 'warehouse.lock'), {
        purpose: 'the warehouse',
        waitMs: how.patience ?? usualPatienceMs,
        clock,
        ...(how.signal ? { signal: how.signal } : {}),
      })
      try {
        return await open(how, lock)
      } catch (error) {
        await lock.release()
        throw error
      }
    },
    facts: signal =>
      connected(async connection => {
        await requireTables(connection, options)
        return tableFacts(connection, allTables)
      }, signal),
    size: async () => undefined,
    dropLeftovers: () => staging.removeLeftovers(),
    purge: signal =>
      connected(async connection => {
        // All but the newest, whatever the clock of whoever wrote them says.
        const settings = { keepDays: 0, now: Date.UTC(9999, 0) }
        for (const { table, snapshots, deleteFiles } of await tableFacts(connection, tablesWithPeople)) {
          // Compacted first: until then the rows stand in data files, and others say that they are gone.
          if (deleteFiles > 0)
            await connection.carryOut(sparkStatement({ table, kind: 'compact' }, settings, catalog))
          if (snapshots > 1 || deleteFiles > 0) {
            await connection.carryOut(sparkStatement({ table, kind: 'expire' }, settings, catalog))
          }
        }
      }, signal),
  }
}

const placeOf = ({ address, catalog }: SparkOptions) =>
  `Spark at ${address.host}:${address.port}, catalog ${catalog}`

/** What a session has to be like, whatever the server's settings are. */
const settings = (timeZone: string): Readonly<Record<string, string>> => ({
  'spark.sql.session.timeZone': timeZone,
  'spark.sql.ansi.enabled': 'true',
  'spark.sql.parquet.outputTimestampType': 'TIMESTAMP_MICROS',
  'spark.sql.sources.partitionOverwriteMode': 'static',
})

async function openConnection(options: SparkOptions, signal?: AbortSignal): Promise<SparkConnection> {
  const { address, timeZone } = options
  const place = `${address.host}:${address.port}`
  const connect = async (): Promise<ThriftSession> => {
    const known = takeIdle(options)
    if (known) return known
    // The driver is loaded only where Spark is used.
    const { openThrift } = await import('./thrift-client.js')
    try {
      return await openThrift(address, { settings: settings(timeZone), catalog: options.catalog })
    } catch (error) {
      throw error instanceof StatementError
        ? catalogMissing(place, options.catalog, error)
        : understoodOf(place, error)
    }
  }
  return sparkConnection({ place, timeZone, signal, connect })
}

/** Sessions that nobody uses now: making one costs more than many statements do. */
const idle = new Map<string, ThriftSession>()
const idleName = ({ address, catalog, timeZone }: SparkOptions) =>
  JSON.stringify([address, catalog, timeZone])

function takeIdle(options: SparkOptions): ThriftSession | undefined {
  const name = idleName(options)
  const session = idle.get(name)
  idle.delete(name)
  if (!session?.isOpen) return undefined
  session.keepProcess(true)
  return session
}

function keepForLater(options: SparkOptions, session: ThriftSession): void {
  const name = idleName(options)
  if (session.isOpen && !idle.has(name)) {
    session.keepProcess(false)
    idle.set(name, session)
  } else {
    void session.close()
  }
}

async function requireTables(connection: SparkConnection, options: SparkOptions): Promise<void> {
  if (await hasWarehouse(connection, options)) return
  throw new UsageError('warehouse_missing', `There is no warehouse in ${placeOf(options)} yet.`, {
    advice: 'Load something first: hubdwh run.',
  })
}

/** Catalogs whose tables this process has looked at, or seen: they do not change every minute. */
const inspected = new Set<string>()
const seen = new Set<string>()

async function hasWarehouse(connection: SparkConnection, options: SparkOptions): Promise<boolean> {
  const name = idleName(options)
  if (!seen.has(name) && (await hasTable(connection, 'meta.loads'))) seen.add(name)
  return seen.has(name)
}

/**
 * Sees to it that Spark reads what is staged, and makes the tables that are missing.
 * @throws UsageError `staging_unseen`, `table_columns`; UnavailableError `catalog_unusable`
 */
async function prepare(connection: SparkConnection, area: StagingArea, options: SparkOptions): Promise<void> {
  const name = idleName(options)
  if (inspected.has(name)) return
  await lookThrough(connection, area, options.staging.place)
  const { catalog } = options
  const present = new Set(await tablesIn(connection))
  const known = allTables.filter(table => present.has(qualifiedName(table)))
  const columns = await columnsOf(connection, known.map(qualifiedName))
  for (const table of known) {
    refuseOtherColumns(table, columns.get(qualifiedName(table)) ?? [], type =>
      typeName(type, 'spark').toLowerCase(),
    )
  }
  let made = 0
  for (const schema of warehouseSchemas) {
    const missing = allTables.filter(table => table.schema === schema && !present.has(qualifiedName(table)))
    if (missing.length === 0) continue
    await connection.carryOut(createSchema(schema, { engine: 'spark', catalog }))
    for (const table of missing) {
      for (const statement of createTable(table, { engine: 'spark', catalog })) {
        await connection.carryOut(statement)
      }
      made += 1
      if (made === 1) await requireMade(connection, qualifiedName(table), options)
    }
  }
  inspected.add(name)
}

/** Spark takes a table that its catalog could not make for one that somebody else has just made, and is content. */
async function requireMade(connection: SparkConnection, table: string, options: SparkOptions): Promise<void> {
  if (await hasTable(connection, table)) return
  throw new UnavailableError(
    'catalog_unusable',
    `${placeOf(options)} says that the table ${table} was made, and it is not there.`,
    {
      advice:
        'The log of the Spark server tells why. Where it names MetastoreLock, the Hive Metastore lacks the tables of its locks: Hive’s schema scripts make them.',
    },
  )
}

/** Has Spark read back what was put into the staging: it may be another machine's folder of that name. */
async function lookThrough(connection: SparkConnection, area: StagingArea, place: string): Promise<void> {
  const mark = 'hubdwh'
  const address = await area.putText('mark.txt', mark)
  try {
    await connection.carryOut(inSparkSpelling(fileView('staged_mark', 'text', address)))
    const { rows } = await connection.ask('select value from staged_mark')
    for await (const [value] of rows) if (value === mark) return
  } catch (error) {
    throw stagingUnseen(place, error)
  }
  throw stagingUnseen(place, undefined)
}
