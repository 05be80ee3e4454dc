/** Erasing a person: from every layer and the archive, for good, and nobody else. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/json.js'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import {
  company,
  contact,
  gateDay,
  iins,
  lead,
  pipeline,
  someDay,
  task,
  user,
} from '../runs/invented-account.js'
import { dumpOf, unaccounted } from '../runs/table-dump.js'
import { filesThatHold } from './bytes-of-person.js'

// Each test is several whole runs.
vi.setConfig({ testTimeout: 240_000 })

let hub: Hub
afterEach(() => hub.close())

const erasureKey = 'e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'
const [visitor, other, third] = iins
/** A sole proprietor, born in 2001: his number field has lost the zeros. */
const proprietor = '010203500781'
const person = { name: 'Серик Выдуманов', phone: '+77015550101', email: 'serik.vydumanov@example.kz' }

const bin = (value: JsonValue): JsonObject => ({
  field_id: 7,
  field_name: 'БИН',
  field_code: null,
  field_type: typeof value === 'number' ? 'numeric' : 'text',
  values: [{ value }],
})

function theWorld() {
  return listedWorld({
    pipelines: [pipeline(1, 'Основная')],
    users: [user(100, 'Айгерим')],
    leads: [
      lead({
        id: 1,
        name: `Заявка ${person.name}, тел. 8 701 555-01-01`,
        _embedded: { tags: [], companies: [], contacts: [{ id: 10, is_main: true }] },
      }),
      lead({ id: 2, name: 'Другая заявка', custom_fields_values: [bin(visitor)] }),
      lead({ id: 3, name: `Пропуск для ИИН ${visitor.slice(0, 6)} ${visitor.slice(6)}` }),
      lead({ id: 4, name: 'Третья', custom_fields_values: [bin(Number(proprietor))] }),
      { ...lead({ id: 5 }), price: 'неизвестно' },
    ],
    contacts: [
      { ...contact({ id: 9, phone: '+77010000009' }), name: 9 },
      contact({
        id: 10,
        name: person.name,
        first_name: 'Серик',
        last_name: 'Выдуманов',
        phone: person.phone,
        email: person.email,
        _embedded: { tags: [], companies: [{ id: 20 }], leads: [{ id: 1 }] },
      }),
      contact({ id: 11, name: 'Марат Придуманов', phone: '+77025550202', email: 'marat@example.kz' }),
      { ...contact({ id: 12 }), name: 7 },
    ],
    companies: [
      company({ id: 20, name: `ИП ${person.name}`, custom_fields_values: [bin('050140001234')] }),
      company({ id: 21, name: 'ТОО Чужое' }),
    ],
    tasks: [
      task({ id: 30, entity_id: 10, entity_type: 'contacts', text: `Позвонить: ${person.name}` }),
      task({ id: 31, entity_id: 1, text: `Написать на ${person.email.toUpperCase()}, ${person.name}` }),
      task({ id: 32, entity_id: 2 }),
    ],
    events: [
      event('01aaaaaaaaaaaaaaaaaaaaaaaa', 'contact', 10, [{ note: { text: person.name } }]),
      event('01bbbbbbbbbbbbbbbbbbbbbbbb', 'lead', 2, [{ note: { text: `ИИН: ${visitor}` } }]),
      event('01cccccccccccccccccccccccc', 'contact', 11, []),
    ],
    visits: {
      '2025-01-28': gateDay([visitor, other]),
      '2025-01-29': {
        ...gateDay([other, visitor, third]),
        [`${visitor}9`]: [{ event: 'entry', time: '07:00:00' }],
      },
      '2025-01-30': { ...gateDay([third]), '12': [null, { event: visitor, time: '08:00:00' }] },
    },
  })
}

function event(id: string, entityType: string, entityId: number, after: readonly JsonObject[]): JsonObject {
  return {
    id,
    type: 'common_note_added',
    entity_id: entityId,
    entity_type: entityType,
    created_by: 100,
    created_at: someDay,
    value_after: after,
    value_before: [],
  }
}

async function opened(): Promise<Hub> {
  hub = await openHub({
    world: theWorld(),
    now: '2025-01-31T05:00:00Z',
    startDate: '2025-01-28',
    privacy: [`key: \${HUBDWH_PRIVACY_KEY}`, `erasure_key: \${HUBDWH_ERASURE_KEY}`],
    env: { HUBDWH_ERASURE_KEY: erasureKey },
  })
  return hub
}

