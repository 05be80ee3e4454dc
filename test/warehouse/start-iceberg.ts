/** Before `npm run test:iceberg`: starts Iceberg REST catalogs. */

import { announce } from './servers.js'
import { inSuiteFolder, startCatalogs } from './start-servers.js'

export async function setup(): Promise<() => Promise<void>> {
  return inSuiteFolder(async ({ folder, claims, stopLater }) => {
    announce({ suite: 'iceberg', claims, iceberg: await startCatalogs(folder, stopLater) })
  })
}
