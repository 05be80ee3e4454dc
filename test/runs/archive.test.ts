/** The archive of what was loaded, as it ages. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'

let hub: Hub
afterEach(() => hub.close())

describe('a package in the archive', () => {
  it('goes when its days are over, also where a scheduler loads and nobody calls run', async () => {
    const visits = { '2025-01-29': { '650727300949': [{ event: 'entry', time: '09:00:00' }] } }
    hub = await openHub({
      world: listedWorld({ visits }),
      now: '2025-01-30T05:00:00Z',
      startDate: '2025-01-29',
    })
    await hub.configure(text => text.replace('path: ./data/landing', 'path: ./data/landing\n  keep_days: 2'))
    const archived = () => readdir(join(hub.folder, 'data/landing/alaqan/visits/loaded'))
    await hub.hubdwh('load', 'alaqan')
    const [first] = await archived()
    hub.clock.advance(2 * 86_400_000)
    await hub.hubdwh('load', 'alaqan')
    expect(await archived()).not.toContain(first)
    expect(await archived()).toHaveLength(1)
  })
})