async function done(...argv: readonly string[]) {
  const ended = await hub.hubdwh(...argv, '--json')
  expect(ended.exitCode, ended.err).toBe(0)
  return ended
}

const data = () => join(hub.folder, 'data')
/** Digits as they stand in the gate's key are found in the JSON of that key too. */
const ofVisitor = [visitor, `${visitor.slice(0, 6)} ${visitor.slice(6)}`]
const ofContact = [person.name, person.phone, person.email, '701 555-01-01', person.email.toUpperCase()]

/** Tables without what differs from run to run, and without rows in which a text stands. */
async function dumpWithout(texts: readonly string[]): Promise<readonly string[]> {
  const rows = await dumpOf(hub, 'silver', 'gold')
  return rows.filter(row => !texts.some(text => row.includes(text)))
}

describe('forget --iin', () => {
  it('leaves nothing of the person in the data folder, in any encoding', async () => {
    await opened()
    await done('run')
    await done('load', 'alaqan', '--iin', visitor)
    expect((await filesThatHold(data(), ofVisitor)).length).toBeGreaterThan(4)
    const { json, out, err } = await done('forget', '--iin', visitor, '--yes', '--verbose')
    expect(await filesThatHold(data(), ofVisitor)).toEqual([])
    expect(out + err).not.toContain(visitor.slice(-4))
    expect(json).toMatchObject({ found: true, erased_before: false, erased: { archive: { removed: 1 } } })
    expect(existsSync(join(data(), 'warehouse.duckdb.wal'))).toBe(false)
    expect(await unaccounted(hub)).toEqual([])
  })

  it('leaves everybody else as they were', async () => {
    await opened()
    await done('run')
    const before = await dumpWithout([visitor.slice(-4), '"lead_id":2', '"lead_id":3'])
    await done('forget', '--iin', visitor, '--yes')
    const after = await dumpWithout(['"lead_id":2', '"lead_id":3'])
    expect(after).toEqual(before)
    expect(
      await hub.rows(
        'select lead_name, cf_bin from silver.amocrm_leads where lead_id in (2, 3) order by lead_id',
      ),
    ).toEqual([
      { lead_name: 'Другая заявка', cf_bin: null },
      { lead_name: 'Пропуск для ИИН ************', cf_bin: null },
    ])
  })

  it('is not undone by a source that still shows the person, nor by building everything anew', async () => {
    await opened()
    await done('run')
    await done('forget', '--iin', visitor, '--yes')
    const erased = await dumpOf(hub, 'silver', 'gold')
    const bronze = await dumpOf(hub, 'bronze')
    const { json } = await done('run')
    expect(await dumpOf(hub, 'bronze')).toEqual(bronze)
    expect(json).toMatchObject({ ok: true })
    await done('load', 'amocrm', '--full')
    await done('transform', '--full')
    expect(await filesThatHold(data(), ofVisitor)).toEqual([])
    expect(await dumpOf(hub, 'silver', 'gold')).toEqual(erased)
    expect(
      await hub.rows(
        'select sum(erased) > 0 as is_counted from meta.reconciliation where load_id is not null',
      ),
    ).toEqual([{ is_counted: true }])
    expect(await unaccounted(hub)).toEqual([])
  })

  it('finds a number that has lost its zeros', async () => {
    await opened()
    await done('run')
    expect(
      await hub.rows('select cf_bin is not null as is_there from silver.amocrm_leads where lead_id = 4'),
    ).toEqual([{ is_there: true }])
    await done('forget', '--iin', proprietor, '--yes')
    expect(await hub.rows('select cf_bin from silver.amocrm_leads where lead_id = 4')).toEqual([
      { cf_bin: null },
    ])
    expect(await filesThatHold(data(), [String(Number(proprietor))])).toEqual([])
  })

  it('remembers a person who never came, and does not load them', async () => {
    await opened()
    const { json } = await done('forget', '--iin', visitor, '--yes')
    expect(json).toMatchObject({ found: false, erased_before: false })
    await done('run')
    expect(await filesThatHold(data(), ofVisitor)).toEqual([])
    expect(await hub.rows('select count(distinct iin) as n from silver.alaqan_visits')).toEqual([{ n: 2 }])
    const refused = await hub.hubdwh('load', 'alaqan', '--iin', visitor, '--json')
    expect(refused).toMatchObject({ exitCode: 2, json: { error: { code: 'person_erased' } } })
    expect(refused.out + refused.err).not.toContain(visitor)
  })

  it('is not undone where the warehouse is lost', async () => {
    await opened()
    await done('run')
    await done('forget', '--iin', visitor, '--yes')
    await rm(join(data(), 'warehouse.duckdb'))
    await done('run')
    expect(await filesThatHold(data(), ofVisitor)).toEqual([])
  })

  it('is not undone where the landing is lost with its list of the erased', async () => {
    await opened()
    await done('run')
    await done('forget', '--iin', visitor, '--yes')
    await rm(join(data(), 'landing'), { recursive: true })
    await done('load', 'alaqan', '--from', '2025-01-28', '--to', '2025-01-30')
    expect(await filesThatHold(data(), ofVisitor)).toEqual([])
  })
})

