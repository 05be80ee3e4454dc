import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { allTables } from '../../src/tables/catalogue.js'
import { qualifiedName } from '../../src/tables/table.js'
import { type Hub, openHub } from '../hub.js'
import { gateDay, lead } from '../runs/invented-account.js'
import { takeWarehouse, warehouseIn } from '../warehouse/hub-warehouse.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

it('a trial in a DuckDB file is brought to Spark, every row of every table, and a second time nothing is left to bring', async () => {
  const opened = await openHub({
    world: listedWorld({
      leads: [lead({ id: 1, price: 10 }), lead({ id: 2, name: `"O'Brien", 😀\n\\ ` })],
      visits: { '2025-01-30': gateDay(['650727300949']) },
    }),
    now: '2025-01-31T05:00:00Z',
    startDate: '2025-01-30',
    warehouse: 'file',
  })
  hub = opened
  expect((await opened.hubdwh('run')).exitCode).toBe(0)
  const { section } = await takeWarehouse('spark')
  const config = await readFile(join(opened.folder, 'hubdwh.yaml'), 'utf8')
  const lines = section.map(line => `  ${line}\n`).join('')
  await writeFile(
    join(opened.folder, 'spark.yaml'),
    config.replace(/warehouse:\n(?: {2}.*\n)+/, `warehouse:\n${lines}`),
  )

  const copied = await opened.hubdwh('copy', '--to', 'spark.yaml', '--json')
  expect(copied.exitCode, copied.err).toBe(0)
  const spark = await warehouseIn(opened.folder, section, opened.clock).open({ access: 'read' })
  try {
    for (const name of allTables.map(qualifiedName)) {
      const there = (await spark.query(`select * from ${name}`)).rows.map(row => JSON.stringify(row)).sort()
      const here = (await opened.rows(`select * from ${name}`)).map(row => JSON.stringify(row)).sort()
      expect(there, name).toEqual(here)
    }
  } finally {
    await spark.close()
  }

  const again = await opened.hubdwh('copy', '--to', 'spark.yaml', '--json')
  expect(again.exitCode, again.err).toBe(0)
  expect(again.json.tables).not.toContainEqual(expect.objectContaining({ was_there: false }))
})
