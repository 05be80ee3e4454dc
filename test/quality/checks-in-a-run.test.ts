import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { isJsonObject, type JsonObject } from '../../src/json.js'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { gateDay, lead, pipeline, user } from '../runs/invented-account.js'
import { dumpOf } from '../runs/table-dump.js'

/** Invented, with check digits that hold. */
const people = ['860101300007', '860101300017'] as const

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

/** A small account and two days at the gate, loaded and built. */
async function built(): Promise<Hub> {
  hub = await openHub({
    world: listedWorld({
      leads: [lead({ id: 1, price: 500 }), lead({ id: 2, price: 700 })],
      users: [user(100, 'Айгерим')],
      pipelines: [pipeline(1, 'Продажи')],
      visits: { '2025-01-29': gateDay(people), '2025-01-30': gateDay(people) },
    }),
    now: '2025-01-31T05:00:00Z',
    startDate: '2025-01-29',
  })
  const { exitCode, err } = await hub.hubdwh('run')
  expect(exitCode, err).toBe(0)
  return hub
}

interface OwnCheck {
  readonly name: string
  readonly table?: string
  readonly severity?: 'block' | 'warn'
  readonly sql: string
}

/** Puts a check into the folder checks/ beside the configuration. */
async function writeCheck(
  { folder }: Hub,
  { name, table = 'silver.amocrm_leads', severity = 'block', sql }: OwnCheck,
): Promise<void> {
  await mkdir(join(folder, 'checks'), { recursive: true })
  const header = [
    'A rule.',
    '',
    `name: ${name}`,
    `table: ${table}`,
    `severity: ${severity}`,
    'advice: Mend it.',
  ]
  await writeFile(join(folder, 'checks', `${name}.sql`), ['/*', ...header, '*/', sql, ''].join('\n'))
}

const cheap: OwnCheck = {
  name: 'no_cheap_leads',
  sql: 'select lead_id, price from candidate where price < 100',
}

/** Lead 1 becomes cheap, a minute later than before. */
function cheapen({ world, clock }: Hub): void {
  clock.advance(60_000)
  world.edit('leads', 1, { price: 50 })
}

function resultsOf(json: JsonObject): readonly JsonObject[] {
  return Array.isArray(json.checks) ? json.checks.filter(isJsonObject) : []
}

const failuresOf = (opened: Hub, check: string) =>
  opened.rows(
    `select table_name, record from meta.check_failures where check_name = '${check}' order by record`,
  )

