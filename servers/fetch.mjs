/** What the servers consist of, from the cache or fetched into it. */
import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { kept } from './cache.mjs'
import {
  bringJars,
  bringSources,
  environmentPython,
  makeEnvironment,
  pythonVersion,
  unpackWheels,
} from './packages.mjs'
import { runTool } from './tool.mjs'

const here = import.meta.dirname

/**
 * The class path of the Iceberg REST catalog.
 * @returns {Promise<string>}
 */
export async function fetchRestCatalog() {
  const list = join(here, 'rest-catalog')
  const jars = await kept(await named('rest-catalog', join(list, 'jars.sha256')), folder =>
    bringJars(list, folder),
  )
  return join(jars, '*')
}

/**
 * The class path of Spark with Iceberg.
 * @returns {Promise<string>}
 */
export async function fetchSpark() {
  const list = join(here, 'spark')
  const requirements = join(list, 'requirements.txt')
  const spark = await kept(await named('spark', requirements), folder => bringSparkJars(requirements, folder))
  const iceberg = await kept(await named('spark-iceberg', join(list, 'jars.sha256')), folder =>
    bringJars(list, folder),
  )
  return [join(spark, '*'), join(iceberg, '*')].join(process.platform === 'win32' ? ';' : ':')
}

/**
 * A folder for DuckDB's setting `extension_directory`, with which `load iceberg` needs no network.
 * @returns {Promise<string>}
 * @throws {Error} where the extensions are listed for another DuckDB than the program has
 */
export async function fetchDuckdbExtensions() {
  const requirements = join(here, 'duckdb-extensions/requirements.txt')
  const { version, platform } = await duckdb()
  const list = await readFile(requirements, 'utf8')
  const other = [...list.matchAll(/^(duckdb-extension-\w+)==(\S+)/gm)].find(line => `v${line[2]}` !== version)
  if (other !== undefined)
    throw new Error(
      `${other[1]} ${other[2]} does not fit DuckDB ${version} of @duckdb/node-api. List that version in ${requirements}.`,
    )
  return kept(await named(`duckdb-extensions-${platform}`, requirements), folder =>
    layOutExtensions({ requirements, folder, within: join(version, platform) }),
  )
}

/**
 * A Python that has Airflow, its providers and ruff.
 * @returns {Promise<string>}
 */
export async function fetchAirflow() {
  const requirements = join(here, 'airflow/requirements.txt')
  const name = await named(`airflow-python${await pythonVersion()}`, requirements)
  return environmentPython(await kept(name, folder => makeEnvironment(requirements, folder)))
}

/**
 * A Python that has Superset, and DuckDB for the file of marts.
 * @returns {Promise<string>}
 * @throws {Error} where Python is one that Superset does not know
 */
export async function fetchSuperset() {
  const requirements = join(here, 'superset/requirements.txt')
  const version = await pythonVersion()
  if (version !== '3.11' && version !== '3.12') {
    throw new Error(`Superset does not run on Python ${version}: name Python 3.11 or 3.12 with PYTHON.`)
  }
  const name = await named(`superset-python${version}`, requirements)
  const fromSources = ['odfpy', 'wtforms-json']
  return environmentPython(await kept(name, folder => makeEnvironment(requirements, folder, fromSources)))
}

/**
 * Spark comes as a package of sources that holds its jars.
 * @param {string} requirements
 * @param {string} folder where the jars go
 */
async function bringSparkJars(requirements, folder) {
  await inTemporaryFolder(async downloads => {
    await bringSources(requirements, downloads)
    const [archive = ''] = await readdir(downloads)
    const jars = `${archive.replace(/\.tar\.gz$/, '')}/deps/jars`
    await runTool(
      'tar',
      ['-xzf', join(downloads, archive), '-C', folder, '--strip-components=3', jars],
      'Install tar: it unpacks the jars.',
    )
  })
}

/**
 * Lays extensions out as DuckDB looks for them. Their wheels hold one folder each, with the file somewhere within.
 * @param {{ requirements: string, folder: string, within: string }} layout
 */
async function layOutExtensions({ requirements, folder, within }) {
  await inTemporaryFolder(async unpacked => {
    await unpackWheels(requirements, unpacked)
    await mkdir(join(folder, within), { recursive: true })
    const files = await readdir(unpacked, { recursive: true, withFileTypes: true })
    for (const file of files.filter(({ name }) => name.endsWith('.duckdb_extension'))) {
      await cp(join(file.parentPath, file.name), join(folder, within, file.name))
    }
  })
}

/**
 * What the program's DuckDB calls its version and this platform.
 * @returns {Promise<{ version: string, platform: string }>}
 */
async function duckdb() {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  try {
    /** @param {string} sql */
    const answer = async sql => String((await connection.runAndReadAll(sql)).getRows()[0]?.[0])
    return { version: await answer('pragma version'), platform: await answer('pragma platform') }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/**
 * A name in the cache for what a list holds.
 * @param {string} name
 * @param {string} list
 */
async function named(name, list) {
  const sum = createHash('sha256').update(await readFile(list))
  return `${name}-${sum.digest('hex').slice(0, 12)}`
}

/** @param {(folder: string) => Promise<void>} work */
async function inTemporaryFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-fetch-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
