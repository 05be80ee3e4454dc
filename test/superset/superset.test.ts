/**
 * A real Superset: the dashboards of `superset/` are imported as docs/bi.md says, read the file of marts, and show new numbers
 * after a run, which they would not do by themselves.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSuperset, supersetAccount } from '../../servers/superset.mjs'
import { runTool } from '../../servers/tool.mjs'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { openPublishedHub, type PublishedHub } from '../publish/published-hub.js'
import { company, gateDay, iins, lead, pipeline, task, user } from '../runs/invented-account.js'
import { type SupersetApi, signInTo } from './superset-api.js'

const bin = '111140000008'
const funnelChart = 'Воронка и конверсия'
const gateChart = 'Людей по дням'

let folder: string
let server: { readonly url: string; stop(): Promise<void> }
let hub: PublishedHub
let superset: SupersetApi

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hubdwh-superset-'))
  server = await startSuperset({ folder })
  const world = listedWorld({
    leads: [1, 2, 3].map(id =>
      lead({ id, price: id * 10, _embedded: { tags: [], companies: [{ id: 500 }], contacts: [] } }),
    ),
    companies: [company({ id: 500 })],
    tasks: [task({ id: 801, is_completed: true })],
    users: [user(100, 'Менеджер')],
    pipelines: [pipeline(1, 'Воронка')],
    visits: { '2025-01-30': gateDay(iins) },
  })
  hub = await openPublishedHub(
    [
      'file: {path: ./marts.duckdb}',
      `superset: {url: "${server.url}", user: ${supersetAccount.user}, password: "\${SUPERSET_PASSWORD}"}`,
    ],
    { world, env: { SUPERSET_PASSWORD: supersetAccount.password } },
  )
  await hub.configure(
    text => `${text}arm:
  service_report: {table: report.csv, tin: bin, period: month, name: name, status: status, resident: [Резидент], measures: [taxes]}
  directory: {table: people.csv}
`,
  )
  await writeFile(
    join(hub.folder, 'report.csv'),
    `bin,month,name,status,taxes\n${bin},2025-01,ТОО «Пример»,Резидент,5\n`,
  )
  await writeFile(join(hub.folder, 'people.csv'), `iin,bin\n${iins[0]},${bin}\n`)
  superset = await signInTo(server.url, supersetAccount)
})
afterAll(async () => {
  await hub?.close()
  await server?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

/** The dashboards as a zip, their database led to the hub's file of marts. */
async function dashboardsZip(): Promise<string> {
  const copied = join(folder, 'superset-dashboards')
  await cp(resolve(import.meta.dirname, '../../superset'), copied, { recursive: true })
  const database = join(copied, 'databases/hubdwh_marts.yaml')
  const text = await readFile(database, 'utf8')
  await writeFile(
    database,
    text.replace(/^(sqlalchemy_uri: duckdb:\/\/\/).*$/m, `$1${join(hub.folder, 'marts.duckdb')}`),
  )
  const zip = join(folder, 'dashboards.zip')
  await runTool(process.env.PYTHON ?? 'python3', ['-m', 'zipfile', '-c', zip, copied], 'Install Python 3.')
  return zip
}

async function leadsInFunnel(): Promise<{ readonly leads: number; readonly isKept: boolean }> {
  const { rows, isKept } = await superset.look(funnelChart)
  return { leads: rows.reduce((sum, row) => sum + Number(row.leads ?? 0), 0), isKept }
}

