/** Which warehouse a hub keeps its tables in: a file, unless the suite has started servers (npm run test:iceberg, test:spark). */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { icebergSection, sparkSection } from '../../servers/config-sections.mjs'
import { toWarehouse } from '../../src/config/complete-warehouse.js'
import { warehouse as section } from '../../src/config/warehouse-schema.js'
import type { Clock } from '../../src/effects.js'
import { warehouseOf } from '../../src/pipeline/warehouse-of.js'
import type { Warehouse } from '../../src/warehouse/warehouse.js'
import { claimOne } from './claim.js'
import { emptyCatalog } from './empty-catalog.js'
import { type RunningServers, runningServers } from './servers.js'

export type WarehouseKind = 'file' | 'iceberg' | 'spark'

/** An empty warehouse that nobody else uses until it is released. */
export interface HubWarehouse {
  /** The lines of the configuration's `warehouse` section, without their indentation. */
  readonly section: readonly string[]
  release(): Promise<void>
}

/**
 * Takes a warehouse of a kind; by default of the kind that the suite is about.
 * @throws Error where the suite has not started the servers for it
 */
export async function takeWarehouse(
  kind: WarehouseKind = runningServers()?.suite ?? 'file',
): Promise<HubWarehouse> {
  switch (kind) {
    case 'file':
      return { section: ['engine: duckdb', 'path: ./data/warehouse.duckdb'], release: async () => {} }
    case 'iceberg': {
      const { iceberg, claims } = started(kind)
      const byPort = new Map(iceberg.uris.map(uri => [new URL(uri).port, uri]))
      const { name: port, release } = await claimOne(claims, [...byPort.keys()])
      const uri = byPort.get(port) ?? ''
      await emptyCatalog(uri)
      // The catalog has one warehouse, whatever it is called; by another name the program does not take it for known.
      const name = `hub-${process.hrtime.bigint()}`
      const lines = icebergSection({ uri, extensions: iceberg.extensions })
      return { section: [...lines, `  warehouse: ${name}`], release }
    }
    case 'spark': {
      const { spark, claims } = started(kind)
      if (!spark) throw new Error('There is no Spark server in this suite.')
      // Nobody gives a catalog back: there are enough, and emptying one costs more.
      const { name } = await claimOne(claims, spark.catalogs)
      const staging = join(spark.staging, name)
      await mkdir(staging)
      return {
        section: [...sparkSection({ ...spark, staging }), `  catalog: ${name}`],
        release: async () => {},
      }
    }
  }
}

function started(kind: WarehouseKind): RunningServers {
  const servers = runningServers()
  if (servers) return servers
  throw new Error(`No servers are running: use npm run test:${kind}.`)
}

/** The warehouse that a section of a configuration in a folder means, instants in Asia/Almaty. */
export function warehouseIn(folder: string, lines: readonly string[], clock: Clock): Warehouse {
  const absolute = (path: string) => join(folder, path)
  const warehouse = toWarehouse(section.parse(parse(lines.join('\n'))), path =>
    path.startsWith('/') ? path : absolute(path),
  )
  const landing = { path: absolute('data/landing'), keepDays: 0 }
  return warehouseOf({ config: { warehouse, timezone: 'Asia/Almaty', landing }, clock })
}
