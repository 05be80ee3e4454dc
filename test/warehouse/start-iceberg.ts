/** Before `npm run test:iceberg`: starts Iceberg REST catalogs. */

import { availableParallelism } from 'node:os'
import { announce } from './servers.js'
import { inSuiteFolder, startCatalogs } from './start-servers.js'

/** A worker has one hub open at a time, or as many golden cases as there are cores. */
const catalogs = 2 * availableParallelism()

export async function setup(): Promise<() => Promise<void>> {
  return inSuiteFolder(async ({ folder, claims, stopLater }) => {
    announce({ suite: 'iceberg', claims, iceberg: await startCatalogs(folder, stopLater, catalogs) })
  })
}