describe('forget --contact', () => {
  it('leaves nothing of the person in the data folder, and stars where others name the person', async () => {
    await opened()
    await done('run')
    expect((await filesThatHold(data(), ofContact)).length).toBeGreaterThan(4)
    const before = await dumpWithout([
      '"contact_id":10',
      '"lead_id":1,',
      '"company_id":20',
      '"task_id":30',
      '"task_id":31',
    ])
    const { out, err } = await done('forget', '--contact', '10', '--yes', '--verbose')
    expect(await filesThatHold(data(), ofContact)).toEqual([])
    expect(out + err).not.toContain('Выдуманов')
    const after = await dumpWithout(['"lead_id":1,', '"company_id":20', '"task_id":30', '"task_id":31'])
    expect(after).toEqual(before)
    expect(await hub.rows('select lead_name from silver.amocrm_leads where lead_id = 1')).toEqual([
      { lead_name: 'Заявка ***, тел. ***' },
    ])
    expect(await hub.rows('select company_name from silver.amocrm_companies where company_id = 20')).toEqual([
      { company_name: 'ИП ***' },
    ])
    expect(await hub.rows('select task_id, text from silver.amocrm_tasks order by task_id')).toEqual([
      { task_id: 31, text: 'Написать на ***, ***' },
      { task_id: 32, text: 'Позвонить 32' },
    ])
    expect(await hub.rows('select id from bronze.amocrm_events order by id')).toHaveLength(2)
    expect(await unaccounted(hub)).toEqual([])
  })

  it('is not undone by a source that still shows the person', async () => {
    await opened()
    await done('run')
    await done('forget', '--contact', '10', '--yes')
    const [bronze, built] = [await dumpOf(hub, 'bronze'), await dumpOf(hub, 'silver', 'gold')]
    const { json } = await done('load', 'amocrm', '--full')
    expect(json).toMatchObject({ ok: true })
    await done('run')
    await done('transform', '--full')
    expect(await filesThatHold(data(), ofContact)).toEqual([])
    expect(await dumpOf(hub, 'bronze')).toEqual(bronze)
    expect(await dumpOf(hub, 'silver', 'gold')).toEqual(built)
    expect(await unaccounted(hub)).toEqual([])
  })

  it('keeps the rejects of others, where they stand now', async () => {
    await opened()
    await done('run')
    const rejects = () =>
      hub.rows(
        "select record, origin from meta.rejects where table_name = 'bronze.amocrm_contacts' order by origin",
      )
    expect((await rejects()).map(row => row.origin)).toEqual(['answer 0, record 0', 'answer 0, record 3'])
    await done('forget', '--contact', '10', '--yes')
    expect((await rejects()).map(row => row.origin)).toEqual(['answer 0, record 0', 'answer 0, record 2'])
  })
})

