import { z } from 'zod'
import { serviceAddress } from './addresses.js'
import { headerSecret, memory, oneOf, path, reader, section, text, wholeNumber, yesOrNo } from './values.js'

/** `warehouse:` of the configuration: a DuckDB file, tables of an Iceberg REST catalog, or a catalog of Spark's (docs/iceberg.md). */

const oauth2 = section({
  client_id: text('the client id that the catalog has given'),
  client_secret: headerSecret('the secret of that client'),
  server_uri: serviceAddress.optional(),
  scope: text('a scope, as PRINCIPAL_ROLE:ALL').optional(),
})

const s3 = section({
  endpoint: serviceAddress.optional(),
  region: text('a region, as us-east-1').default('us-east-1'),
  access_key_id: headerSecret('the id of the access key'),
  secret_access_key: headerSecret('the secret access key'),
  path_style: yesOrNo('whether buckets stand in the path').default(true),
})

const iceberg = section({
  uri: serviceAddress,
  warehouse: text("the catalog's name of the warehouse").default(''),
  token: headerSecret('a bearer token').optional(),
  oauth2: oauth2.optional(),
  s3: s3.optional(),
  extensions: path("the path of a folder with DuckDB's extensions").optional(),
})

const sparkUser = section({
  user: text('the name of the user that connects'),
  password: text('the password of that user').optional(),
})

/** Where files are handed over to Spark: a folder under one path for both, or storage that speaks S3. */
const staging = reader((raw, refuse) => {
  const expected = 'an absolute path of a folder that Spark sees too, or s3://bucket/folder'
  const value = typeof raw === 'string' ? raw.trim() : ''
  const isBucket = /^s3a?:\/\/[^/]+(\/.*)?$/.test(value)
  return isBucket || /^(\/|[A-Za-z]:[\\/])/.test(value) ? value : refuse(expected)
})

const spark = section({
  host: text('the host of the Thrift server or of Kyuubi'),
  port: wholeNumber('a port', 1, 65_535).default(10_000),
  auth: z.union([z.literal('nosasl'), sparkUser], 'nosasl, or a section with user and password').optional(),
  tls: yesOrNo('whether the server speaks TLS').default(false),
  catalog: text('what Spark calls the catalog of the tables').default('iceberg'),
  staging,
  s3: s3.optional(),
})

export const warehouse = section({
  engine: oneOf(['duckdb', 'spark']).default('duckdb'),
  path: path('the path of the DuckDB file').optional(),
  time_as: oneOf(['time', 'string']).optional(),
  memory_limit: memory.optional(),
  iceberg: iceberg.optional(),
  spark: spark.optional(),
})

export const warehouseSectionKeys: Readonly<Record<string, readonly string[]>> = {
  warehouse: Object.keys(warehouse.shape),
  'warehouse.iceberg': Object.keys(iceberg.shape),
  'warehouse.iceberg.oauth2': Object.keys(oauth2.shape),
  'warehouse.iceberg.s3': Object.keys(s3.shape),
  'warehouse.spark': Object.keys(spark.shape),
  'warehouse.spark.auth': Object.keys(sparkUser.shape),
  'warehouse.spark.s3': Object.keys(s3.shape),
}

export type CheckedWarehouse = z.output<typeof warehouse>
