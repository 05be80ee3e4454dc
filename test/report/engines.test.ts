/** The report of a small world, to the last number: the same from every engine. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { company, gateDay, lead, pipeline, someDay, user } from '../runs/invented-account.js'
import { dataOf, reportOf } from './report-hub.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

const [resident, guest] = ['850101300005', '650727300949']
const bin = '111140000008'
const january = 2025 * 12

it('has each number of a world that a person can count', async () => {
  hub = await openHub({
    now: '2025-02-01T05:00:00Z',
    startDate: '2025-01-30',
    world: listedWorld({
      leads: [
        lead({
          id: 1,
          price: 700,
          status_id: 142,
          closed_at: someDay + 3 * 86_400,
          _embedded: { tags: [], contacts: [], companies: [{ id: 5 }] },
        }),
        lead({ id: 2, price: 40 }),
      ],
      companies: [
        company({
          id: 5,
          name: 'ТОО «Дала»',
          custom_fields_values: [
            {
              field_id: 9,
              field_name: 'БИН',
              field_code: null,
              field_type: 'text',
              values: [{ value: bin }],
            },
          ],
        }),
      ],
      users: [user(100, 'Айгерим')],
      pipelines: [pipeline(1, 'Резидентство')],
      visits: { '2025-01-30': gateDay([resident, guest]), '2025-01-31': gateDay([resident]) },
    }),
  })
  await writeFile(join(hub.folder, 'report.csv'), `bin,month,taxes\n${bin},2025-01,5\n`)
  await writeFile(join(hub.folder, 'people.csv'), `iin,bin\n${resident},${bin}\n`)
  await hub.configure(
    text => `${text}arm:
  service_report: {table: report.csv, tin: bin, period: month, measures: [taxes]}
  directory: {table: people.csv}
`,
  )
  const { exitCode, err } = await hub.hubdwh('run')
  expect(exitCode, err).toBe(0)
  const { attendance, sales, residents } = await dataOf(await reportOf(hub))
  expect(attendance).toEqual({
    firstDay: '2025-01-30',
    // One of the two came at 09:00, one at 09:01; both left at 18:00.
    days: [
      [0, 2, 2, 1798],
      [1, 1, 1, 900],
    ],
    unknownDays: [],
    months: [[january, 2]],
    arrivals: [
      [january, 4, 9, 2],
      [january, 5, 9, 1],
    ],
  })
  expect(sales?.funnel.rows).toEqual([
    [january, 0, 0, 1, 40],
    [january, 0, 2, 1, 700],
  ])
  expect(sales?.funnel.pipelines[0]?.statuses.map(({ kind }) => kind)).toEqual([
    'open',
    'open',
    'won',
    'lost',
  ])
  expect(sales?.managers).toEqual({
    managers: [{ id: 100, name: 'Айгерим' }],
    others: 0,
    rows: [
      [january, 0, 2, 0, 0, 0, 0, null],
      [january + 1, 0, 0, 1, 0, 700, 0, 3],
    ],
  })
  expect(sales?.clients).toEqual({
    companies: 1,
    withLeads: 1,
    withWon: 1,
    returning: 0,
    revenue: 700,
    top: [{ name: 'ТОО «Дала»', leads: 1, won: 1, lost: 0, revenue: 700, lastDeal: '2025-01-30' }],
  })
  expect(residents).toEqual({
    companies: {
      residents: { companies: 1, withLeads: 1, leads: 1, won: 1, revenue: 700 },
      others: { companies: 0, withLeads: 0, leads: 0, won: 0, revenue: 0 },
      top: [{ name: 'ТОО «Дала»', leads: 1, won: 1, revenue: 700 }],
    },
    leads: [
      [january, 0, 0, 1, 0, 0, 40],
      [january, 0, 1, 1, 1, 0, 700],
    ],
    attendance: {
      companies: [
        { name: 'ТОО «Дала»', kind: 'company' },
        { name: null, kind: 'unknown' },
      ],
      others: 0,
      rows: [
        [january, 0, 2, 1800],
        [january, 1, 1, 898],
      ],
    },
  })
})
