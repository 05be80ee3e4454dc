import type { IcebergAccess, S3Access, SparkWarehouse, WarehouseConfig } from './config.js'
import type { CheckedWarehouse } from './warehouse-schema.js'

const usualPath = './data/warehouse.duckdb'
const usualSparkUser = 'hubdwh'

type Absolute = (path: string) => string
type CheckedIceberg = NonNullable<CheckedWarehouse['iceberg']>
type CheckedSpark = NonNullable<CheckedWarehouse['spark']>

/** @param absolute the path that a path in the file means */
export function toWarehouse(
  { path, time_as, memory_limit, iceberg, spark }: CheckedWarehouse,
  absolute: Absolute,
): WarehouseConfig {
  // That the engine and the sections fit together is looked at in rules.ts.
  if (spark) return toSpark(spark)
  if (!iceberg) {
    return {
      kind: 'file',
      path: absolute(path ?? usualPath),
      timeAs: time_as ?? 'time',
      memoryLimit: memory_limit,
    }
  }
  const { uri, warehouse, s3, extensions } = iceberg
  return {
    kind: 'iceberg',
    uri,
    warehouse,
    access: accessOf(iceberg),
    s3: s3Access(s3),
    extensions: extensions === undefined ? undefined : absolute(extensions),
    // Spark cannot read a table with a column of type time at all.
    timeAs: time_as ?? 'string',
    memoryLimit: memory_limit,
  }
}

function toSpark({ host, port, auth, tls, catalog, staging, s3 }: CheckedSpark): SparkWarehouse {
  return {
    kind: 'spark',
    host,
    port,
    user:
      auth === 'nosasl' ? undefined : { name: auth?.user ?? usualSparkUser, password: auth?.password ?? '' },
    isTls: tls,
    catalog,
    staging: stagingOf(staging, s3),
    timeAs: 'string',
  }
}

function stagingOf(staging: string, s3: CheckedSpark['s3']): SparkWarehouse['staging'] {
  const [, bucket, prefix = ''] = /^s3a?:\/\/([^/]+)\/?(.*)$/.exec(staging) ?? []
  if (bucket === undefined) return { kind: 'folder', path: staging }
  return { kind: 's3', bucket, prefix: prefix.replace(/\/+$/, ''), access: s3Access(s3) }
}

function s3Access(s3: CheckedIceberg['s3']): S3Access | undefined {
  return (
    s3 && {
      endpoint: s3.endpoint,
      region: s3.region,
      accessKeyId: s3.access_key_id,
      secretAccessKey: s3.secret_access_key,
      isPathStyle: s3.path_style,
    }
  )
}

function accessOf({ token, oauth2 }: Pick<CheckedIceberg, 'token' | 'oauth2'>): IcebergAccess {
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
