import { afterEach, expect, it } from 'vitest'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, type HubOptions, openHub } from '../hub.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

const visits = Object.fromEntries(
  ['25', '26', '27', '28', '29', '30'].map(day => [
    `2025-01-${day}`,
    { '650727300949': [{ event: 'entry', time: '09:00:00' }] },
  ]),
)

/** Six days of visits to load, one a request. */
async function sixDays(sandbox: NonNullable<HubOptions['sandbox']> = {}): Promise<Hub> {
  hub = await openHub({
    world: listedWorld({ visits }),
    now: '2025-01-31T05:00:00Z',
    startDate: '2025-01-25',
    withoutAmocrm: true,
    sandbox,
  })
  return hub
}

it('asks for a new key where the key ends while it reads, and goes on with it where it stopped', async () => {
  const { hubdwh, rows, sandbox } = await sixDays({
    faults: [{ kind: '401', api: 'alaqan', on: [4] }],
  })
  const refused = await hubdwh('load', 'alaqan', '--json')
  expect(refused.exitCode).toBe(5)
  expect(refused.json).toMatchObject({ error: { code: 'credential_rejected' } })
  expect(refused.err).toContain('ALAQAN_API_KEY')
  expect((await hubdwh('load', 'alaqan', '--json')).exitCode).toBe(0)
  // What came before the refusal is kept; the last days are read again at every run.
  expect(sandbox.requests.filter(({ query }) => query === 'date=2025-01-25')).toHaveLength(1)
  expect(await rows('select count(distinct visit_date)::int as days from bronze.alaqan_visits')).toEqual([
    { days: 6 },
  ])
})

it('asks nobody during a block, whichever command is run, until it has cooled down', async () => {
  const { hubdwh, sandbox, clock, rows } = await sixDays({
    faults: [{ kind: '403', api: 'alaqan', on: [3] }],
  })
  const blocked = await hubdwh('load', 'alaqan', '--json')
  expect(blocked).toMatchObject({ exitCode: 3, json: { error: { code: 'blocked' } } })
  const asked = sandbox.requests.length
  for (const command of ['run', 'check']) expect((await hubdwh(command, '--json')).exitCode).toBe(3)
  expect(sandbox.requests).toHaveLength(asked)
  clock.advance(16 * 60_000)
  expect((await hubdwh('load', 'alaqan', '--json')).exitCode).toBe(0)
  expect(await rows('select count(*)::int as visits from bronze.alaqan_visits')).toEqual([{ visits: 6 }])
})
