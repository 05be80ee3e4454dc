import type { Config, SparkStaging } from '../config/config.js'
import type { Clock } from '../effects.js'
import { duckdbFile } from '../warehouse/duckdb/file.js'
import { duckdbIceberg } from '../warehouse/duckdb/iceberg.js'
import { s3Staging } from '../warehouse/spark/s3-staging.js'
import { folderStaging, type Staging } from '../warehouse/spark/staging.js'
import { sparkWarehouse } from '../warehouse/spark/warehouse.js'
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
      return duckdbFile({ ...warehouse, timeZone, clock })
    case 'iceberg':
      return duckdbIceberg({ ...warehouse, timeZone, clock, folder: landing.path })
    case 'spark': {
      const { staging, catalog, ...address } = warehouse
      return sparkWarehouse({
        address,
        catalog,
        staging: stagingIn(staging),
        timeZone,
        clock,
        folder: landing.path,
      })
    }
  }
}

function stagingIn(staging: SparkStaging): Staging {
  switch (staging.kind) {
    case 'folder':
      return folderStaging(staging.path)
    case 's3':
      return s3Staging(staging)
  }
}
