/** The `warehouse` section of a configuration for each of the servers, as lines of YAML. */

/**
 * A warehouse in the tables of the Iceberg REST catalog, written by DuckDB.
 * @param {{ uri: string, extensions: string }} servers the catalog's address; where DuckDB's extensions are
 * @returns {readonly string[]}
 */
export function icebergSection({ uri, extensions }) {
  return ['iceberg:', `  uri: ${uri}`, `  extensions: ${extensions}`]
}

/**
 * A warehouse in the catalog `iceberg` of the Spark Thrift server.
 * @param {{ host: string, port: number, staging: string }} servers where it listens; a folder that it can read too
 * @returns {readonly string[]}
 */
export function sparkSection({ host, port, staging }) {
  return ['engine: spark', 'spark:', `  host: ${host}`, `  port: ${port}`, `  staging: ${staging}`]
}
