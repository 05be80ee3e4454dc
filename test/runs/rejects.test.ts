import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { listPackages } from '../../src/landing/load-package.js'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { openDuckdb } from '../../src/warehouse/duckdb/file.js'
import { type Hub, openHub } from '../hub.js'
import { gateDay, iins, lead, user } from './invented-account.js'
import { dumpOf, unaccounted } from './table-dump.js'

// Each test is several runs of the real command; a machine may have other work.
vi.setConfig({ testTimeout: 240_000 })

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

async function did(of: Hub, ...argv: readonly string[]): Promise<void> {
  const { exitCode, err } = await of.hubdwh(...argv)
  expect(exitCode, `${argv.join(' ')}: ${err}`).toBe(0)
}

/** Changes the warehouse behind the program's back. */
async function tamper(of: Hub, sql: string): Promise<void> {
  const engine = await openDuckdb({
    path: join(of.folder, 'data/warehouse.duckdb'),
    access: 'write',
    timeZone: 'Asia/Almaty',
    timeAs: 'time',
    clock: of.clock,
  })
  await engine.run(sql)
  await engine.close()
}

describe('rejects', () => {
  it('is kind where nothing is set aside', async () => {
    hub = await openHub({ world: listedWorld({ leads: [lead({ id: 1 })] }), now: '2025-02-28T05:00:00Z' })
    await did(hub, 'load', 'amocrm', 'leads')
    expect(await hub.hubdwh('rejects')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('Nothing is set aside'),
    })
    expect((await hub.hubdwh('rejects', '--replay', '--skip-code')).exitCode).toBe(99)
  })

  it('shows them by table and rule, with masked examples, and chooses among them', async () => {
    hub = await openHub({
      world: listedWorld({
        leads: [lead({ id: 1 }), 'odd', lead({ id: 2, price: 'ten' }), lead({ id: 3, price: 'eleven' })],
        visits: {
          '2025-02-27': {
            [iins[0]]: [{ event: 'entry', time: '25:00:00' }],
            '123': gateDay([iins[1]])[iins[1]] ?? [],
          },
        },
      }),
      now: '2025-02-28T05:00:00Z',
      startDate: '2025-02-27',
    })
    await did(hub, 'run')
    const { out, json } = await hub.hubdwh('rejects', '--json')
    expect(json.rejects).toMatchObject([
      { table: 'bronze.amocrm_leads', rule: 'not_an_object', count: 1 },
      {
        ...{ table: 'bronze.amocrm_leads', rule: 'wrong_type', count: 2 },
        examples: [{ detail: 'price is not bigint' }, { origin: 'answer 0, record 3' }],
      },
      { table: 'silver.alaqan_visits', rule: 'iin_format', count: 2 },
      { table: 'silver.alaqan_visits', rule: 'time_invalid', count: 1 },
    ])
    expect(out).not.toContain(iins[0])
    expect((await hub.hubdwh('rejects')).out).toContain('price is not bigint: {"id":2,')
    const chosen = async (...argv: readonly string[]) =>
      (await hub?.hubdwh('rejects', '--json', ...argv))?.json.rejects
    expect(await chosen('--source', 'alaqan', '--rule', 'time_invalid', '--limit', '0')).toMatchObject([
      { rule: 'time_invalid', examples: [] },
    ])
    expect(await chosen('--table', 'bronze.amocrm_leads')).toHaveLength(2)
    expect((await hub.hubdwh('rejects', '--table', 'bronze.amocrm_lead')).exitCode).toBe(2)
  })
})

/** Plays an earlier version, by whose rules these records of a load did not pass: each row becomes a reject. */
function asIfRejected(table: string, rows: string, place: string, more = ''): string {
  return `
    create temp table early as select *, ${place} as origin from ${table} where ${rows};
    insert into meta.rejects
      select load_id, '${table}', 'earlier_rule', 'by an earlier version', '{}', loaded_at, null, origin from early;
    delete from ${table} as held using early where held.load_id = early.load_id and ${more};
    update meta.loads set rows = rows - lost.n, rejects = rejects + lost.n
      from (select load_id, count(*) as n from early group by load_id) as lost
      where loads.load_id = lost.load_id;
    update meta.reconciliation as counted set stored = stored - lost.n, rejected = rejected + lost.n
      from (select load_id, count(*) as n from early group by load_id) as lost
      where counted.load_id = lost.load_id`
}

