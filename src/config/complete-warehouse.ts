import type { IcebergAccess, WarehouseConfig } from './config.js'
import type { CheckedWarehouse } from './warehouse-schema.js'

const usualPath = './data/warehouse.duckdb'

/** @param absolute the path that a path in the file means */
export function toWarehouse(
  { path, time_as, iceberg }: CheckedWarehouse,
  absolute: (path: string) => string,
): WarehouseConfig {
  // Another engine is refused by not-yet.ts.
  if (!iceberg) return { kind: 'file', path: absolute(path ?? usualPath), timeAs: time_as ?? 'time' }
  const { uri, warehouse, s3, extensions } = iceberg
  return {
    kind: 'iceberg',
    uri,
    warehouse,
    access: accessOf(iceberg),
    s3: s3 && {
      endpoint: s3.endpoint,
      region: s3.region,
      accessKeyId: s3.access_key_id,
      secretAccessKey: s3.secret_access_key,
      isPathStyle: s3.path_style,
    },
    extensions: extensions === undefined ? undefined : absolute(extensions),
    // Spark cannot read a table with a column of type time at all.
    timeAs: time_as ?? 'string',
  }
}

function accessOf({
  token,
  oauth2,
}: Pick<NonNullable<CheckedWarehouse['iceberg']>, 'token' | 'oauth2'>): IcebergAccess {
  if (token !== undefined) return { kind: 'token', token }
  if (!oauth2) return { kind: 'open' }
  return {
    kind: 'oauth2',
    clientId: oauth2.client_id,
    clientSecret: oauth2.client_secret,
    serverUri: oauth2.server_uri,
    scope: oauth2.scope,
  }
}
