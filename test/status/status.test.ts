/** How `hubdwh status` looks, for people and machines, and what it tells where there is no warehouse to look into. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { stepCodes } from '../../src/pipeline/status/next-steps.js'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { allTables } from '../../src/tables/catalogue.js'
import { qualifiedName } from '../../src/tables/table.js'
import { type Hub, openHub } from '../hub.js'
import { contact, gateDay, iins } from '../runs/invented-account.js'
import { gateOnly, healthy, people, tamper, untouched } from './installations.js'
import { type ReadSample, readPrometheusText } from './prometheus-text.js'

let hub: Hub | undefined
let holder: ChildProcess | undefined
afterEach(async () => {
  const child = holder
  holder = undefined
  if (child && child.exitCode === null) {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  await hub?.close()
  hub = undefined
})

const keep = async (opening: Promise<Hub>): Promise<Hub> => {
  hub = await opening
  return hub
}

/** Lets another process open the warehouse for writing, as a long query of an analyst does. */
async function hold({ folder }: Hub): Promise<number> {
  const program = `
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const instance = await DuckDBInstance.create(process.argv[1])
    await instance.connect()
    process.stdout.write('held')
    setInterval(() => {}, 1000)`
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', program, join(folder, 'data/warehouse.duckdb')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  holder = child
  if (!child.stdout || child.pid === undefined) throw new Error('The holder did not start.')
  await once(child.stdout, 'data')
  return child.pid
}

async function metricsIn({ folder }: Hub): Promise<readonly ReadSample[]> {
  return readPrometheusText(await readFile(join(folder, 'hubdwh.prom'), 'utf8'))
}

function metricOf(samples: readonly ReadSample[], name: string, labels: Record<string, string> = {}) {
  return samples.find(
    sample =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )?.value
}

describe('where all is well', () => {
  it('says so, after the tables by layer, and nothing else', async () => {
    const { hubdwh } = await keep(healthy())
    const { exitCode, out } = await hubdwh('status')
    expect(exitCode).toBe(0)
    const lines = out.trimEnd().split('\n')
    expect(lines.at(-1)).toBe(
      'All is well (2025-01-31 10:00, Asia/Almaty): 30 tables up to date; alaqan known until 2025-01-31 00:00; amocrm known until 2025-01-31 10:00.',
    )
    expect(lines.filter(line => /^(bronze|silver|gold) /.test(line))).toHaveLength(3)
    expect(lines.find(line => line.startsWith('alaqan_visits '))).toMatch(
      /^alaqan_visits +120 {2}2025-01-31 10:00 {2}2025-01-30$/,
    )
    expect(out).not.toMatch(/set aside|check|behind|erased|Worth a look/)
  })

  it('leaves out tables of a source that is not used', async () => {
    const { hubdwh } = await keep(healthy(gateOnly))
    expect((await hubdwh('status')).out).not.toContain('amocrm')
  })
})

describe('--json', () => {
  it('has every field, and every table as the warehouse has it', async () => {
    const { hubdwh, rows } = await keep(healthy())
    const { json } = await hubdwh('status', '--json')
    expect(Object.keys(json)).toEqual([
      'ok',
      'state',
      'checked_at',
      'next',
      'warehouse',
      'tables',
      'entities',
      'gaps',
      'held_days',
      'rejects',
      'checks',
      'schema_changes',
      'open_sweeps',
      'unaccounted',
      'erasures',
      'packages',
      'damaged_packages',
      'loaders',
      'unpublished',
      'token',
      'exit_code',
    ])
    expect(json).toMatchObject({
      ok: true,
      state: 'ok',
      checked_at: '2025-01-31T05:00:00.000Z',
      gaps: [],
      token: { ends_at: '2030-01-30T05:00:00.000Z', problem: null },
    })
    for (const table of Array.isArray(json.tables) ? json.tables : []) {
      expect(Object.keys(Object(table))).toEqual([
        'table',
        'schema',
        'rows',
        'updated_at',
        'read_until',
        'rejects',
        'is_behind',
      ])
      const { table: name, rows: count } = Object(table)
      expect(await rows(`select count(*) as n from ${name}`)).toEqual([{ n: count }])
    }
    expect(json.tables).toHaveLength(allTables.filter(({ schema }) => schema !== 'meta').length)
  })

  it('has the same fields before anything is loaded', async () => {
    const opened = await keep(untouched())
    const before = await opened.hubdwh('status', '--json')
    expect(before.exitCode).toBe(0)
    expect(before.json).toMatchObject({ warehouse: { state: 'missing' }, tables: [], rejects: [] })
    await opened.hubdwh('run', 'alaqan')
    expect(Object.keys(before.json)).toEqual(Object.keys((await opened.hubdwh('status', '--json')).json))
  })

  it('is told, field by field and situation by situation, in docs/status.md', async () => {
    const text = await readFile(new URL('../../docs/status.md', import.meta.url), 'utf8')
    const { hubdwh } = await keep(healthy(gateOnly))
    const { json } = await hubdwh('status', '--json')
    for (const name of [...Object.keys(json), ...stepCodes]) expect(text).toContain(`\`${name}\``)
    const metrics = await keepMetrics()
    for (const name of metrics) expect(text).toContain(`\`${name}\``)
  })

  async function keepMetrics(): Promise<readonly string[]> {
    const source = await readFile(new URL('../../src/cli/status/metrics.ts', import.meta.url), 'utf8')
    return [...source.matchAll(/'(hubdwh_[a-z_]+)'/g)].map(([, name = '']) => name)
  }
})

