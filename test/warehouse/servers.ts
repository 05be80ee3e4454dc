/** The servers that a suite has started, as its workers know them. */

export interface RunningServers {
  /** What the suite is about: the kind of warehouse that hubs have unless a test names another. */
  readonly suite: 'iceberg' | 'spark'
  /** A folder in which it is noted what is taken. */
  readonly claims: string
  readonly iceberg: {
    /** REST catalogs, each with tables of its own. */
    readonly uris: readonly string[]
    /** DuckDB's extensions. */
    readonly extensions: string
  }
  /** Only in the suite about it. */
  readonly spark?: {
    readonly host: string
    readonly port: number
    /** The folder under which files are handed over. */
    readonly staging: string
    /** Catalogs that the server knows, each with tables of its own. */
    readonly catalogs: readonly string[]
    /** The one whose tables Hive Metastore lists; it has room for one hub. */
    readonly hive: string
    /** The address of the REST catalog that it knows as `iceberg`. */
    readonly iceberg: string
  }
}

const variable = 'HUBDWH_TEST_SERVERS'

/** Tells the workers that start from now on. */
export function announce(servers: RunningServers): void {
  process.env[variable] = JSON.stringify(servers)
}

/** Undefined in suites without servers. */
export function runningServers(): RunningServers | undefined {
  const text = process.env[variable]
  if (text === undefined) return undefined
  const servers: RunningServers = JSON.parse(text)
  return servers
}
