import { spawn } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { listPackages } from '../../src/landing/load-package.js'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { openDuckdb } from '../../src/warehouse/duckdb/file.js'
import { type Hub, openHub } from '../hub.js'
import { type Edit, edit, editor, gateDays, modelEntities, smallWorld } from './account-edits.js'
import { gateDay, iins, lead } from './invented-account.js'
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

/** Everything that a replay must bring back: all tables but the notes of when something was computed. */
async function everything(of: Hub): Promise<readonly string[]> {
  const data = await dumpOf(of, 'bronze', 'silver', 'gold')
  const meta = await of.rows(
    `select 'loads' as name, cast(to_json(l) as varchar) as held from meta.loads as l
     union all select 'answers', cast(to_json(a) as varchar) from meta.alaqan_answers as a
     union all select 'rejects', cast(to_json(r) as varchar) from meta.rejects as r
     union all
     select 'reconciliation', cast(to_json(c) as varchar) from meta.reconciliation as c where load_id is not null
     order by 1, 2`,
  )
  return [...data, ...meta.map(row => `${String(row.name)} ${String(row.held)}`)]
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

const command = resolve(import.meta.dirname, '../../bin/hubdwh')
const preload = `--import=${resolve(import.meta.dirname, '../survival/kill-at-step.mjs')}`

/** The command as a process, which may kill itself; its exit code. */
function asProcess(of: Hub, argv: readonly string[], more: Readonly<Record<string, string>>) {
  const env = { PATH: process.env.PATH, NODE_OPTIONS: preload, ...of.env, ...more }
  const child = spawn(process.execPath, [command, ...argv], { cwd: of.folder, env, stdio: 'ignore' })
  return new Promise<number | null>((end, fail) => {
    child.on('error', fail)
    child.on('close', end)
  })
}

/** How many histories are tried; `FC_RUNS=200` looks harder. */
const numRuns = Number(process.env.FC_RUNS ?? 2)
const history = fc.array(fc.array(edit, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 2 })

describe('transform --replay', () => {
  it(
    'brings back every row of every table, wherever it begins',
    async () => {
      await fc.assert(fc.asyncProperty(history, fc.nat(), sameAsBefore), {
        numRuns,
        interruptAfterTimeLimit: numRuns * 60_000,
        markInterruptAsFailure: true,
        endOnFailure: true,
        verbose: fc.VerbosityLevel.Verbose,
      })
    },
    numRuns * 90_000,
  )

  async function loadedTwice(): Promise<Hub> {
    hub = await openHub({
      world: listedWorld({
        leads: [lead({ id: 1, price: 10 }), lead({ id: 2, price: 20 }), 'odd'],
        visits: { '2025-02-26': gateDay(iins.slice(0, 2)), '2025-02-27': gateDay(iins.slice(0, 1)) },
      }),
      now: '2025-02-28T05:00:00Z',
      startDate: '2025-02-26',
    })
    await did(hub, 'load', 'alaqan')
    await did(hub, 'load', 'amocrm', 'leads', 'events')
    hub.clock.advance(26 * 3_600_000)
    hub.world.edit('leads', 1, { price: 11 })
    hub.world.remove('leads', 2)
    hub.world.setVisits('2025-02-27', gateDay(iins.slice(0, 2)))
    await did(hub, 'load', 'alaqan', '--iin', iins[1], '--from', '2025-02-26')
    await did(hub, 'load', 'alaqan')
    await did(hub, 'load', 'amocrm', 'leads', 'leads_bin', 'events')
    await did(hub, 'transform')
    return hub
  }

  it('makes of the archive what this version makes of it, also where an earlier one knew less', async () => {
    const of = await loadedTwice()
    const before = await everything(of)
    await tamper(
      of,
      `update bronze.amocrm_leads set price = null, row_hash = 'of an earlier version';
       delete from bronze.alaqan_visits where event = 'exit';
       delete from meta.rejects;
       delete from meta.alaqan_answers where visit_date = date '2025-02-27'`,
    )
    await did(of, 'transform', '--replay', '2025-02-28')
    expect(await everything(of)).toEqual(before)
    expect(await unaccounted(of)).toEqual([])
  })

  it('rebuilds only the tables of the entity that is named, also what events have told', async () => {
    const of = await loadedTwice()
    const before = await everything(of)
    await tamper(of, 'delete from bronze.amocrm_leads')
    const { json } = await of.hubdwh('transform', '--replay', '2025-02-28', '--entity', 'leads', '--json')
    expect(json).toMatchObject({ ok: true, replayed: { tables: ['bronze.amocrm_leads'] } })
    expect(await everything(of)).toEqual(before)
  })

  it('begins at a load by its id', async () => {
    const of = await loadedTwice()
    const before = await everything(of)
    const loads = await of.rows(
      "select load_id from meta.loads where mode <> 'events' order by loaded_at desc limit 4",
    )
    const { json } = await of.hubdwh('transform', '--replay', String(loads.at(-1)?.load_id), '--json')
    expect(json.ok).toBe(true)
    expect(await everything(of)).toEqual(before)
  })

  it('is refused where the archive lacks a load, names all of them, and changes nothing', async () => {
    const of = await loadedTwice()
    const before = await everything(of)
    const { packages } = await listPackages(join(of.folder, 'data/landing'), {
      source: 'amocrm',
      entity: 'leads',
    })
    const [first, second] = packages
    if (!first || !second) throw new Error('two loads of leads are expected')
    await rm(first.dir, { recursive: true })
    await writeFile(join(second.dir, 'manifest.json'), '{')
    const { exitCode, err } = await of.hubdwh('transform', '--replay', '2025-02-28')
    expect(exitCode).toBe(2)
    expect(err).toContain(`${first.manifest.loadId}: the archive no longer has it`)
    expect(err).toContain(`${second.manifest.loadId}: The manifest`)
    expect(await everything(of)).toEqual(before)
  })

  it('is refused where an archived answer is not what was received, and changes nothing', async () => {
    const of = await loadedTwice()
    const before = await everything(of)
    const { packages } = await listPackages(join(of.folder, 'data/landing'), { source: 'alaqan' })
    for (const { dir } of packages) await writeFile(join(dir, 'answers.gz'), 'no answers')
    const { exitCode, err } = await of.hubdwh('transform', '--replay', '2025-02-28', '--source', 'alaqan')
    expect(exitCode).toBe(2)
    for (const { manifest } of packages) expect(err).toContain(manifest.loadId)
    expect(await everything(of)).toEqual(before)
  })

  it('takes what the answers say, and not the rows that another version made of them', async () => {
    const of = await loadedTwice()
    const before = await everything(of)
    const { packages } = await listPackages(join(of.folder, 'data/landing'), { source: 'amocrm' })
    for (const { rowsPath } of packages)
      await writeFile(rowsPath, gzipSync('{"id":77,"name":"of another version"}\n'))
    await did(of, 'transform', '--replay', '2025-02-28')
    expect(await everything(of)).toEqual(before)
  })

  it('leaves everything as it was where it does not come to its end', async () => {
    const of = await loadedTwice()
    const before = await everything(of)
    const [last] = await of.rows("select max(load_id) as load_id from meta.loads where entity = 'leads_bin'")
    const { packages } = await listPackages(join(of.folder, 'data/landing'), { entity: 'leads_bin' })
    const broken = packages.find(({ manifest }) => manifest.loadId === last?.load_id)
    if (!broken) throw new Error('a load of the bin is expected')
    // What its manifest says that it holds does not agree with its answers: found in the middle of the commit.
    const manifest = { ...broken.manifest, counts: { ...broken.manifest.counts, records: 5 } }
    await writeFile(join(broken.dir, 'manifest.json'), JSON.stringify(manifest))
    const { exitCode } = await of.hubdwh('transform', '--replay', '2025-02-28')
    expect(exitCode).toBe(4)
    const isDifference = (line: string) => /"difference":[^0]/.test(line)
    const after = await everything(of)
    expect(after.filter(line => !isDifference(line))).toEqual(before)
    expect(after.filter(isDifference)).toHaveLength(1)
  })

  it('leaves everything as it was, or as it is to be, where it is killed', async () => {
    const of = await loadedTwice()
    const argv = ['transform', '--replay', '2025-02-28']
    const before = await everything(of)
    const file = join(of.folder, 'steps.json')
    expect(await asProcess(of, argv, { STEPS_FILE: file })).toBe(0)
    const steps: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (!Array.isArray(steps)) throw new Error('no steps were noted')
    for (const share of [0.4, 0.6, 0.8]) {
      await asProcess(of, argv, { KILL_AT_STEP: String(Math.floor(steps.length * share)) })
      const [{ n } = {}] = await of.rows('select count(*) as n from bronze.amocrm_leads')
      expect(n, `killed at ${share}`).toBe(
        before.filter(line => line.startsWith('bronze.amocrm_leads ')).length,
      )
    }
    await did(of, 'transform')
    expect(await everything(of)).toEqual(before)
  })

  it('says that a load is not in the ledger', async () => {
    const of = await loadedTwice()
    const { exitCode, err } = await of.hubdwh('transform', '--replay', 'amocrm-leads-1')
    expect(exitCode).toBe(2)
    expect(err).toContain('amocrm-leads-1')
  })
})

/** Edits and loads in turn, then replays from one of the loads and compares. */
async function sameAsBefore(stretches: readonly (readonly Edit[])[], pick: number): Promise<void> {
  const world = smallWorld()
  const opened = await openHub({ world, now: '2025-03-01T05:00:00Z', startDate: gateDays[0] })
  try {
    const apply = editor(world, opened.clock)
    const load = async (): Promise<void> => {
      await did(opened, 'load', 'alaqan')
      await did(opened, 'load', 'amocrm', ...modelEntities)
      await did(opened, 'transform')
    }
    await load()
    for (const edits of stretches) {
      for (const each of edits) apply(each)
      opened.clock.advance(60_000)
      await did(opened, 'load', 'alaqan', '--iin', iins[0], '--from', gateDays[0])
      opened.clock.advance(1000)
      await load()
    }
    const before = await everything(opened)
    const loads = await opened.rows("select load_id from meta.loads where mode <> 'events' order by load_id")
    const from = String(loads[pick % loads.length]?.load_id)
    await did(opened, 'transform', '--replay', from)
    expect(await everything(opened)).toEqual(before)
    expect(await unaccounted(opened)).toEqual([])
  } finally {
    await opened.close()
  }
}