describe('forgetting', () => {
  it.each([
    ['an ИИН', ['--iin', visitor]],
    ['a contact', ['--contact', '10']],
  ])('is not undone where Bronze is read again from the archive: %s', async (_, whom) => {
    await opened()
    await done('run')
    await done('load', 'alaqan', '--iin', visitor)
    await done('run')
    await done('forget', ...whom, '--yes')
    const built = await dumpOf(hub, 'silver', 'gold')
    await done('transform', '--replay', '2025-01-01')
    expect(await filesThatHold(data(), whom.includes('10') ? ofContact : ofVisitor)).toEqual([])
    expect(await dumpOf(hub, 'silver', 'gold')).toEqual(built)
    expect(await unaccounted(hub)).toEqual([])
  })

  it('is done again without doing anything', async () => {
    await opened()
    await done('run')
    await done('forget', '--iin', visitor, '--yes')
    const before = await dumpOf(hub, 'bronze', 'silver', 'gold')
    const { json } = await done('forget', '--iin', visitor, '--yes')
    expect(json).toMatchObject({ found: false, erased_before: true })
    expect(await dumpOf(hub, 'bronze', 'silver', 'gold')).toEqual(before)
    expect(await hub.rows('select count(*) as n from meta.erasures')).toEqual([{ n: 1 }])
  })

  it('leaves a record of how much, without the person', async () => {
    await opened()
    await done('run')
    await done('forget', '--contact', '10', '--yes')
    const [row] = await hub.rows('select kind, subject_hash, erased from meta.erasures')
    expect(row?.kind).toBe('contact')
    expect(row?.subject_hash).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.parse(String(row?.erased))).toMatchObject({ bronze: { deleted: 3 } })
  })

  it('keeps the tables and views of others in the file, also those that refer to each other', async () => {
    await opened()
    await done('run')
    const path = join(data(), 'warehouse.duckdb')
    const instance = await DuckDBInstance.create(path)
    const theirs = await instance.connect()
    await theirs.run(`
      create schema mine;
      create table mine.towers (id integer primary key, name varchar);
      create table mine.flats (tower integer references mine.towers (id));
      insert into mine.towers values (1, 'C1');
      insert into mine.flats values (1);
      comment on table mine.towers is 'корпуса';
      create view mine.leads as select count(*) as n from silver.amocrm_leads;
      create macro mine.twice(x) as 2 * x;`)
    theirs.closeSync()
    instance.closeSync()
    await done('forget', '--contact', '10', '--yes')
    expect(await hub.rows('select * from mine.flats join mine.towers on tower = id')).toEqual([
      { tower: 1, id: 1, name: 'C1' },
    ])
    expect(await hub.rows('select n, mine.twice(n) as twice from mine.leads')).toEqual([{ n: 4, twice: 8 }])
    expect(
      await hub.rows(
        "select comment from duckdb_tables() where table_name in ('towers', 'alaqan_visits') order by 1",
      ),
    ).toHaveLength(3)
  })

  it('needs its key, and says how to make one', async () => {
    await opened()
    await hub.configure(text => text.replace(/^.*erasure_key.*\n/m, ''))
    expect(await hub.hubdwh('forget', '--iin', visitor, '--yes', '--json')).toMatchObject({
      exitCode: 2,
      json: { error: { code: 'erasure_key_missing', advice: expect.stringContaining('openssl rand') } },
    })
  })

  it.each([
    ['is missing', undefined, 'erasure_key_missing'],
    ['is another', erasureKey.replaceAll('e', 'd'), 'erasure_key_changed'],
  ])('lets nothing be loaded where its key %s', async (_, key, code) => {
    await opened()
    await done('forget', '--iin', visitor, '--yes')
    if (key === undefined) await hub.configure(text => text.replace(/^.*erasure_key.*\n/m, ''))
    else hub.env.HUBDWH_ERASURE_KEY = key
    for (const argv of [['run'], ['load', 'alaqan'], ['load', 'amocrm', 'leads']]) {
      expect(await hub.hubdwh(...argv, '--json'), argv.join(' ')).toMatchObject({
        exitCode: 2,
        json: { error: { code } },
      })
    }
    expect(await filesThatHold(data(), [...iins, ...ofContact])).toEqual([])
  })

  it('asks before it does anything, and does nothing where nobody can answer', async () => {
    await opened()
    await done('run')
    expect(await hub.hubdwh('forget', '--iin', visitor, '--json')).toMatchObject({
      exitCode: 2,
      json: { error: { code: 'confirmation_missing' } },
    })
    expect(
      await hub.rows('select count(*) as n from bronze.alaqan_visits where iin is not null'),
    ).not.toEqual([{ n: 0 }])
    expect(existsSync(join(data(), 'landing/erased.json'))).toBe(false)
  })
})
