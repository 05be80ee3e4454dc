import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchDuckdbExtensions } from '../../servers/fetch.mjs'
import { startRestCatalog } from '../../servers/rest-catalog.mjs'
import type { RunningServers } from './servers.js'

export interface SuiteFolder {
  /** Absolute; removed after the suite. */
  readonly folder: string
  /** A folder within for the claims of hubs. */
  readonly claims: string
  /** Notes what is to be stopped after the suite. */
  readonly stopLater: (stop: () => Promise<void>) => void
}

/**
 * Starts the servers of a suite.
 * @returns what stops them
 */
export async function inSuiteFolder(
  start: (suite: SuiteFolder) => Promise<void>,
): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-suite-'))
  const claims = join(folder, 'claims')
  await mkdir(claims)
  const stops: (() => Promise<void>)[] = []
  const end = async (): Promise<void> => {
    await Promise.all(stops.map(stop => stop()))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await start({ folder, claims, stopLater: stop => stops.push(stop) })
  } catch (error) {
    await end()
    throw error
  }
  return end
}

/** Starts REST catalogs, each with a folder of its own. */
export async function startCatalogs(
  folder: string,
  stopLater: SuiteFolder['stopLater'],
  count: number,
): Promise<RunningServers['iceberg']> {
  const extensions = await fetchDuckdbExtensions()
  const uris: string[] = []
  for (let number = 1; number <= count; number += 1) {
    const catalog = await startRestCatalog({ folder: join(folder, `catalog-${number}`) })
    stopLater(catalog.stop)
    uris.push(catalog.uri)
  }
  return { extensions, uris }
}
