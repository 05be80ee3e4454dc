/** Whatever goes wrong with whatever data, no notice tells anything about a person, and no secret is told anywhere. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { JsonValue } from '../../src/json.js'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { privacyKey } from '../hub.js'
import { company, contact, gateDay, lead, user } from '../runs/invented-account.js'
import { mailPassword } from './mail-server.js'
import { botToken } from './telegram-server.js'
import { openToldHub, type ToldHub } from './told-hub.js'
import { webhookPath, webhookSecret } from './webhook-server.js'

let hub: ToldHub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

const phones = ['+77015550101', '77015550101', '8 (702) 555-02-02']
const emails = ['invented.person@example.kz', 'manager.invented@example.kz']
const iins = ['650727300949', '880101400123', '65072730094', '88010140012X']
const names = ['Выдуманова Айгерим', 'Невозможный Ерлан']
const proprietor = '750615301234'
const personal = [...phones, ...emails, ...iins, ...names, proprietor]
const day = '2025-01-30'
const crowd = Array.from({ length: 30 }, (_, index) => String(100_000_000_000 + index))

/** A check that a user could write, which fails with everything that it finds. */
const nosyCheck = (severity: string): string => `/*
No visit of ${iins[0]} or of ${names[0]}.

name: nosy_${severity}
table: bronze.${severity === 'block' ? 'alaqan_visits' : 'amocrm_contacts'}
severity: ${severity}
advice: Ask ${emails[0]}, ${phones[0]}.
*/
select * from bronze.${severity === 'block' ? 'alaqan_visits' : 'amocrm_contacts'}
`

const odd: Readonly<Record<string, JsonValue>> = {
  [proprietor]: [
    { event: 'entered', time: '25:00:00' },
    null,
    'entry',
    { event: proprietor, time: iins[0] ?? '' },
  ],
}

/** Every form in which a text can stand in what is sent. */
function forms(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1)
  const escaped = json.replace(/[^ -~]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const base64 = Buffer.from(value)
    .toString('base64')
    .replace(/.{0,4}=*$/, '')
  return [value, json, escaped, encodeURIComponent(value), base64]
}

it('nothing personal is told, and nothing secret', async () => {
  const fields = [
    { field_id: 7, field_name: 'БИН', field_code: null, field_type: 'text', values: [{ value: proprietor }] },
  ]
  const told = await openToldHub({
    channels: ['telegram', 'email', 'webhook'],
    language: 'ru',
    mail: { withLogin: true },
    world: listedWorld({
      leads: [
        lead({ id: 1, name: names[0] ?? '', custom_fields_values: fields }),
        { ...lead({ id: 2 }), price: phones[0] ?? '' },
      ],
      contacts: [
        { ...contact({ id: 10, phone: phones[0] ?? '', email: emails[0] ?? '' }), name: names[1] ?? '' },
        { ...contact({ id: 11, phone: phones[2] ?? '' }), created_at: -5 },
      ],
      companies: [company({ id: 20, custom_fields_values: fields })],
      users: [user(100, names[0] ?? '', emails[1])],
      visits: { '2025-01-29': gateDay(crowd), [day]: { ...gateDay([...crowd, ...iins]), ...odd } },
    }),
    now: '2025-01-31T05:00:00Z',
    startDate: '2025-01-29',
  })
  hub = told
  const said: string[] = []
  const does = async (...argv: readonly string[]): Promise<void> => {
    const { out, err } = await told.hubdwh(...argv, '--json', '--verbose')
    said.push(out, err)
  }
  await does('run')
  await mkdir(join(told.folder, 'checks'))
  for (const severity of ['block', 'warn']) {
    await writeFile(join(told.folder, `checks/nosy_${severity}.sql`), nosyCheck(severity))
  }
  told.clock.advance(3_600_000)
  told.world.setVisits(day, { [iins[0] ?? '']: [{ event: 'entry', time: '09:00:00' }], ...odd })
  await does('run')
  told.world.setVisits('2025-01-31', { data: iins[0] ?? '' })
  await does('load', 'alaqan', '--from', '2025-01-31', '--to', '2025-01-31')
  told.env.ALAQAN_API_KEY = 'a-key-that-is-wrong'
  await does('load', 'alaqan', '--iin', iins[0] ?? '')
  await does('check', '--notify')
  told.sandbox.revokeAccess()
  told.webhook.moods.push(500, 500)
  await does('run')
  told.env.HOOK = 'http://127.0.0.1:9/s3cr3t-path-of-the-hook'
  told.env.MAIL = 'another-secret-of-the-mail'
  told.clock.advance(25 * 3_600_000)
  await does('run')

  const { telegram, mail, webhook } = told
  const sent = [
    ...telegram.messages,
    ...telegram.sources,
    ...mail.mails.flatMap(({ raw, subject, text }) => [raw, subject, text]),
    ...webhook.received.map(({ body }) => body),
  ]
  const kinds = new Set(webhook.notices.map(({ kind }) => kind))
  expect([...kinds].sort()).toEqual(
    expect.arrayContaining(['check_failed', 'day_held', 'run_failed', 'test']),
  )
  expect(mail.mails.length).toBeGreaterThan(3)
  const memory = await readFile(join(told.folder, 'data/landing/notices.json'), 'utf8')
  const everything = [...sent, memory].join('\n')
  expect(personal.filter(value => forms(value).some(form => everything.includes(form)))).toEqual([])

  const secrets = [
    ...[
      told.sandbox.token,
      told.sandbox.apiKey,
      privacyKey,
      botToken,
      botToken.split(':')[1] ?? '',
      mailPassword,
    ],
    ...[
      webhookPath,
      's3cr3t-path-of-the-hook',
      webhookSecret,
      'a-key-that-is-wrong',
      'another-secret-of-the-mail',
    ],
  ]
  const heard = [everything, ...said].join('\n')
  expect(secrets.filter(value => forms(value).some(form => heard.includes(form)))).toEqual([])
})
