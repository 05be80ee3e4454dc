/**
 * `node servers/start.mjs`: an Iceberg REST catalog and a Spark Thrift server to try hubdwh with, until Ctrl-C.
 * `--fetch` only fetches what they consist of; `--folder` names another folder for the tables than `data/servers`.
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { icebergSection, sparkSection } from './config-sections.mjs'
import { fetchDuckdbExtensions, fetchRestCatalog, fetchSpark } from './fetch.mjs'
import { startRestCatalog } from './rest-catalog.mjs'
import { startSpark } from './spark.mjs'

/** Where such servers listen as a rule. */
const usualPorts = { restCatalog: 8181, spark: 10_000 }

try {
  const { values } = parseArgs({
    options: {
      fetch: { type: 'boolean', default: false },
      folder: { type: 'string', default: 'data/servers' },
    },
  })
  await (values.fetch ? fetchAll() : serve(resolve(values.folder)))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function fetchAll() {
  console.log(`REST catalog:      ${await fetchRestCatalog()}`)
  console.log(`Spark:             ${await fetchSpark()}`)
  console.log(`DuckDB extensions: ${await fetchDuckdbExtensions()}`)
}

/** @param {string} folder keeps the tables for the next time */
async function serve(folder) {
  const told = new AbortController()
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => told.abort())
  console.log('Fetching what is missing, and starting both servers. The first time this takes minutes.')
  const extensions = await fetchDuckdbExtensions()
  const staging = join(folder, 'staging')
  await mkdir(staging, { recursive: true })
  const catalog = await startRestCatalog({ folder, usualPort: usualPorts.restCatalog })
  try {
    const spark = await startSpark({ folder, catalog: { rest: catalog.uri }, usualPort: usualPorts.spark })
    try {
      console.log(`Both answer. Their tables, the same for both, are in ${join(folder, 'tables')}.`)
      say('DuckDB on the Iceberg REST catalog:', icebergSection({ uri: catalog.uri, extensions }))
      say('Spark:', sparkSection({ ...spark, staging }))
      console.log('\nCtrl-C stops them.')
      await stopped(told.signal)
    } finally {
      await spark.stop()
    }
  } finally {
    await catalog.stop()
  }
}

/**
 * @param {string} title
 * @param {readonly string[]} lines
 */
function say(title, lines) {
  console.log(['', title, '', 'warehouse:', ...lines.map(line => `  ${line}`)].join('\n'))
}

/** @param {AbortSignal} signal */
function stopped(signal) {
  return new Promise(resolve => {
    // A signal listener alone does not keep Node from ending.
    const waiting = setInterval(() => {}, 2 ** 30)
    const end = () => {
      clearInterval(waiting)
      resolve(undefined)
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end)
  })
}
