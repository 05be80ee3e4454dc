/** What is kept of checks, and how long one may take. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseCheck } from '../../src/quality/check.js'
import { forgetOldResults, lastResults, recordResults } from '../../src/quality/record-results.js'
import { type CheckResult, runCheck } from '../../src/quality/run-check.js'
import { movableClock } from '../../src/sandbox/sandbox.js'
import { openDuckdb } from '../../src/warehouse/duckdb/file.js'
import { type Engine, rowsOf } from '../../src/warehouse/engine.js'

const day = 24 * 3_600_000
const now = Date.parse('2025-06-01T05:00:00Z')

let folder: string
let engine: Engine
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hubdwh-test-'))
  const path = join(folder, 'warehouse.duckdb')
  const clock = movableClock(new Date(now).toISOString())
  engine = await openDuckdb({ path, access: 'write', timeZone: 'Asia/Almaty', timeAs: 'time', clock })
})
afterAll(async () => {
  await engine.close()
  await rm(folder, { recursive: true })
})
beforeEach(() => engine.run('delete from meta.checks; delete from meta.check_failures'))

function result(change: Partial<CheckResult>): CheckResult {
  const failed = change.status === 'failed' || change.status === 'accepted'
  return {
    ...{ check: 'a_rule', table: 'silver.amocrm_leads', severity: 'block', status: 'passed', extent: 'part' },
    ...{
      failingRows: failed ? 1 : 0,
      examples: failed ? ['{"lead_id":1}'] : [],
      description: 'A.',
      advice: 'B.',
    },
    ...change,
  }
}

const kept = async () => (await rowsOf(engine, 'select record from meta.check_failures')).length

describe('results', () => {
  it('are kept for ninety days, the last of each check and table for ever', async () => {
    await recordResults(engine, [result({}), result({ table: 'silver.amocrm_tasks' })], now)
    await recordResults(engine, [result({ status: 'failed' })], now + 1 * day)
    await recordResults(engine, [result({})], now + 91 * day)
    await forgetOldResults(engine, now + 91 * day)
    const rows = await rowsOf(engine, 'select table_name, status from meta.checks order by checked_at')
    expect(rows).toEqual([
      { table_name: 'silver.amocrm_tasks', status: 'passed' },
      { table_name: 'silver.amocrm_leads', status: 'failed' },
      { table_name: 'silver.amocrm_leads', status: 'passed' },
    ])
  })

  it('are told as they were last, also where two are of one moment', async () => {
    await recordResults(engine, [result({ status: 'failed' })], now)
    await recordResults(engine, [result({ status: 'accepted' })], now)
    expect(await lastResults(engine)).toEqual([expect.objectContaining({ status: 'accepted' })])
  })
})

describe('failing rows', () => {
  it('that were kept out go when what they were in passes', async () => {
    await recordResults(engine, [result({ status: 'failed' })], now)
    expect(await kept()).toBe(1)
    await recordResults(engine, [result({})], now + 1)
    expect(await kept()).toBe(0)
  })

  it.each([
    ['were only warned of', { severity: 'warn', status: 'failed' }],
    ['a person has accepted', { severity: 'block', status: 'accepted' }],
  ] as const)('that %s stay while other rows pass, as they are in the table', async (_, change) => {
    await recordResults(engine, [result(change)], now)
    await recordResults(engine, [result({ severity: change.severity })], now + 1)
    expect(await kept()).toBe(1)
    await recordResults(engine, [result({ severity: change.severity, extent: 'all' })], now + 2)
    expect(await kept()).toBe(0)
  })
})

describe("a check of the user's that never ends", () => {
  const endless =
    '/*\nA.\n\nname: endless\ntable: silver.amocrm_leads\nseverity: warn\nadvice: B.\n*/\n' +
    'select count(*) as n from range(1000000000) as a, range(1000000000) as b, range(1000) as c'

  it('is stopped, and what it guards goes no further', async () => {
    const check = parseCheck('endless.sql', endless, true)
    await expect(
      runCheck({ check, table: 'silver.amocrm_leads' }, 'all', { engine, accepted: new Set(), patience: 60 }),
    ).rejects.toMatchObject({ code: 'check_broken', exitCode: 4 })
    expect(await rowsOf(engine, 'select 1 as one')).toEqual([{ one: 1 }])
  })
})
