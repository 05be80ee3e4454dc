import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub, privacyKey } from '../hub.js'
import { company, contact, gateDay, lead, task, user } from './invented-account.js'
import { dumpOf } from './table-dump.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

const phones = ['+77015550101', '+77025550202']
const emails = ['invented.person@example.kz', 'second.invented@example.kz', 'manager.invented@example.kz']
const iins = ['650727300949', '880101400123']
/** The БИН of a sole proprietor is his ИИН. */
const proprietor = '750615301234'
/** What is no ИИН, but was meant to be one: it reaches the rejects. */
const misread = ['65072730094', '88010140012X']
/** What neither silver nor gold nor meta, no message and no manifest may show. */
const personal = [
  ...phones,
  ...phones.map(phone => phone.slice(1)),
  ...emails,
  ...iins,
  proprietor,
  ...misread,
]

async function opened(privacy?: readonly string[]): Promise<Hub> {
  const fields = [
    { field_id: 7, field_name: 'БИН', field_code: null, field_type: 'text', values: [{ value: proprietor }] },
  ]
  hub = await openHub({
    world: listedWorld({
      leads: [lead({ id: 1, custom_fields_values: fields }), { ...lead({ id: 2 }), price: phones[0] ?? '' }],
      contacts: [
        contact({ id: 10, phone: phones[0] ?? '', email: emails[0] ?? '' }),
        contact({ id: 11, phone: '8 (702) 555-02-02', email: ` ${emails[1]?.toUpperCase()} ` }),
        {
          ...contact({ id: 12 }),
          name: 7,
          custom_fields_values: [{ field_code: 'PHONE', values: [{ value: phones[1] ?? '' }] }],
        },
        { ...contact({ id: 13, phone: phones[1] ?? '' }), created_at: -5 },
      ],
      companies: [company({ id: 20, custom_fields_values: fields })],
      tasks: [task({ id: 30 })],
      users: [user(100, 'Айгерим', emails[2])],
      visits: {
        '2025-01-30': {
          ...gateDay([...iins, ...misread]),
          [proprietor]: [
            { event: 'entered', time: '25:00:00' },
            null,
            'entry',
            { event: proprietor, time: iins[0] ?? '' },
          ],
        },
      },
    }),
    now: '2025-01-31T05:00:00Z',
    startDate: '2025-01-30',
    ...(privacy ? { privacy } : {}),
  })
  return hub
}

function found(text: string, wanted: readonly string[]): readonly string[] {
  return wanted.filter(value => text.toLowerCase().includes(value.toLowerCase()))
}

/** Manifests and indexes of all packages: what lies beside the archive in plain text. */
async function landedTexts(folder: string): Promise<string> {
  const names = await readdir(join(folder, 'data/landing'), { recursive: true })
  const plain = names.filter(name => name.endsWith('.json') || name.endsWith('.ndjson'))
  const texts = await Promise.all(plain.map(name => readFile(join(folder, 'data/landing', name), 'utf8')))
  return `${names.join('\n')}\n${texts.join('\n')}`
}

describe('what is personal or secret', () => {
  it.each([
    ['by default', undefined],
    ['with everything hashed', [`key: \${HUBDWH_PRIVACY_KEY}`, 'phone: hash', 'email: hash']],
  ])('stands in no table but bronze, in no message and in no manifest, %s', async (_, privacy) => {
    const { hubdwh, folder, sandbox, ...rest } = await opened(privacy)
    const said: string[] = []
    for (const argv of [
      ['run', '--verbose', '--json'],
      ['load', 'alaqan', '--iin', iins[0] ?? '', '--verbose', '--json'],
      ['transform', '--full', '--verbose', '--json'],
      ['plan', '--json'],
      ['status', '--json', '--verbose'],
    ]) {
      const { exitCode, out, err } = await hubdwh(...argv)
      expect(exitCode, err).toBe(0)
      said.push(out, err)
    }
    const tables = await dumpOf({ hubdwh, folder, sandbox, ...rest }, 'silver', 'gold', 'meta')
    const manifests = await landedTexts(folder)
    const secrets = [sandbox.token, sandbox.apiKey, privacyKey]
    expect(tables.filter(row => found(row, [...personal, ...secrets]).length > 0)).toEqual([])
    expect(found(said.join('\n'), [...personal, ...secrets])).toEqual([])
    expect(found(manifests, [...personal, ...secrets])).toEqual([])
    expect(await rest.rows('select count(*) > 4 as is_many from meta.rejects')).toEqual([{ is_many: true }])
    expect(await rest.rows('select count(distinct iin) as n from silver.alaqan_visits')).toEqual([{ n: 2 }])
  })

  it('is not told by errors: an address with an ИИН, a token that is refused', async () => {
    const { hubdwh, sandbox, env } = await opened()
    sandbox.revokeAccess()
    env.ALAQAN_API_KEY = 'a-key-that-is-wrong'
    const one = await hubdwh('load', 'alaqan', '--iin', iins[0] ?? '', '--verbose', '--json')
    expect(one.exitCode).toBe(5)
    expect(found(one.out + one.err, [...personal, 'a-key-that-is-wrong'])).toEqual([])
    const wrong = await hubdwh('load', 'alaqan', '--iin', misread[1] ?? '', '--verbose', '--json')
    expect(wrong.exitCode).toBe(2)
    expect(found(wrong.out + wrong.err, personal)).toEqual([])
  })
})