describe('a blocking check that fails', () => {
  it('leaves its table and the gold above it as they were, and notes why', async () => {
    const opened = await built()
    await writeCheck(opened, cheap)
    const before = (await dumpOf(opened, 'silver', 'gold')).filter(line =>
      /amocrm_(leads|sales_funnel) /.test(line),
    )
    cheapen(opened)
    const { exitCode, err } = await opened.hubdwh('run')
    expect(exitCode, err).toBe(4)
    expect(err).toMatch(
      /silver\.amocrm_leads: 1 row breaks no_cheap_leads \(A rule\)\. The table stays as it was\./,
    )
    expect(err).toContain('hubdwh transform --accept no_cheap_leads')
    expect(
      (await dumpOf(opened, 'silver', 'gold')).filter(line => /amocrm_(leads|sales_funnel) /.test(line)),
    ).toEqual(before)
    expect(await failuresOf(opened, 'no_cheap_leads')).toEqual([
      { table_name: 'silver.amocrm_leads', record: '{"lead_id":1,"price":50}' },
    ])
    expect(
      await opened.rows(
        "select severity, status, failing_rows, extent from meta.checks where check_name = 'no_cheap_leads'",
      ),
    ).toEqual([{ severity: 'block', status: 'failed', failing_rows: 1, extent: 'part' }])
  })

  it('does not keep other tables and the other source from being built', async () => {
    const opened = await built()
    await writeCheck(opened, cheap)
    cheapen(opened)
    opened.world.renameUser(100, 'Сауле')
    opened.clock.advance(24 * 3_600_000)
    opened.world.setVisits('2025-01-31', gateDay(people))
    expect((await opened.hubdwh('run')).exitCode).toBe(4)
    expect(await opened.rows('select user_name from silver.amocrm_users')).toEqual([{ user_name: 'Сауле' }])
    expect(
      await opened.rows(
        "select count(*) as people from gold.alaqan_daily_attendance where visit_date = '2025-01-31'",
      ),
    ).toEqual([{ people: 2 }])
  })

  it('is over when the data are right again', async () => {
    const opened = await built()
    await writeCheck(opened, cheap)
    cheapen(opened)
    expect((await opened.hubdwh('run')).exitCode).toBe(4)
    expect((await opened.hubdwh('run')).exitCode).toBe(4)
    opened.clock.advance(60_000)
    opened.world.edit('leads', 1, { price: 900 })
    const { exitCode, err } = await opened.hubdwh('run')
    expect(exitCode, err).toBe(0)
    expect(await opened.rows('select price from silver.amocrm_leads where lead_id = 1')).toEqual([
      { price: 900 },
    ])
    expect(await opened.rows('select sum(total_price) as price from gold.amocrm_sales_funnel')).toEqual([
      { price: 1600 },
    ])
    expect(await failuresOf(opened, 'no_cheap_leads')).toEqual([])
  })

  it('lets the data through where a person accepts them, and says so', async () => {
    const opened = await built()
    await writeCheck(opened, cheap)
    cheapen(opened)
    expect((await opened.hubdwh('run')).exitCode).toBe(4)
    opened.clock.advance(60_000)
    const { exitCode, err, json } = await opened.hubdwh('run', '--accept', 'no_cheap_leads', '--json')
    expect(exitCode, err).toBe(0)
    expect(err).toContain('Accepted as it is.')
    expect(resultsOf(json)).toContainEqual(
      expect.objectContaining({ check: 'no_cheap_leads', status: 'accepted', failing_rows: 1 }),
    )
    expect(await opened.rows('select price from silver.amocrm_leads where lead_id = 1')).toEqual([
      { price: 50 },
    ])
    expect(await failuresOf(opened, 'no_cheap_leads')).toHaveLength(1)
    expect((await opened.hubdwh('run')).exitCode).toBe(0)
  })

  it('on loaded data keeps the gold of its source as it was until it is accepted, once', async () => {
    const opened = await built()
    await writeCheck(opened, {
      name: 'no_small_loads',
      table: 'bronze.amocrm_leads',
      sql: 'select load_id from new_loads where rows = 1',
    })
    cheapen(opened)
    opened.clock.advance(24 * 3_600_000)
    opened.world.setVisits('2025-01-31', gateDay(people))
    const { exitCode, err } = await opened.hubdwh('run')
    expect(exitCode, err).toBe(4)
    expect(err).toContain('Gold of amocrm stays as it was.')
    expect(await opened.rows('select sum(total_price) as price from gold.amocrm_sales_funnel')).toEqual([
      { price: 1200 },
    ])
    expect(await opened.rows('select count(*) as days from gold.alaqan_daily_attendance')).toEqual([
      { days: 6 },
    ])
    expect((await opened.hubdwh('transform')).exitCode).toBe(4)
    expect((await opened.hubdwh('transform', '--accept', 'no_small_loads')).exitCode).toBe(0)
    expect(await opened.rows('select sum(total_price) as price from gold.amocrm_sales_funnel')).toEqual([
      { price: 750 },
    ])
    expect((await opened.hubdwh('transform')).exitCode).toBe(0)
  })
})

