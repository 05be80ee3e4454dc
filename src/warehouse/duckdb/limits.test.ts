import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../effects.js'
import { type Engine, numberOf } from '../engine.js'
import { openDuckdb } from './file.js'

let folder: string
let engine: Engine
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hubdwh-limits-'))
  engine = await openDuckdb({
    path: join(folder, 'warehouse.duckdb'),
    access: 'write',
    timeZone: 'UTC',
    timeAs: 'time',
    memoryLimit: '50MB',
    clock: systemClock,
  })
})
afterEach(async () => {
  await engine.close()
  await rm(folder, { recursive: true })
})

describe('a limit of memory', () => {
  it('lets more rows be kept than it has room for', async () => {
    await engine.materialize('many', 'select i, hash(i) as h, hash(i + 1) as g from range(5000000) as _ (i)')
    expect(await numberOf(engine, 'select count(*) from many')).toBe(5_000_000)
  })

  it('that cannot be kept to is an error that says what to do', async () => {
    const asked = engine.query("select length(string_agg(repeat('a', 1000000), '')) from range(100)")
    await expect(asked).rejects.toMatchObject({
      code: 'memory_full',
      exitCode: 3,
      message: expect.stringContaining('used); nothing was half-written'),
      advice: expect.stringContaining('warehouse.memory_limit'),
    })
  })
})
