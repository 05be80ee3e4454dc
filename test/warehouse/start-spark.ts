/** Before `npm run test:spark`: starts a Spark Thrift server, and Iceberg REST catalogs. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startSpark } from '../../servers/spark.mjs'
import { announce } from './servers.js'
import { inSuiteFolder, startCatalogs } from './start-servers.js'

/** More than there are hubs in the suite. */
const catalogs = Array.from({ length: 400 }, (_, index) => `hub_${index + 1}`)

export async function setup(): Promise<() => Promise<void>> {
  return inSuiteFolder(async ({ folder, claims, stopLater }) => {
    const iceberg = await startCatalogs(folder, stopLater, 2)
    // One that Spark knows too, and one for whoever has rows in both.
    const [shared = '', ...others] = iceberg.uris
    const spark = await startSpark({
      folder,
      catalog: { rest: shared },
      settings: Object.fromEntries(catalogs.flatMap(name => catalogSettings(name, join(folder, 'tables')))),
    })
    stopLater(spark.stop)
    const staging = join(folder, 'staging')
    await mkdir(staging)
    announce({
      suite: 'spark',
      claims,
      iceberg: { ...iceberg, uris: others },
      spark: { host: spark.host, port: spark.port, staging, catalogs, iceberg: shared },
    })
  })
}

/** A catalog that is nothing but a folder. */
function catalogSettings(name: string, tables: string): readonly (readonly [string, string])[] {
  const prefix = `spark.sql.catalog.${name}`
  return [
    [prefix, 'org.apache.iceberg.spark.SparkCatalog'],
    [`${prefix}.type`, 'hadoop'],
    [`${prefix}.warehouse`, pathToFileURL(join(tables, name)).href],
  ]
}
