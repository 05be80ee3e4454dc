import { afterEach, expect, it } from 'vitest'
import { listedWorld } from '../src/sandbox/sandbox.js'
import { type Hub, openHub } from './hub.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

it('brings a visit and a lead from the APIs into the marts', async () => {
  hub = await openHub({
    world: listedWorld({
      leads: [
        {
          id: 1,
          name: 'Заявка',
          price: 10,
          status_id: 142,
          pipeline_id: 3,
          created_at: 1738200000,
          updated_at: 1738200000,
        },
      ],
      visits: { '2025-01-30': { '650727300949': [{ event: 'entry', time: '09:00:00' }] } },
    }),
    now: '2025-01-31T05:00:00Z',
    startDate: '2025-01-29',
  })
  const first = await hub.hubdwh('run', '--json')
  console.log(first.err, first.json)
  expect(first.exitCode).toBe(0)
  console.log(
    await hub.rows('from gold.amocrm_manager_activity'),
    await hub.rows('from gold.alaqan_daily_attendance'),
    await hub.rows('from meta.alaqan_answers'),
  )
  const again = await hub.hubdwh('run', '--json', '--skip-code')
  console.log(again.err, again.json)
  expect(again.exitCode).toBe(99)
})
