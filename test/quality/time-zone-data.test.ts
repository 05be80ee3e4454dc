import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelFolder } from '../../src/models/definition.js'
import { readFunctions } from '../../src/models/functions.js'
import { builtInChecks, readChecks } from '../../src/quality/check.js'
import { runCheck } from '../../src/quality/run-check.js'
import { movableClock } from '../../src/sandbox/sandbox.js'
import { openDuckdb } from '../../src/warehouse/duckdb/file.js'
import type { Engine } from '../../src/warehouse/engine.js'

const checks = await readChecks({ own: { path: builtInChecks, isNamed: false }, severity: {} })
const [check] = checks.filter(({ name }) => name === 'time_zone_data')

let folder: string
let engine: Engine
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hubdwh-test-'))
  const clock = movableClock('2025-01-01T00:00:00Z')
  const path = join(folder, 'warehouse.duckdb')
  engine = await openDuckdb({ path, access: 'write', timeZone: 'UTC', timeAs: 'time', clock })
})
afterAll(async () => {
  await engine.close()
  await rm(folder, { recursive: true })
})

/** What the check says in a session of that zone, whose clock in Almaty an old release of the data may tell. */
async function statusIn(timezone: string, oldData?: string): Promise<string> {
  const { statements } = await readFunctions(modelFolder, 'duckdb', {
    timezone,
    masks: { iin: 'none', phone: 'none', email: 'none' },
    maskingKey: undefined,
    customFields: { bin: [], source: [], industry: [], phone: [], email: [] },
    measures: [],
    residentStatuses: [],
    eventsFrom: '1970-01-01',
  })
  await engine.run(`${statements}\n${oldData ?? ''}`)
  if (check === undefined) return 'missing'
  return (await runCheck({ check, table: 'silver.amocrm_leads' }, 'all', { engine, accepted: new Set() }))
    .status
}

describe('time zone data', () => {
  it('of this engine know that Kazakhstan moved to UTC+5', async () => {
    expect(await statusIn('Asia/Almaty')).toBe('passed')
    expect(await statusIn('Asia/Qostanay')).toBe('passed')
  })

  it('that leave Almaty at UTC+6 hold the tables back', async () => {
    const old = "create or replace temp macro local_timestamp(moment) as timezone('Etc/GMT-6', moment);"
    expect(await statusIn('Asia/Almaty', old)).toBe('failed')
  })

  it('do not matter to a zone elsewhere', async () => {
    expect(await statusIn('Europe/Moscow')).toBe('passed')
  })
})
