import { afterEach, expect, it } from 'vitest'
import type { Hub } from '../hub.js'
import { catalogOf } from '../warehouse/catalog-proxy.js'
import { tablesAsTheyAre } from './another-engine.js'
import { loadDays, openGate } from './gate.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

it('the demo puts no invented people beside rows that are there: it ends with 2, and every table stays', async () => {
  hub = await openGate()
  expect((await hub.hubdwh(...loadDays)).exitCode).toBe(0)
  let [catalog, extensions] = ['', '']
  await hub.configure(text => {
    catalog = catalogOf(text)
    extensions = /^ +extensions: (.+)$/m.exec(text)?.[1] ?? ''
    return text
  })
  const before = await tablesAsTheyAre(catalog)
  const refused = await hub.hubdwh('demo', '--iceberg', catalog, '--extensions', extensions, '--json')
  expect(refused, refused.err).toMatchObject({ exitCode: 2, json: { error: { code: 'warehouse_filled' } } })
  expect(refused.err).toContain('npm run servers -- --folder')
  expect(await tablesAsTheyAre(catalog)).toEqual(before)
})
