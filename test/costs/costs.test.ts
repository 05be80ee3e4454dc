/**
 * What a run costs in what does not depend on the machine: requests, statements, rows written, bytes of the archive. A change
 * that needs more of them has to say so here, in its commit.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBConnection } from '@duckdb/node-api'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isJsonObject, type JsonObject } from '../../src/json.js'
import { generatedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { smallWorld } from '../runs/account-edits.js'

let hub: Hub | undefined
afterEach(async () => {
  vi.restoreAllMocks()
  await hub?.close()
  hub = undefined
})

interface Costs {
  readonly requests: number
  readonly statements: number
  readonly commits: number
  /** Rows that came into Silver and Gold or left them. */
  readonly rows: number
}

async function costsOf(opened: Hub, ...argv: readonly string[]): Promise<Costs> {
  const run = vi.spyOn(DuckDBConnection.prototype, 'run')
  const stream = vi.spyOn(DuckDBConnection.prototype, 'stream')
  const asked = opened.sandbox.requests.length
  try {
    const { exitCode, err, json } = await opened.hubdwh(...argv, '--json')
    expect(exitCode, err).toBe(0)
    const texts = run.mock.calls.map(([sql]) => String(sql))
    const models = Array.isArray(json.models) ? json.models.filter(isJsonObject) : []
    return {
      requests: opened.sandbox.requests.length - asked,
      statements: texts.length + stream.mock.calls.length,
      commits: texts.filter(text => text === 'commit').length,
      rows: models.reduce((sum, model) => sum + count(model, 'added') + count(model, 'removed'), 0),
    }
  } finally {
    run.mockRestore()
    stream.mockRestore()
  }
}

function count(model: JsonObject, name: string): number {
  return Number(model[name] ?? 0)
}

/** Bytes of all files under a folder. */
async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile())
  const sizes = await Promise.all(
    files.map(async file => (await stat(join(file.parentPath, file.name))).size),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** No more than that; fewer statements are no reason to fail. */
function expectAtMost(costs: Costs, { statements, ...exactly }: Costs): void {
  expect(costs).toMatchObject(exactly)
  expect(costs.statements).toBeLessThanOrEqual(statements)
}

describe('a run costs', () => {
  it('at the first time what there is; with nothing new no row; after one edit what it touches', async () => {
    const world = smallWorld()
    hub = await openHub({ world, now: '2025-03-01T05:00:00Z', startDate: '2025-02-24' })
    expectAtMost(await costsOf(hub, 'run'), { requests: 36, statements: 1293, commits: 34, rows: 81 })
    hub.clock.advance(3_600_000)
    expectAtMost(await costsOf(hub, 'run'), { requests: 39, statements: 414, commits: 27, rows: 0 })
    hub.clock.advance(3_600_000)
    world.edit('leads', 2, { price: 77 })
    expectAtMost(await costsOf(hub, 'run'), { requests: 38, statements: 510, commits: 31, rows: 6 })
  })

  it('as much for one changed lead on top of many as on top of few', async () => {
    const costs: Costs[] = []
    for (const leads of [60, 600]) {
      const world = generatedWorld({
        ...{ leads, people: 5, from: '2024-03-01', to: '2025-02-28', timeZone: 'Asia/Almaty' },
      })
      hub = await openHub({ world, now: '2025-03-01T05:00:00Z', startDate: '2025-02-27' })
      await costsOf(hub, 'run')
      const [known] = await hub.rows(
        'select min(lead_id) as id from silver.amocrm_leads where not is_deleted',
      )
      hub.clock.advance(3_600_000)
      world.edit('leads', Number(known?.id), { price: 77 })
      costs.push(await costsOf(hub, 'run'))
      await hub.close()
    }
    const [few, many] = costs
    expect(many).toMatchObject({ requests: few?.requests, rows: few?.rows })
    // How often a lead changed its status, and so how much of the funnel it touches, differs.
    expect(Math.abs((many?.statements ?? 0) - (few?.statements ?? 0))).toBeLessThanOrEqual(10)
  })
})

/** Not a tenth more; much less would say that something is not there. */
function expectNear(bytes: number, usual: number): void {
  expect(bytes).toBeLessThan(usual * 1.1)
  expect(bytes).toBeGreaterThan(usual / 2)
}

describe('what was loaded takes in the archive', () => {
  it('some 250 bytes a lead, some 80 a day of a person, and next to nothing where nothing is new', async () => {
    const [leads, people, days] = [1000, 40, 59]
    const world = generatedWorld({
      ...{ leads, people, from: '2025-01-01', to: '2025-02-28', timeZone: 'Asia/Almaty' },
    })
    const opened = await openHub({ world, now: '2025-03-01T05:00:00Z', startDate: '2025-01-01' })
    hub = opened
    const bytesOf = async (...argv: readonly string[]): Promise<number> => {
      const archive = join(opened.folder, 'data/landing')
      const before = await bytesIn(archive).catch(() => 0)
      await costsOf(opened, ...argv)
      return (await bytesIn(archive)) - before
    }
    // What zlib makes of a text differs a little from machine to machine.
    expectNear((await bytesOf('load', 'amocrm', 'leads')) / leads, 250)
    expectNear((await bytesOf('load', 'alaqan')) / (people * days), 80)
    opened.clock.advance(3_600_000)
    expect(await bytesOf('load', 'amocrm', 'leads')).toBeLessThan(2000)
  })
})
