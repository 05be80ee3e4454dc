/** Before `npm run test:spark`: starts a Spark Thrift server, and Iceberg REST catalogs. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startSpark } from '../../servers/spark.mjs'
import { announce } from './servers.js'
import { inSuiteFolder, startCatalogs } from './start-servers.js'

/** More than there are hubs in the suite. */
const catalogs = Array.from({ length: 400 }, (_, index) => `hub_${index + 1}`)

/** The one whose tables Hive Metastore lists. */
const hive = 'hive'

export async function setup(): Promise<() => Promise<void>> {
  return inSuiteFolder(async ({ folder, claims, stopLater }) => {
    const iceberg = await startCatalogs(folder, stopLater, 2)
    // One that Spark knows too, and one for whoever has rows in both.
    const [shared = '', ...others] = iceberg.uris
    const spark = await startSpark({
      folder,
      catalog: { rest: shared },
      settings: Object.fromEntries([
        ...catalogs.flatMap(name => folderSettings(name, join(folder, 'tables'))),
        ...metastoreSettings(hive, join(folder, 'hive-tables')),
      ]),
    })
    stopLater(spark.stop)
    const staging = join(folder, 'staging')
    await mkdir(staging)
    announce({
      suite: 'spark',
      claims,
      iceberg: { ...iceberg, uris: others },
      spark: { host: spark.host, port: spark.port, staging, catalogs, hive, iceberg: shared },
    })
  })
}

type Settings = readonly (readonly [string, string])[]

/** A catalog that is nothing but a folder. */
function folderSettings(name: string, tables: string): Settings {
  return catalogSettings(name, { type: 'hadoop', warehouse: pathToFileURL(join(tables, name)).href })
}

/** A catalog in Hive Metastore, which runs within Spark and keeps what it knows in memory. */
function metastoreSettings(name: string, tables: string): Settings {
  return catalogSettings(name, {
    type: 'hive',
    warehouse: pathToFileURL(tables).href,
    'hadoop.javax.jdo.option.ConnectionURL': 'jdbc:derby:memory:catalog;create=true',
    'hadoop.datanucleus.schema.autoCreateAll': 'true',
    'hadoop.hive.metastore.schema.verification': 'false',
    // Its locks are in tables that only the scripts of Hive make. Nobody else writes here.
    'hadoop.iceberg.engine.hive.lock-enabled': 'false',
  })
}

function catalogSettings(name: string, settings: Readonly<Record<string, string>>): Settings {
  const prefix = `spark.sql.catalog.${name}`
  return [
    [prefix, 'org.apache.iceberg.spark.SparkCatalog'],
    ...Object.entries(settings).map(([key, value]) => [`${prefix}.${key}`, value] as const),
  ]
}
