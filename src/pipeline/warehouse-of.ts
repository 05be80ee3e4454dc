import type { Config } from '../config/config.js'
import type { Clock } from '../effects.js'
import { duckdbFile } from '../warehouse/duckdb/file.js'
import { duckdbIceberg } from '../warehouse/duckdb/iceberg.js'
import type { Warehouse } from '../warehouse/warehouse.js'

/** The warehouse that the configuration names. */
export function warehouseOf({
  config,
  clock,
}: {
  readonly config: Pick<Config, 'warehouse' | 'timezone' | 'landing'>
  readonly clock: Clock
}): Warehouse {
  const { warehouse, timezone: timeZone, landing } = config
  switch (warehouse.kind) {
    case 'file':
      return duckdbFile({ path: warehouse.path, timeAs: warehouse.timeAs, timeZone, clock })
    case 'iceberg':
      return duckdbIceberg({ ...warehouse, timeZone, clock, folder: landing.path })
  }
}
