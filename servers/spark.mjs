/** A Spark Thrift server for tests: one process, no Hive, Iceberg tables only. */
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fetchSpark } from './fetch.mjs'
import { findJava } from './java.mjs'
import { freePort, startServer } from './server-process.mjs'

/**
 * Where the tables of the catalog `iceberg` are: what an Iceberg REST catalog lists, or a folder without any other catalog.
 * @typedef {{ readonly rest: string } | { readonly hadoop: string }} SparkCatalog
 */

/**
 * Starts the server. Whoever connects says no more than a user's name (SASL PLAIN, Hive's authentication `NONE`).
 * @param {object} options
 * @param {string} options.folder absolute; gets the log and all temporary files
 * @param {SparkCatalog} options.catalog an address or an absolute folder
 * @param {number} [options.usualPort] taken where it is free
 * @param {Readonly<Record<string, string>>} [options.settings] further settings of Spark
 * @returns {Promise<{ host: string, port: number, stop: () => Promise<void> }>}
 */
export async function startSpark({ folder, catalog, usualPort, settings = {} }) {
  const [java, jars, port] = await Promise.all([findJava(), fetchSpark(), freePort(usualPort)])
  const temporary = join(folder, 'temporary')
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { recursive: true })
  const host = '127.0.0.1'
  const properties = {
    'user.timezone': 'UTC',
    'java.io.tmpdir': temporary,
    'derby.system.home': temporary,
    // Opening a session looks for Hive's metastore, though nobody uses it: without a name of its own the second one to be
    // made in memory fails for twenty seconds.
    'spark.hadoop.javax.jdo.option.ConnectionURL': 'jdbc:derby:memory:metastore;create=true',
    'log4j2.configurationFile': join(import.meta.dirname, 'spark/log4j2.properties'),
    'hive.server2.thrift.bind.host': host,
    'hive.server2.thrift.port': String(port),
    'spark.master': 'local[2]',
    'spark.app.name': 'hubdwh',
    'spark.driver.host': host,
    'spark.driver.bindAddress': host,
    'spark.ui.enabled': 'false',
    'spark.sql.catalogImplementation': 'in-memory',
    'spark.sql.warehouse.dir': join(temporary, 'spark-warehouse'),
    'spark.sql.extensions': 'org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
    'spark.sql.catalog.iceberg': 'org.apache.iceberg.spark.SparkCatalog',
    ...catalogProperties(catalog),
    ...fewRows,
    ...settings,
  }
  const { stop } = await startServer({
    name: 'The Spark Thrift server',
    command: [
      java,
      '-Xmx2g',
      '-XX:+UseSerialGC',
      ...opened.map(name => `--add-opens=java.base/${name}=ALL-UNNAMED`),
      '-Djdk.reflect.useDirectMethodHandle=false',
      ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
      '-cp',
      jars,
      'org.apache.spark.sql.hive.thriftserver.HiveThriftServer2',
    ],
    log: join(folder, 'spark.log'),
    folder,
    env: { SPARK_LOCAL_IP: host },
    answers: () => listens(host, port),
  })
  return { host, port, stop }
}

/**
 * The rows of tests are few. A task for each part of them, plans that are made anew when their sizes are known, and Java
 * that is written and compiled for each statement would cost more than the rows do.
 */
const fewRows = {
  'spark.default.parallelism': '1',
  'spark.sql.shuffle.partitions': '1',
  'spark.sql.leafNodeDefaultParallelism': '1',
  'spark.sql.adaptive.enabled': 'false',
  'spark.sql.codegen.wholeStage': 'false',
  'spark.sql.codegen.factoryMode': 'NO_CODEGEN',
  'spark.sql.parquet.compression.codec': 'uncompressed',
  'spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version': '2',
  'spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs': 'false',
  'hive.server2.logging.operation.enabled': 'false',
}

/** Packages of Java that Spark looks into, as Spark's own start script opens them. */
const opened = [
  'java.lang',
  'java.lang.invoke',
  'java.lang.reflect',
  'java.io',
  'java.net',
  'java.nio',
  'java.util',
  'java.util.concurrent',
  'java.util.concurrent.atomic',
  'jdk.internal.ref',
  'sun.nio.ch',
  'sun.nio.cs',
  'sun.security.action',
  'sun.util.calendar',
]

/**
 * @param {SparkCatalog} catalog
 * @returns {Readonly<Record<string, string>>}
 */
function catalogProperties(catalog) {
  return 'rest' in catalog
    ? { 'spark.sql.catalog.iceberg.type': 'rest', 'spark.sql.catalog.iceberg.uri': catalog.rest }
    : {
        'spark.sql.catalog.iceberg.type': 'hadoop',
        'spark.sql.catalog.iceberg.warehouse': pathToFileURL(catalog.hadoop).href,
      }
}

/**
 * The server begins to listen when it is ready to answer.
 * @param {string} host
 * @param {number} port
 */
async function listens(host, port) {
  const socket = connect(port, host)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
