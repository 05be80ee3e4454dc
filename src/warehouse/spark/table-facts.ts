/** What tables consist of, as Iceberg's metadata tables tell. */
import { qualifiedName, type Table } from '../../tables/table.js'
import type { TableFacts } from '../care.js'
import { literal } from '../sql-text.js'
import type { SparkConnection } from './connection.js'

/** By two statements, however many tables there are. Tables that are not there yet must not be asked for. */
export async function tableFacts(
  connection: SparkConnection,
  tables: readonly Table[],
): Promise<readonly TableFacts[]> {
  const files = await counted(
    connection,
    tables,
    name =>
      `select count_if(content = 0), count_if(content <> 0), sum(case when content = 0 then file_size_in_bytes end)
     from ${name}.files`,
  )
  const snapshots = await counted(
    connection,
    tables,
    name => `select count(*), min(unix_millis(committed_at)), null from ${name}.snapshots`,
  )
  return tables.map((table, at) => ({
    table,
    dataFiles: Number(files[at]?.[0] ?? 0),
    deleteFiles: Number(files[at]?.[1] ?? 0),
    bytes: Number(files[at]?.[2] ?? 0),
    snapshots: Number(snapshots[at]?.[0] ?? 0),
    oldestSnapshotAt: snapshots[at]?.[1] == null ? null : Number(snapshots[at]?.[1]),
  }))
}

/** Three numbers of each table, in the order of the tables. */
async function counted(
  connection: SparkConnection,
  tables: readonly Table[],
  select: (name: string) => string,
): Promise<readonly (readonly unknown[])[]> {
  const parts = tables.map(
    (table, at) =>
      `select ${literal(String(at))} as place, * from (${select(qualifiedName(table))}) as counted (a, b, c)`,
  )
  const { rows } = await connection.ask(parts.join(' union all '))
  const answers: (readonly unknown[])[] = tables.map(() => [])
  for await (const [place, ...numbers] of rows) answers[Number(place)] = numbers
  return answers
}
