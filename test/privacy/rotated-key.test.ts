/** Another masking key: one `transform` masks silver and gold anew, and nothing keeps a hash of the former key. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { maskingHash } from '../../src/privacy/hash.js'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub, privacyKey } from '../hub.js'
import { contact, gateDay, iins, lead } from '../runs/invented-account.js'
import { dumpOf, unaccounted } from '../runs/table-dump.js'

vi.setConfig({ testTimeout: 240_000 })

let hub: Hub
afterEach(() => hub.close())

const phone = '+77015550101'
const people = iins.slice(0, 3)
const hashes = (key: string) => [...people, phone].map(value => maskingHash(key, value))

it('leaves no hash of the former key in silver, gold and meta, and all joins hold', async () => {
  hub = await openHub({
    world: listedWorld({
      leads: [lead({ id: 1 })],
      contacts: [contact({ id: 10, phone })],
      visits: {
        '2025-01-29': gateDay(people),
        '2025-01-30': { ...gateDay(people), [people[0] ?? '']: [{ event: 'flew', time: '09:00:00' }] },
      },
    }),
    now: '2025-01-31T05:00:00Z',
    startDate: '2025-01-29',
    privacy: [`key: \${HUBDWH_PRIVACY_KEY}`, 'phone: hash'],
  })
  await mkdir(join(hub.folder, 'checks'))
  await writeFile(
    join(hub.folder, 'checks/everybody.sql'),
    '/*\nShows everybody, so that failing rows are kept.\n\nname: everybody\ntable: silver.alaqan_visits\nseverity: warn\nadvice: Nothing.\n*/\nselect iin, visit_date from candidate\n',
  )
  await hub.configure(text => `${text}quality:\n  checks: ./checks\n`)
  expect(await hub.hubdwh('run')).toMatchObject({ exitCode: 0 })
  const holding = async (wanted: readonly string[]) =>
    (await dumpOf(hub, 'silver', 'gold', 'meta')).filter(row => wanted.some(hash => row.includes(hash)))
  const before = await holding(hashes(privacyKey))
  expect(before.some(row => row.startsWith('meta.check_failures'))).toBe(true)
  const former = hashes(privacyKey)
  const key = privacyKey.replaceAll('0', 'a')
  hub.env.HUBDWH_PRIVACY_KEY = key
  expect(await hub.hubdwh('transform')).toMatchObject({ exitCode: 0 })
  expect(await holding(former)).toEqual([])
  expect((await holding(hashes(key))).length).toBe(before.length)
  expect(
    await hub.rows(
      `select count(*) as n from gold.alaqan_daily_attendance as days
       where not exists (select 1 from silver.alaqan_visits as visits where visits.iin = days.iin)`,
    ),
  ).toEqual([{ n: 0 }])
  expect(await unaccounted(hub)).toEqual([])
})
