/** One catalog and two engines: what Spark wrote DuckDB reads, what DuckDB wrote Spark reads and goes on with. */
import { afterEach, expect, it } from 'vitest'
import { sparkSection } from '../../servers/config-sections.mjs'
import { movableClock } from '../../src/sandbox/sandbox.js'
import { allTables } from '../../src/tables/catalogue.js'
import { qualifiedName } from '../../src/tables/table.js'
import { type Hub, openHub } from '../hub.js'
import { gateDays, smallWorld } from '../runs/account-edits.js'
import { emptyCatalog } from '../warehouse/empty-catalog.js'
import { warehouseIn } from '../warehouse/hub-warehouse.js'
import { runningServers } from '../warehouse/servers.js'

const now = '2025-03-01T05:00:00Z'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

/** The rows of every table, as an engine reads them. */
async function readBy(
  lines: readonly string[],
  folder: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const engine = await warehouseIn(folder, lines, movableClock(now)).open({ access: 'read' })
  try {
    const contents = new Map<string, readonly string[]>()
    for (const table of allTables) {
      const { rows } = await engine.query(`select * from ${qualifiedName(table)}`)
      contents.set(qualifiedName(table), rows.map(row => JSON.stringify(row)).sort())
    }
    return contents
  } finally {
    await engine.close()
  }
}

it('tables of one catalog are the same for both engines, whichever has written them', async () => {
  const servers = runningServers()
  if (!servers?.spark) throw new Error('There is no Spark server in this suite.')
  const { spark, iceberg } = servers
  await emptyCatalog(spark.iceberg)
  const byDuckdb = [`iceberg:`, `  uri: ${spark.iceberg}`, `  extensions: ${iceberg.extensions}`]
  const bySpark = sparkSection(spark)
  const opened = await openHub({ world: smallWorld(), now, startDate: gateDays[0], withoutAmocrm: true })
  hub = opened
  const written = async (lines: readonly string[]): Promise<void> => {
    const section = ['warehouse:', ...lines.map(line => `  ${line}`)].join('\n')
    await opened.configure(text => text.replace(/warehouse:\n(?: {2}.*\n)+/, `${section}\n`))
    const { exitCode, err } = await opened.hubdwh('run')
    expect(exitCode, err).toBe(0)
    expect(await readBy(byDuckdb, opened.folder)).toEqual(await readBy(bySpark, opened.folder))
  }
  await written(byDuckdb)
  opened.world.setVisits(gateDays.at(-1) ?? '', {})
  opened.clock.advance(3_600_000)
  await written(bySpark)
  const reconciled = (await readBy(byDuckdb, opened.folder)).get('meta.reconciliation') ?? []
  expect(reconciled.length).toBeGreaterThan(0)
  expect(reconciled.filter(row => JSON.parse(row).difference !== 0)).toEqual([])
})