describe('the severity of a check', () => {
  it('can be lowered to a warning by the configuration, or turned off', async () => {
    const opened = await built()
    await writeCheck(opened, cheap)
    await opened.configure(text => `${text}quality: {severity: {no_cheap_leads: warn}}\n`)
    cheapen(opened)
    const warned = await opened.hubdwh('run')
    expect(warned.exitCode, warned.err).toBe(0)
    expect(warned.err).toMatch(/warning: silver\.amocrm_leads: 1 row breaks no_cheap_leads .* Mend it\./)
    await opened.configure(text => text.replace('no_cheap_leads: warn', 'no_cheap_leads: off'))
    opened.clock.advance(60_000)
    opened.world.edit('leads', 1, { price: 40 })
    const silent = await opened.hubdwh('run')
    expect(silent.exitCode).toBe(0)
    expect(silent.err).not.toContain('no_cheap_leads')
  })

  it('can be raised to blocking', async () => {
    const opened = await built()
    await opened.configure(text => `${text}quality: {severity: {leads_price_not_negative: block}}\n`)
    opened.clock.advance(60_000)
    opened.world.edit('leads', 1, { price: -5 })
    expect((await opened.hubdwh('run')).exitCode).toBe(4)
    expect(await opened.rows('select min(price) as price from silver.amocrm_leads')).toEqual([{ price: 500 }])
  })
})

describe("a check of the user's", () => {
  it('that reads bronze leaves nobody in meta', async () => {
    const opened = await built()
    await writeCheck(opened, {
      name: 'nobody',
      table: 'bronze.alaqan_visits',
      severity: 'warn',
      sql: `select iin, cast(iin as bigint) as number, visit_date || ' ' || iin as both, 'a' || iin || '@b.kz' as mail
        from bronze.alaqan_visits, new_loads where new_loads.load_id = alaqan_visits.load_id`,
    })
    expect((await opened.hubdwh('transform')).exitCode).toBe(0)
    const rows = await failuresOf(opened, 'nobody')
    expect(rows.length).toBeGreaterThan(0)
    const text = JSON.stringify(rows)
    for (const iin of people) expect(text).not.toContain(iin.slice(0, 9))
  })

  it.each([
    ['cannot be read', 'mine.sql', 'select 1', 'check_invalid'],
    [
      'names no table',
      'mine.sql',
      '/*\nA.\n\nname: mine\ntable: silver.leads\nseverity: warn\nadvice: B.\n*/\nselect 1',
      'check_invalid',
    ],
    [
      'has the name of another',
      'mine.sql',
      '/*\nA.\n\nname: rejects_share\ntable: silver.amocrm_leads\nseverity: warn\nadvice: B.\n*/\nselect 1',
      'check_invalid',
    ],
    [
      'asks for a column that is not there',
      'mine.sql',
      '/*\nA.\n\nname: mine\ntable: silver.amocrm_leads\nseverity: warn\nadvice: B.\n*/\nselect cost from candidate',
      'check_broken',
    ],
    [
      'writes',
      'mine.sql',
      '/*\nA.\n\nname: mine\ntable: silver.amocrm_leads\nseverity: warn\nadvice: B.\n*/\nselect 1; delete from silver.amocrm_leads',
      'check_broken',
    ],
  ])('that %s ends the command before anything is built', async (_, file, text, code) => {
    const opened = await built()
    await mkdir(join(opened.folder, 'checks'))
    await writeFile(join(opened.folder, 'checks', file), text)
    cheapen(opened)
    const { exitCode, json } = await opened.hubdwh('run', '--json')
    expect([exitCode, json.code ?? (isJsonObject(json.error) ? json.error.code : undefined)]).toEqual([
      2,
      code,
    ])
    expect(await opened.rows('select price from silver.amocrm_leads where lead_id = 1')).toEqual([
      { price: 500 },
    ])
  })

  it('may be written on Windows, and files beside it that are no checks are left alone', async () => {
    const opened = await built()
    const folder = join(opened.folder, 'checks')
    await mkdir(join(folder, 'folder.sql'), { recursive: true })
    await writeFile(join(folder, '.mine.sql'), 'nothing')
    await writeFile(join(folder, 'README.md'), 'nothing')
    const text =
      '\uFEFF/*\nA.\n\nname: mine\ntable: silver.amocrm_leads\nseverity: warn\nadvice: B.\n*/\nselect lead_id from candidate;\n'
    await writeFile(join(folder, 'folder.sql', 'mine.sql'), text.replaceAll('\n', '\r\n'))
    const { exitCode, json, err } = await opened.hubdwh('quality', '--table', 'silver.amocrm_leads', '--json')
    expect(exitCode, err).toBe(0)
    expect(resultsOf(json)).toContainEqual(
      expect.objectContaining({ check: 'mine', status: 'failed', failing_rows: 2 }),
    )
  })

  it('that stumbles over a value keeps its table as it was, shows nobody, and holds up nothing else', async () => {
    const opened = await built()
    await writeCheck(opened, {
      ...{ name: 'stumbling', table: 'silver.alaqan_visits' },
      sql: 'select cast(iin as int) as number from bronze.alaqan_visits where visit_date in (select visit_date from candidate)',
    })
    opened.clock.advance(24 * 3_600_000)
    opened.world.setVisits('2025-01-31', gateDay(people))
    opened.world.edit('leads', 1, { price: 50 })
    const { exitCode, err } = await opened.hubdwh('run')
    expect(exitCode, err).toBe(4)
    expect(err).toMatch(/silver\.alaqan_visits: The check stumbling cannot be carried out/)
    for (const iin of people) expect(err).not.toContain(iin)
    expect(await opened.rows('select max(visit_date) as day from silver.alaqan_visits')).toEqual([
      { day: '2025-01-30' },
    ])
    expect(await opened.rows('select price from silver.amocrm_leads where lead_id = 1')).toEqual([
      { price: 50 },
    ])
  })

  it('of many rows keeps the first hundred and counts all', async () => {
    const opened = await built()
    await writeCheck(opened, {
      ...{ name: 'many', severity: 'warn' },
      sql: 'select lead_id, number from candidate cross join range(500000) as numbers(number)',
    })
    const { json } = await opened.hubdwh('quality', '--table', 'silver.amocrm_leads', '--json')
    expect(resultsOf(json)).toContainEqual(
      expect.objectContaining({ check: 'many', failing_rows: 1_000_000 }),
    )
    expect(await failuresOf(opened, 'many')).toHaveLength(100)
  })
})

