/**
 * One history of an account and of a gate, lived through in two installations: one keeps its tables in a DuckDB file, the other
 * where the suite is about. What people decide by must be the same in both.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { allTables } from '../../src/tables/catalogue.js'
import { qualifiedName } from '../../src/tables/table.js'
import { type Hub, openHub } from '../hub.js'
import { type Edit, edit, editor, gateDays, smallWorld } from '../runs/account-edits.js'
import { unaccounted } from '../runs/table-dump.js'
import type { WarehouseKind } from '../warehouse/hub-warehouse.js'

/** Another one for another history. */
const seed = Number(process.env.SAME_ROWS_SEED ?? 20_250_131)

const history = fc.array(edit, { minLength: 25, maxLength: 25 })

it('has the same rows in Silver and Gold wherever the tables are, built whole and then step by step', async () => {
  const [edits = []] = fc.sample(history, { seed, numRuns: 1 })
  const [inFile, elsewhere] = await Promise.all([lived(edits, 'file'), lived(edits)])
  for (const [moment, tables] of inFile.entries()) {
    for (const [name, rows] of tables) {
      expect(elsewhere[moment]?.get(name), `${name}, moment ${moment}, seed ${seed}`).toEqual(rows)
    }
  }
  expect(inFile.at(-1)?.get('gold.amocrm_sales_funnel')?.length).toBeGreaterThan(0)
  expect(inFile.at(-1)?.get('gold.alaqan_daily_attendance')?.length).toBeGreaterThan(0)
})

/** Table → its rows as text, in one order. */
type Contents = ReadonlyMap<string, readonly string[]>

/** What the tables hold after the first run, and after the edits and another one. */
async function lived(edits: readonly Edit[], warehouse?: WarehouseKind): Promise<readonly Contents[]> {
  const world = smallWorld()
  const hub = await openHub({
    world,
    now: '2025-03-01T05:00:00Z',
    startDate: gateDays[0],
    ...(warehouse === undefined ? {} : { warehouse }),
  })
  try {
    const moments: Contents[] = []
    const done = async (...argv: readonly string[]): Promise<void> => {
      const { exitCode, err } = await hub.hubdwh(...argv)
      expect(exitCode, err).toBe(0)
      moments.push(await contentsOf(hub))
    }
    await done('run')
    const apply = editor(world, hub.clock)
    for (const each of edits) apply(each)
    hub.clock.advance(60_000)
    await done('run')
    expect(await unaccounted(hub)).toEqual([])
    return moments
  } finally {
    await hub.close()
  }
}

async function contentsOf(hub: Hub): Promise<Contents> {
  const contents = new Map<string, readonly string[]>()
  for (const table of allTables.filter(({ schema }) => schema === 'silver' || schema === 'gold')) {
    const rows = await hub.rows(`select * from ${qualifiedName(table)}`)
    contents.set(qualifiedName(table), rows.map(row => JSON.stringify(row)).sort())
  }
  return contents
}
