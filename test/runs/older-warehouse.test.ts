import { afterEach, describe, expect, it } from 'vitest'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { gateDay, lead } from './invented-account.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

describe('a warehouse that an older version has made', () => {
  it('is gone on with: tables that it lacks are made by the next run', async () => {
    const opened = await openHub({
      world: listedWorld({
        leads: [lead({ id: 1, price: 10 })],
        visits: { '2025-01-30': gateDay(['650727300949']) },
      }),
      now: '2025-01-31T05:00:00Z',
      startDate: '2025-01-30',
    })
    hub = opened
    expect((await opened.hubdwh('run')).exitCode).toBe(0)
    const lacking = [
      'meta.erasures',
      'meta.checks',
      'meta.check_failures',
      'meta.schema_fields',
      'meta.schema_changes',
      'silver.amocrm_lead_bins',
      'gold.crm_arm_residents',
    ]
    // At once: opening it for writing makes what is missing.
    await opened.write(lacking.map(table => `drop table ${table};`).join('\n'))
    for (const argv of [['plan'], ['status'], ['load', 'alaqan'], ['run'], ['quality']]) {
      const { exitCode, err } = await opened.hubdwh(...argv)
      expect(exitCode, `${argv.join(' ')}\n${err}`).toBe(0)
    }
    expect(await opened.rows('select count(*) > 0 as is_checked from meta.checks')).toEqual([
      { is_checked: true },
    ])
  })
})