describe('rejects --replay', () => {
  async function loaded(): Promise<Hub> {
    hub = await openHub({
      world: listedWorld({
        leads: [1, 2, 3].map(id => lead({ id, price: id })),
        users: [user(100, 'Айгерим'), user(101, 'Сауле')],
        visits: { '2025-02-27': gateDay(iins.slice(0, 2)) },
      }),
      now: '2025-02-28T05:00:00Z',
      startDate: '2025-02-27',
    })
    await did(hub, 'load', 'alaqan')
    await did(hub, 'load', 'amocrm', 'leads', 'users', 'events')
    hub.clock.advance(3_600_000)
    hub.world.edit('leads', 2, { price: 20 })
    await did(hub, 'load', 'alaqan')
    await did(hub, 'load', 'amocrm', 'leads', 'users', 'events')
    await did(hub, 'transform')
    return hub
  }

  const tables = (of: Hub) => dumpOf(of, 'bronze', 'silver', 'gold')
  const ledger = (of: Hub) => of.rows('select * from meta.loads order by loaded_at, load_id')

  it('brings in what passes now, under the load that brought it, and rebuilds what rests on it', async () => {
    const of = await loaded()
    const [before, lines] = [await tables(of), await ledger(of)]
    // A version of a lead that a later one supersedes, a lead that has no other row, and a user.
    await tamper(
      of,
      asIfRejected(
        'bronze.amocrm_leads',
        'id in (1, 2) and price < 10',
        "'answer 0, record ' || (id - 1)",
        'held.id = early.id',
      ),
    )
    await tamper(
      of,
      asIfRejected('bronze.amocrm_users', 'id = 101', "'answer 0, record 1'", 'held.id = early.id'),
    )
    await did(of, 'transform', '--full')
    expect(await of.rows('select count(*) as n from silver.amocrm_leads')).toEqual([{ n: 2 }])
    const { exitCode, json, err } = await of.hubdwh('rejects', '--replay', '--json')
    expect(exitCode, err).toBe(0)
    expect(json.rejects).toEqual([
      { table: 'bronze.amocrm_leads', rule: 'earlier_rule', passed: 2, stayed: [] },
      { table: 'bronze.amocrm_users', rule: 'earlier_rule', passed: 1, stayed: [] },
    ])
    expect(await tables(of)).toEqual(before)
    expect(await ledger(of)).toEqual(lines)
    expect(await of.rows('select * from meta.rejects')).toEqual([])
    expect(await unaccounted(of)).toEqual([])
    const again = await of.hubdwh('rejects', '--replay', '--json')
    expect(again.json).toMatchObject({ rejects: [], models: [] })
    expect(await tables(of)).toEqual(before)
  })

  it('takes for unchanged what a later load has brought meanwhile', async () => {
    const of = await loaded()
    const lines = await of.rows("select load_id from meta.loads where entity = 'users' order by loaded_at")
    const [first, second] = lines.map(line => String(line.load_id))
    await tamper(
      of,
      `${asIfRejected('bronze.amocrm_users', 'id = 101', "'answer 0, record 1'", 'held.id = early.id')};
       insert into bronze.amocrm_users by name
         select * exclude (origin) replace ('${second}' as load_id, loaded_at + interval 1 hour as loaded_at)
         from early;
       update meta.loads set rows = rows + 1, unchanged = unchanged - 1 where load_id = '${second}';
       update meta.reconciliation set stored = stored + 1, unchanged = unchanged - 1 where load_id = '${second}'`
        .replace("select * replace ('", "select * exclude (origin) replace ('")
        .replace(' exclude (origin) from early', ' from early'),
    )
    await did(of, 'rejects', '--replay')
    expect(await of.rows('select load_id from bronze.amocrm_users where id = 101')).toEqual([
      { load_id: second },
    ])
    expect(
      await of.rows(`select rows, unchanged, rejects from meta.loads where load_id = '${first}'`),
    ).toEqual([{ rows: 1, unchanged: 1, rejects: 0 }])
    expect(await unaccounted(of)).toEqual([])
  })

  it('brings in visits under the load that holds their day', async () => {
    const of = await loaded()
    const before = await tables(of)
    await tamper(
      of,
      asIfRejected(
        'bronze.alaqan_visits',
        `iin = '${iins[1]}' and event_no = 0`,
        "'answer 0, record 2'",
        'held.iin = early.iin and held.event_no = early.event_no',
      ),
    )
    await did(of, 'transform', '--full')
    expect(await of.rows('select count(*) as n from silver.alaqan_visits')).toEqual([{ n: 3 }])
    const { json } = await of.hubdwh('rejects', '--replay', '--json')
    expect(json.rejects).toMatchObject([{ table: 'bronze.alaqan_visits', passed: 1, stayed: [] }])
    expect(await tables(of)).toEqual(before)
    expect(await unaccounted(of)).toEqual([])
  })

  it('lets a visit wait whose day an earlier load holds that cannot be read again', async () => {
    const of = await loaded()
    const loads = await of.rows("select load_id from meta.loads where source = 'alaqan' order by loaded_at")
    const [first, second] = loads.map(line => String(line.load_id))
    await tamper(
      of,
      `${asIfRejected(
        'bronze.alaqan_visits',
        `iin = '${iins[1]}' and event_no = 0`,
        "'answer 0, record 2'",
        'held.iin = early.iin and held.event_no = early.event_no',
      )};
       insert into meta.rejects select * replace ('${second}' as load_id) from meta.rejects;
       update meta.loads set unchanged = unchanged - 1, rejects = rejects + 1 where load_id = '${second}';
       update meta.reconciliation set unchanged = unchanged - 1, rejected = rejected + 1 where load_id = '${second}'`,
    )
    const { packages } = await listPackages(join(of.folder, 'data/landing'), { source: 'alaqan' })
    for (const { dir, manifest } of packages)
      if (manifest.loadId === first) await rm(dir, { recursive: true })
    const { json } = await of.hubdwh('rejects', '--replay', '--json')
    expect(json.rejects).toMatchObject([
      {
        passed: 0,
        stayed: [
          { count: 1, why: 'the archive no longer has their load' },
          { count: 1, why: 'the load that holds their day has not let them pass' },
        ],
      },
    ])
    expect(await unaccounted(of)).toEqual([])
  })

  it('takes back that a record of a whole list was gone, which was only set aside', async () => {
    const of = await loaded()
    const [before, lines] = [await tables(of), await ledger(of)]
    const loads = await of.rows("select load_id from meta.loads where entity = 'users' order by loaded_at")
    const second = String(loads.at(-1)?.load_id)
    await tamper(
      of,
      `insert into bronze.amocrm_users (id, is_deleted, row_source, observed_at, row_hash, loaded_at, load_id)
         select 101, true, 'sweep', started_at, 'gone', loaded_at, load_id from meta.loads where load_id = '${second}';
       insert into meta.rejects
         select load_id, table_name, 'earlier_rule', '', '{}', loaded_at, null, 'answer 0, record 1'
         from meta.loads where load_id = '${second}';
       update meta.loads
         set unchanged = unchanged - 1, rejects = rejects + 1, rows = rows + 1, inferred = inferred + 1
         where load_id = '${second}';
       update meta.reconciliation set unchanged = unchanged - 1, rejected = rejected + 1 where load_id = '${second}'`,
    )
    await did(of, 'transform', '--full')
    expect(await of.rows('select is_active from silver.amocrm_users where user_id = 101')).toEqual([
      { is_active: false },
    ])
    await did(of, 'rejects', '--replay')
    expect(await tables(of)).toEqual(before)
    expect(await ledger(of)).toEqual(lines)
    expect(await unaccounted(of)).toEqual([])
  })

  it('brings in an event with what it tells of its record', async () => {
    const world = listedWorld({ leads: [lead({ id: 1 })], contacts: [], events: [] })
    hub = await openHub({ world, now: '2025-02-28T05:00:00Z' })
    const of = hub
    await did(of, 'load', 'amocrm', 'leads')
    of.clock.advance(60_000)
    world.remove('leads', 1)
    of.clock.advance(60_000)
    await did(of, 'load', 'amocrm', 'events')
    await did(of, 'transform')
    const [before, lines] = [await tables(of), await ledger(of)]
    expect(lines.map(({ mode }) => mode)).toContain('events')
    await tamper(
      of,
      `${asIfRejected('bronze.amocrm_events', 'true', "'answer 0, record 0'", 'true')};
       delete from bronze.amocrm_leads where row_source = 'event';
       delete from meta.loads where mode = 'events'`,
    )
    await did(of, 'transform', '--full')
    await did(of, 'rejects', '--replay')
    expect(await tables(of)).toEqual(before)
    expect(await ledger(of)).toEqual(lines)
  })

  it('keeps what still breaks a rule, under the rule that it breaks now', async () => {
    hub = await openHub({
      world: listedWorld({ leads: ['odd', lead({ id: 1 })] }),
      now: '2025-02-28T05:00:00Z',
    })
    await did(hub, 'load', 'amocrm', 'leads')
    await tamper(hub, "update meta.rejects set rule = 'earlier_rule'")
    const { json } = await hub.hubdwh('rejects', '--replay', '--json')
    expect(json.rejects).toEqual([
      {
        ...{ table: 'bronze.amocrm_leads', rule: 'earlier_rule', passed: 0 },
        stayed: [{ count: 1, why: 'they still break a rule' }],
      },
    ])
    expect(await hub.rows('select rule from meta.rejects')).toEqual([{ rule: 'not_an_object' }])
  })

  it('keeps what the archive no longer has, and says so', async () => {
    hub = await openHub({
      world: listedWorld({ leads: ['odd', lead({ id: 1 })] }),
      now: '2025-02-28T05:00:00Z',
    })
    await did(hub, 'load', 'amocrm', 'leads')
    const { packages } = await listPackages(join(hub.folder, 'data/landing'))
    for (const { dir } of packages) await rm(dir, { recursive: true })
    const { exitCode, json, out } = await hub.hubdwh('rejects', '--replay', '--json')
    expect(exitCode, out).toBe(0)
    expect(json.rejects).toMatchObject([
      { stayed: [{ count: 1, why: 'the archive no longer has their load' }] },
    ])
    expect(await hub.rows('select count(*) as n from meta.rejects')).toEqual([{ n: 1 }])
  })

  it('rebuilds the intervals of what silver has set aside, and keeps when that was first', async () => {
    hub = await openHub({
      world: listedWorld({
        visits: { '2025-02-27': { ...gateDay([iins[0]]), '123': [{ event: 'entry', time: '09:00:00' }] } },
      }),
      now: '2025-02-28T05:00:00Z',
      startDate: '2025-02-27',
    })
    await did(hub, 'load', 'alaqan')
    await did(hub, 'transform')
    const before = await hub.rows('select * from meta.rejects')
    expect(before).toHaveLength(1)
    hub.clock.advance(3_600_000)
    await tamper(
      hub,
      `insert into meta.rejects
         select * replace ('time_invalid' as rule, 'byDate 2025-02-27 event 7' as origin) from meta.rejects;
       delete from silver.alaqan_visits where event = 'exit'`,
    )
    const { json } = await hub.hubdwh('rejects', '--replay', '--json')
    expect(json.rejects).toEqual([
      {
        ...{ table: 'silver.alaqan_visits', rule: 'iin_format', passed: 0 },
        stayed: [{ count: 1, why: 'they still break a rule' }],
      },
      { table: 'silver.alaqan_visits', rule: 'time_invalid', passed: 1, stayed: [] },
    ])
    expect(await hub.rows('select * from meta.rejects')).toEqual(before)
    expect(await hub.rows('select count(*) as n from silver.alaqan_visits')).toEqual([{ n: 2 }])
    const leftovers = await readFile(join(hub.folder, 'data/landing/.replay'), 'utf8').catch(() => 'gone')
    expect(leftovers).toBe('gone')
  })
})
