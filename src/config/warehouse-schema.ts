import { z } from 'zod'
import { serviceAddress } from './addresses.js'
import { headerSecret, oneOf, path, section, text, yesOrNo } from './values.js'

/** `warehouse:` of the configuration: a DuckDB file, or tables of an Iceberg REST catalog (docs/iceberg.md). */

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

export const warehouse = section({
  engine: oneOf(['duckdb', 'spark']).default('duckdb'),
  path: path('the path of the DuckDB file').optional(),
  time_as: oneOf(['time', 'string']).optional(),
  iceberg: iceberg.optional(),
  spark: z.unknown().optional(),
})

export const warehouseSectionKeys: Readonly<Record<string, readonly string[]>> = {
  warehouse: Object.keys(warehouse.shape),
  'warehouse.iceberg': Object.keys(iceberg.shape),
  'warehouse.iceberg.oauth2': Object.keys(oauth2.shape),
  'warehouse.iceberg.s3': Object.keys(s3.shape),
}

export type CheckedWarehouse = z.output<typeof warehouse>
