import { afterEach, expect, it } from 'vitest'
import type { Hub } from '../hub.js'
import { events, openGate } from './gate.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

it('status knows what stands in a catalog, and takes nothing there for missing', async () => {
  hub = await openGate()
  expect((await hub.hubdwh('run')).exitCode).toBe(0)
  const { exitCode, out, json } = await hub.hubdwh('status', '--json')
  expect(exitCode).toBe(0)
  expect(out).not.toMatch(/older version/)
  expect(json.tables).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ table: 'bronze.alaqan_visits', rows: events, read_until: '2025-01-30' }),
    ]),
  )
  expect(json.gaps).toEqual([])
})