describe('a warehouse that another process has open', () => {
  it('is not waited for long: who has it is told, with what waits on disk, and the exit code is 3', async () => {
    const opened = await keep(healthy(gateOnly))
    const pid = await hold(opened)
    const { exitCode, err, out, json } = await opened.hubdwh(
      'status',
      '--json',
      '--prometheus',
      'hubdwh.prom',
    )
    expect(exitCode).toBe(3)
    expect(err).toContain(`PID ${pid}`)
    expect(out).toContain(`PID ${pid}`)
    expect(json).toMatchObject({
      ok: false,
      state: 'warning',
      warehouse: { state: 'closed' },
      error: { code: 'warehouse_locked' },
      next: [{ code: 'warehouse_closed', runbook: 'docs/runbook.md#error-warehouse_locked' }],
      packages: [],
    })
    const metrics = await metricsIn(opened)
    expect(metricOf(metrics, 'hubdwh_up')).toBe(0)
    expect(metricOf(metrics, 'hubdwh_state', { state: 'warning' })).toBe(1)
    expect(metricOf(metrics, 'hubdwh_table_rows')).toBeUndefined()
  })

  it('that is no DuckDB file is a failure', async () => {
    const opened = await keep(healthy(gateOnly))
    await writeFile(join(opened.folder, 'data/warehouse.duckdb'), 'no warehouse')
    const { exitCode, json } = await opened.hubdwh('status', '--json')
    expect(exitCode).toBe(3)
    expect(json).toMatchObject({ state: 'failed', error: { code: 'warehouse_unreadable' } })
  })
})

it('tells what a warehouse of an older version lacks, and stumbles over no table and no column of it', async () => {
  const opened = await keep(healthy(gateOnly))
  const path = join(opened.folder, 'data/warehouse.duckdb')
  const whole = await readFile(path)
  for (const table of allTables.filter(({ schema }) => schema === 'meta')) {
    const name = qualifiedName(table)
    const column = table.columns[1]?.name ?? ''
    await writeFile(path, whole)
    await tamper(opened, `alter table ${name} drop column ${column}`)
    const lacking = await opened.hubdwh('status', '--json')
    expect(lacking.exitCode, lacking.err).toBe(0)
    expect(lacking.json).toMatchObject({ state: 'failed', warehouse: { absent: [`${name}.${column}`] } })
    await tamper(opened, `drop table ${name}`)
    const without = await opened.hubdwh('status', '--json')
    expect(without.exitCode, without.err).toBe(0)
    expect(without.json).toMatchObject({ warehouse: { absent: [name] } })
  }
})