describe('names of checks', () => {
  it.each([
    ['--accept', ['run', '--accept', 'leads_price'], ''],
    ['quality.severity', ['run'], 'quality: {severity: {leads_price: off}}\n'],
  ])('that do not exist are refused under %s', async (where, argv, configuration) => {
    const opened = await built()
    await opened.configure(text => text + configuration)
    const { exitCode, err } = await opened.hubdwh(...argv)
    expect(exitCode).toBe(2)
    expect(err).toContain(`${where} names the check "leads_price", which does not exist.`)
  })
})

describe('a run with nothing new', () => {
  it('carries out no check of a table that it does not build, and looks at no load twice', async () => {
    const opened = await built()
    const { exitCode, json } = await opened.hubdwh('transform', '--json')
    expect(exitCode).toBe(0)
    expect(resultsOf(json).map(({ check }) => check)).toEqual(['alaqan_fresh', 'amocrm_fresh'])
  })
})

it('results of three months ago go where there are newer ones', async () => {
  const opened = await built()
  const times = () =>
    opened.rows("select distinct checked_at from meta.checks where table_name = 'silver.amocrm_leads'")
  opened.clock.advance(91 * 24 * 3_600_000)
  await opened.hubdwh('transform', '--full')
  expect(await times()).toHaveLength(2)
  await opened.hubdwh('transform')
  expect(await times()).toHaveLength(1)
  opened.clock.advance(91 * 24 * 3_600_000)
  await opened.hubdwh('quality', '--table', 'silver.amocrm_leads')
  expect(await times()).toHaveLength(1)
})