// Each step stands on those before it, as the days of one installation do.
describe('Superset', { sequential: true }, () => {
  it('without dashboards of ours is no failure, and how to get them is told', async () => {
    const run = await hub.hubdwh('run', '--json')
    expect(run.exitCode, run.err).toBe(0)
    expect(run.json.published).toMatchObject([
      { kind: 'file', state: 'published' },
      { kind: 'superset', state: 'published', what: expect.stringContaining('docs/bi.md') },
    ])
  })

  it('takes the dashboards, and every chart of them shows rows', async () => {
    await superset.importDashboards(await dashboardsZip())
    expect([...(await superset.dashboards())].sort()).toEqual(['Посещаемость', 'Продажи', 'Резиденты'])
    const charts = await superset.charts()
    expect(charts).toHaveLength(15)
    for (const chart of charts) {
      const { rows } = await superset.look(chart)
      expect(rows.length, chart).toBeGreaterThan(0)
    }
    expect(await leadsInFunnel()).toEqual({ leads: 3, isKept: true })
  })

  it('is checked without being changed', async () => {
    const before = await superset.edits()
    const { out } = await hub.hubdwh('check')
    expect(out).toMatch(/ok +publish superset .*11 datasets/)
    expect(await superset.edits()).toEqual(before)
  })

  it('goes on showing the old number where only the file of marts is new', async () => {
    hub.clock.advance(3_600_000)
    const { updated_at: _, ...added } = lead({ id: 4, price: 40 })
    hub.world.add('leads', added)
    for (const argv of [['load', 'amocrm', 'leads'], ['transform']]) {
      const { exitCode, err } = await hub.hubdwh(...argv)
      expect(exitCode, err).toBe(0)
    }
    expect(await hub.publish('file')).toMatchObject({ exitCode: 0 })
    expect(await leadsInFunnel()).toEqual({ leads: 3, isKept: true })
  })

  it('shows the new number when it is published, computed before anybody looks', async () => {
    const { exitCode, err, places } = await hub.publish('superset')
    expect(exitCode, err).toBe(0)
    expect(places).toMatchObject([
      { state: 'published', what: expect.stringMatching(/void; \d+ charts of dashboards made anew$/) },
    ])
    expect(await leadsInFunnel()).toEqual({ leads: 4, isKept: true })
  })

  it('leaves datasets of tables alone that have not changed', async () => {
    const before = await superset.edits()
    hub.clock.advance(3_600_000)
    hub.world.edit('leads', 4, { price: 50 })
    const run = await hub.hubdwh('run', '--json')
    expect(run.exitCode, run.err).toBe(0)
    const after = await superset.edits()
    const edited = Object.keys(after).filter(name => after[name] !== before[name])
    expect(edited).toContain('funnel_reached')
    expect(edited.filter(name => name.startsWith('alaqan'))).toEqual([])
    expect(await superset.look(gateChart)).toMatchObject({ isKept: true })
  })

  it('lets only an owner make kept answers void, and only an administrator warm charts up', async () => {
    const reader = { user: 'alpha', password: 'another-invented-password' }
    await superset.addUser({ ...reader, role: 'Alpha' })
    await hub.configure(text => text.replace(`user: ${supersetAccount.user},`, `user: ${reader.user},`))
    hub.env.SUPERSET_PASSWORD = reader.password
    const refused = await hub.publish('superset', '--full')
    expect(refused.exitCode).toBe(5)
    expect(refused.err).toMatch(/does not let the user edit 11 datasets, .*owners/s)

    await superset.giveDatasetsTo(reader.user)
    const before = await superset.edits()
    hub.clock.advance(60_000)
    const { exitCode, err, places } = await hub.publish('superset', '--full')
    expect(exitCode, err).toBe(0)
    expect(places).toMatchObject([
      { what: expect.stringMatching(/11 datasets are void; no charts .*"can warm up cache on Chart"/) },
    ])
    const after = await superset.edits()
    expect(Object.keys(after).filter(name => after[name] === before[name])).toEqual([])
  })

  it('says no to a wrong password, which is told as such', async () => {
    hub.env.SUPERSET_PASSWORD = 'another-password'
    const { exitCode, places } = await hub.publish('superset', '--full')
    expect(exitCode).toBe(5)
    expect(places).toMatchObject([{ state: 'failed', error: { code: 'publish_credential_rejected' } }])
  })
})
