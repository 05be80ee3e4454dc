/** The same promise over HTTP, against the sandbox: real page sizes, deletions and edits before every request. */
import { afterEach, expect, test } from 'vitest'
import type { JsonObject } from '../../src/json.js'
import { listedWorld, movableClock, type Sandbox, startSandbox } from '../../src/sandbox/sandbox.js'
import { createAmocrmClient } from '../../src/sources/amocrm/client.js'
import { extractRecords } from '../../src/sources/amocrm/extract-records.js'
import { unlimited } from '../../src/sources/http/rate-budget.js'

let sandbox: Sandbox | undefined
afterEach(() => sandbox?.close())

const count = 2000
const start = 1_740_000_000
const records = Array.from(
  { length: count },
  (_, index): JsonObject => ({
    id: index + 1,
    price: 0,
    created_at: start,
    // Half of them share four crowded seconds.
    updated_at: start + (index % 2 === 0 ? (index % 8) * 1000 : index * 7),
  }),
)

test.each([
  ['leads', true, true],
  ['leads', true, false],
  ['leads', false, true],
  ['tasks', true, true],
  ['tasks', true, false],
] as const)(
  '%s (filter on: %s, inclusive bounds: %s): none that lives is missing, all in their last version',
  async (entity, filterAddOn, inclusiveBounds) => {
    const clock = movableClock('2025-07-02T00:00:00Z')
    const deleted = new Set<number>()
    let turn = 0
    let isBusy = true
    const started = await startSandbox({
      clock,
      world: listedWorld({ [entity]: records }),
      amocrm: { requestsPerSecond: null, filterAddOn, inclusiveBounds },
      beforeRequest: ({ path }, world) => {
        if (!isBusy || path !== `/api/v4/${entity}`) return
        clock.advance(400)
        for (let many = 0; many < 8; many += 1) {
          turn += 1
          const id = ((turn * 7919) % count) + 1
          if (deleted.has(id)) continue
          if (turn % 2 === 0) world.edit(entity, id, { price: turn })
          else world.remove(entity, id)
          if (turn % 2 !== 0) deleted.add(id)
        }
      },
    })
    sandbox = started
    const client = createAmocrmClient(
      { baseUrl: started.amocrmUrl, auth: { kind: 'token', token: started.token } },
      { clock, budget: unlimited },
    )
    const known = new Map<number, JsonObject>()
    const read = async (since: number): Promise<number> => {
      for await (const message of extractRecords(client, { entity, since }, { clock })) {
        if (message.type === 'watermark') return Number(message.watermark)
        if (message.type !== 'answer') continue
        expect(message.rows.length + message.rejects.length + message.repeated.length).toBe(message.received)
        for (const row of message.rows) known.set(Number(row.id), row)
      }
      throw new Error('no watermark')
    }
    const alive = () => records.map(({ id }) => Number(id)).filter(id => !deleted.has(id))

    const watermark = await read(0)
    expect(alive().filter(id => !known.has(id))).toEqual([])
    isBusy = false
    await read(watermark - 10)
    for (const id of alive()) {
      expect(known.get(id)?.updated_at).toBe(started.world.find(entity, id)?.updated_at)
    }
  },
)
