import { beforeAll, describe, expect, it } from 'vitest'
import { fakeIo } from '../../src/cli/fake-io.js'
import { main } from '../../src/cli/main.js'
import { allTables } from '../../src/tables/catalogue.js'
import { partitionsOf, qualifiedName } from '../../src/tables/table.js'
import { commentOf } from '../../src/warehouse/ddl.js'
import { openThrift } from '../../src/warehouse/spark/thrift-client.js'
import { type Reported, reported } from '../iceberg/another-engine.js'
import { emptyCatalog } from '../warehouse/empty-catalog.js'
import { runningServers } from '../warehouse/servers.js'

/** The statements that `hubdwh ddl --engine spark` prints, carried out one by one; then the tables as the catalog has them. */
const tables = new Map<string, Reported>()

beforeAll(async () => {
  const servers = runningServers()
  const [catalog] = servers?.iceberg.uris ?? []
  if (!servers?.spark || catalog === undefined) throw new Error('There is no Spark server in this suite.')
  const { spark } = servers
  await emptyCatalog(catalog)
  const io = fakeIo({ cwd: '/', env: {} })
  expect(await main(['ddl', '--engine', 'spark'], io)).toBe(0)
  const session = await openThrift(
    { ...spark, user: { name: 'engineer', password: '' }, isTls: false },
    // The statements name the catalog iceberg; another test keeps its tables in the one that Spark knows under that name.
    { settings: { 'spark.sql.catalog.iceberg.uri': catalog }, catalog: 'iceberg' },
  )
  try {
    for (const statement of io.out().split(/;\n\n?/)) {
      if (statement.trim() !== '') await session.execute(statement)
    }
  } finally {
    await session.close()
  }
  for (const table of allTables) tables.set(qualifiedName(table), await reported(catalog, table))
})

describe.each(allTables.map(table => [qualifiedName(table), table] as const))('%s', (name, table) => {
  it('is made by Spark as it is printed: columns, comments, partitions, format version 2', () => {
    const found = tables.get(name)
    expect(found?.version).toBe(2)
    expect(found?.partitions).toEqual(partitionsOf(table))
    expect(found?.properties.comment).toBe(commentOf(table.comment))
    expect(found?.fields.map(field => [field.name, field.doc])).toEqual(
      table.columns.map(column => [column.name, commentOf(column.comment)]),
    )
  })
})
