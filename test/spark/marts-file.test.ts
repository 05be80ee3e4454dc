import { afterEach, it } from 'vitest'
import type { Hub } from '../hub.js'
import { expectMartsInFile } from '../publish/gate-in-a-file.js'
import { events, openGate } from './gate.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

it('silver and gold come into one DuckDB file for readers', async () => {
  hub = await openGate()
  await expectMartsInFile(hub, events / 2)
})
