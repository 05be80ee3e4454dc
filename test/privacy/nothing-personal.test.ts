/** The proof that personal data stays where it belongs (decisions "Masking"), on a generated world. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { generatedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub, privacyKey } from '../hub.js'
import { dumpOf } from '../runs/table-dump.js'
import { filesUnder, type PersonalData, personalDataIn, personalIn, secretsIn } from './personal-data.js'

let hub: Hub | undefined
vi.setConfig({ testTimeout: 240_000 })
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

async function opened(privacy?: readonly string[]): Promise<Hub> {
  hub = await openHub({
    world: generatedWorld({ seed: 7, leads: 120, people: 40, from: '2025-01-06', to: '2025-01-19' }),
    now: '2025-01-20T03:00:00Z',
    startDate: '2025-01-06',
    ...(privacy ? { privacy } : {}),
  })
  return hub
}

const landingOf = ({ folder }: Hub) => join(folder, 'data/landing')

/** Commands at every level of telling, those among them that fail. */
async function everythingSaid({ hubdwh, sandbox }: Hub, person: string): Promise<string> {
  const said: string[] = []
  const commands = [
    'run',
    'plan',
    'status',
    'check',
    'discover',
    'quality',
    'rejects',
    'transform --full',
    'rejects --replay',
  ]
  for (const command of commands) {
    for (const level of [['--verbose'], ['--verbose', '--json'], ['--quiet']]) {
      const { out, err } = await hubdwh(...command.split(' '), ...level)
      said.push(out, err)
    }
  }
  for (const argv of [
    ['load', 'alaqan', '--iin', person, '--verbose', '--json'],
    ['load', 'alaqan', '--iin', `${person}1`, '--verbose', '--json'],
    ['load', 'alaqan', `--ien=${person}`, '--verbose'],
    ['sql', 'select * from silver.amocrm_contacts', '--json'],
  ]) {
    const { out, err } = await hubdwh(...argv)
    // What silver holds of contacts are their names; all else is held against the whole list.
    said.push(argv[0] === 'sql' ? '' : out, err)
  }
  sandbox.revokeAccess()
  for (const argv of [
    ['run', '--verbose', '--json'],
    ['load', 'amocrm', '--verbose'],
    ['check', '--json'],
  ]) {
    const { out, err } = await hubdwh(...argv)
    said.push(out, err)
  }
  return said.join('\n')
}

async function plainFiles({ folder }: Hub): Promise<string> {
  const names = (await filesUnder(folder)).filter(name => !/\.gz$|\.duckdb$|hubdwh\.yaml$/.test(name))
  const texts = await Promise.all(names.map(name => readFile(join(folder, name), 'utf8')))
  return [...names, ...texts].join('\n')
}

function expectMuch({ numbers, emails, names }: PersonalData): void {
  expect(numbers.size).toBeGreaterThan(80)
  expect(emails.size).toBeGreaterThan(20)
  expect(names.size).toBeGreaterThan(20)
}

describe('what is personal', () => {
  it.each([
    ['by default', undefined],
    ['with everything hashed', [`key: \${HUBDWH_PRIVACY_KEY}`, 'phone: hash', 'email: hash']],
  ])('stays in bronze and the archive, %s', async (_, privacy) => {
    const opening = await opened(privacy)
    expect((await opening.hubdwh('run')).exitCode).toBe(0)
    const data = await personalDataIn(landingOf(opening))
    expectMuch(data)
    const person = [...data.numbers].find(number => number.length === 12) ?? ''
    const said = await everythingSaid(opening, person)

    const inBronze = personalIn((await dumpOf(opening, 'bronze')).join('\n'), data, 'with names')
    expect(inBronze.length, 'the search finds what is there').toBeGreaterThan(140)
    expect(personalIn((await dumpOf(opening, 'silver', 'gold')).join('\n'), data, 'without names')).toEqual(
      [],
    )
    expect(personalIn((await dumpOf(opening, 'meta')).join('\n'), data, 'with names')).toEqual([])
    expect(personalIn(said, data, 'with names')).toEqual([])
    expect(personalIn(await plainFiles(opening), data, 'with names')).toEqual([])
  })
})

describe('what is secret', () => {
  it('stands in no table, no message and no file of the data folder', async () => {
    const opening = await opened()
    expect((await opening.hubdwh('run')).exitCode).toBe(0)
    const said = await everythingSaid(opening, '650727300949')
    const secrets = [opening.sandbox.token, opening.sandbox.apiKey, privacyKey]
    const tables = await dumpOf(opening, 'bronze', 'silver', 'gold', 'meta')
    expect(secretsIn(tables.join('\n'), secrets)).toEqual([])
    expect(secretsIn(said, secrets)).toEqual([])
    expect(secretsIn(await plainFiles(opening), secrets)).toEqual([])
    expect(secretsIn(`a header ${Buffer.from(privacyKey).toString('base64')}`, secrets)).toEqual([privacyKey])
  })
})

describe('the search', () => {
  const data = {
    numbers: new Set(['77015550101']),
    emails: new Set(['a.person@example.kz']),
    names: new Set<string>(),
  }

  it.each([
    ['plain', 'call +77015550101 now'],
    ['as people write it', '7 (701) 555-01-01'],
    ['in a URL', 'query=%2B7701555%30%31%301'],
    ['in base64', Buffer.from('{"phone":"77015550101"}').toString('base64')],
    ['in base64, from the middle', `x${Buffer.from('my number is 77015550101').toString('base64')}`],
    ['in hex', Buffer.from('77015550101').toString('hex')],
    ['escaped', '\\u0037\\u0037015550101'],
    ['as UTF-16', Buffer.from('77015550101', 'utf16le').toString('latin1')],
    ['an e-mail in capitals', 'Mail A.PERSON@EXAMPLE.KZ!'],
  ])('finds a value %s', (_, text) => {
    expect(personalIn(text.replace('KZ!', 'KZ'), data, 'with names')).toHaveLength(1)
  })

  it('finds nothing in what is masked', () => {
    expect(personalIn('+7701*****01 a***@example.kz ********0101', data, 'with names')).toEqual([])
  })
})