describe('--prometheus', () => {
  it('writes what the tables hold, in the format, for every user of the machine, in one step', async () => {
    const opened = await keep(healthy())
    await writeFile(join(opened.folder, 'hubdwh.prom'), 'of yesterday', { mode: 0o600 })
    const { exitCode, err } = await opened.hubdwh('status', '--prometheus', 'hubdwh.prom')
    expect(exitCode, err).toBe(0)
    const metrics = await metricsIn(opened)
    const tables = metrics.filter(({ name }) => name === 'hubdwh_table_rows')
    expect(tables).toHaveLength(allTables.filter(({ schema }) => schema !== 'meta').length)
    for (const { labels, value } of tables) {
      expect(await opened.rows(`select count(*) as n from ${labels.table}`)).toEqual([{ n: value }])
    }
    const now = Date.parse('2025-01-31T05:00:00Z') / 1000
    expect(metricOf(metrics, 'hubdwh_up')).toBe(1)
    expect(metricOf(metrics, 'hubdwh_status_timestamp_seconds')).toBe(now)
    expect(
      metricOf(metrics, 'hubdwh_table_updated_timestamp_seconds', { table: 'silver.amocrm_leads' }),
    ).toBe(now)
    expect(metricOf(metrics, 'hubdwh_source_read_until_timestamp_seconds', { source: 'alaqan' })).toBe(
      Date.parse('2025-01-30T19:00:00Z') / 1000,
    )
    expect(metricOf(metrics, 'hubdwh_missing_days', { source: 'alaqan' })).toBe(0)
    expect(metricOf(metrics, 'hubdwh_erasures_total')).toBe(0)
    expect((await stat(join(opened.folder, 'hubdwh.prom'))).mode & 0o777).toBe(0o644)
  })

  it('keeps its format whatever characters a rule or an entity has', async () => {
    const odd = 'a"b\\c\nd{},=é'
    const opened = await keep(healthy(gateOnly))
    const text = odd.replaceAll("'", "''")
    await tamper(
      opened,
      `insert into meta.rejects (load_id, table_name, rule, rejected_at) values ('l', 'silver.alaqan_visits', '${text}', now());
       insert into meta.schema_changes (source, entity, field, change, types_before, types_after, load_id, noticed_at)
       values ('amocrm', '${text}', 'f', 'added', [], [], 'l', timestamptz '2025-01-30 00:00:00Z')`,
    )
    await opened.hubdwh('status', '--prometheus', 'hubdwh.prom')
    const metrics = await metricsIn(opened)
    expect(metricOf(metrics, 'hubdwh_rejected_records', { rule: odd })).toBe(1)
    expect(metricOf(metrics, 'hubdwh_schema_changes', { entity: odd, change: 'added' })).toBe(1)
  })

  it('tells gaps, held days and checks as --json does', async () => {
    const opened = await keep(untouched({ ...gateOnly, startDate: '2025-01-20' }))
    await opened.hubdwh('load', 'alaqan', '--from', '2025-01-29', '--to', '2025-01-30')
    await opened.hubdwh('transform')
    opened.clock.advance(3_600_000)
    opened.world.setVisits('2025-01-30', gateDay(people.slice(0, 1)))
    await opened.hubdwh('load', 'alaqan', '--from', '2025-01-30', '--to', '2025-01-30')
    const { json } = await opened.hubdwh('status', '--json', '--prometheus', 'hubdwh.prom')
    expect(json).toMatchObject({
      gaps: [{ from: '2025-01-20', to: '2025-01-28', days: 9 }],
      held_days: ['2025-01-30'],
    })
    const metrics = await metricsIn(opened)
    expect(metricOf(metrics, 'hubdwh_missing_days')).toBe(9)
    expect(metricOf(metrics, 'hubdwh_held_days')).toBe(1)
    const failed = metrics.filter(({ name }) => name === 'hubdwh_check_failed')
    expect(failed.map(({ labels, value }) => [labels.check, labels.table, value])).toEqual(
      (Array.isArray(json.checks) ? json.checks : []).map(each => {
        const { check, table, status } = Object(each)
        return [check, table, status === 'failed' ? 1 : 0]
      }),
    )
  })

  it('tells a monitor that there is no warehouse yet', async () => {
    const opened = await keep(untouched())
    expect((await opened.hubdwh('status', '--prometheus', 'hubdwh.prom')).exitCode).toBe(0)
    const metrics = await metricsIn(opened)
    expect(metricOf(metrics, 'hubdwh_up')).toBe(0)
    expect(metricOf(metrics, 'hubdwh_state', { state: 'warning' })).toBe(1)
  })

  it.each([
    ['nowhere/hubdwh.prom', 'nowhere'],
    ['data', 'is a folder'],
  ])('into %s is refused', async (file, says) => {
    const opened = await keep(healthy(gateOnly))
    const { exitCode, json } = await opened.hubdwh('status', '--json', '--prometheus', file)
    expect(exitCode).toBe(2)
    expect(json).toMatchObject({
      error: { code: 'file_not_written', message: expect.stringContaining(says) },
    })
  })

  it('warns of a name that node_exporter does not read', async () => {
    const opened = await keep(untouched())
    expect((await opened.hubdwh('status', '--prometheus', 'hubdwh.txt')).err).toContain('.prom')
  })
})

it('tells nothing personal anywhere', async () => {
  const email = 'aigerim@example.kz'
  const opened = await keep(
    openHub({
      world: listedWorld({
        contacts: [contact({ id: 1, name: 'Айгерим Сапарова', phone: '+77011234567', email })],
        visits: { '2025-01-30': { ...gateDay(iins), [iins[0]]: [{ event: 'flew', time: '09:00:00' }] } },
      }),
      now: '2025-01-31T05:00:00Z',
      startDate: '2025-01-30',
    }),
  )
  await opened.hubdwh('run')
  const { out, err } = await opened.hubdwh('status', '--prometheus', 'hubdwh.prom')
  const { out: json } = await opened.hubdwh('status', '--json')
  const all = [out, err, json, await readFile(join(opened.folder, 'hubdwh.prom'), 'utf8')].join('\n')
  expect(all).toContain('event_unknown')
  for (const secret of [...iins, 'Айгерим', '77011234567', email, ...Object.values(opened.env)]) {
    expect(all).not.toContain(secret)
  }
})
