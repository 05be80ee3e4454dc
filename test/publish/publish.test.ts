/** What every place has in common: it is told what is new to it, once, and holds up nothing. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { acquireLock } from '../../src/lock.js'
import { verdict, webhookPath, webhookSecret } from '../notices/webhook-server.js'
import { type JsonServer, startJsonServer } from './json-server.js'
import { openPublishedHub, type PublishedHub, smallAccount } from './published-hub.js'

const hour = 3_600_000
const hook = `webhook: {url: "\${HOOK}", secret: "\${HOOK_KEY}"}`

let server: JsonServer | undefined
let hub: PublishedHub | undefined
afterEach(async () => {
  await hub?.close()
  await server?.close()
  hub = undefined
  server = undefined
})

let status = 200
let quoted = 'thanks'
async function opened(world = smallAccount()): Promise<{ hub: PublishedHub; told: () => readonly string[] }> {
  status = 200
  quoted = 'thanks'
  server = await startJsonServer(() => ({ status, body: { message: quoted } }))
  const env = { HOOK: `${server.url}${webhookPath}`, HOOK_KEY: webhookSecret }
  hub = await openPublishedHub([hook], { world, env })
  const { seen } = server
  return {
    hub,
    told: () =>
      seen.splice(0).flatMap(({ body }) => {
        const { tables } = JSON.parse(body)
        return tables.map(({ name }: { readonly name: string }) => name)
      }),
  }
}

describe('a place', () => {
  it('is told of every table after the first run, and of nothing where nothing is new', async () => {
    const { hub, told } = await opened()
    const first = await hub.hubdwh('run', '--json')
    expect(first.exitCode, first.err).toBe(0)
    expect(told()).toEqual(expect.arrayContaining(['gold.amocrm_sales_funnel', 'silver.alaqan_visits']))
    hub.clock.advance(hour)
    expect((await hub.hubdwh('run', '--skip-code')).exitCode).toBe(99)
    expect((await hub.publish('--skip-code')).exitCode).toBe(99)
    expect(told()).toEqual([])
  })

  it('is told of the tables whose rows a change touches, and of no other', async () => {
    const world = smallAccount()
    const { hub, told } = await opened(world)
    await hub.hubdwh('run')
    told()
    hub.clock.advance(hour)
    world.edit('leads', 2, { price: 77 })
    await hub.hubdwh('run')
    expect(told()).toEqual(['gold.amocrm_sales_funnel', 'silver.amocrm_leads'])
  })

  it('that is down keeps no run from ending well, is told of in a warning, and gets everything later', async () => {
    const { hub, told } = await opened()
    status = 503
    const run = await hub.hubdwh('run', '--json')
    expect(run.exitCode).toBe(0)
    expect(run.err).toMatch(
      /warning: the webhook at http:\/\/127\.0\.0\.1:\d+ shows older data: .*503.*\nTried|503/,
    )
    expect(run.json.published).toMatchObject([{ state: 'failed', error: { code: 'publish_unavailable' } }])
    const missed = new Set(told())
    expect(await hub.publish()).toMatchObject({ exitCode: 3 })
    told()
    status = 200
    expect(await hub.publish()).toMatchObject({ exitCode: 0, places: [{ state: 'published' }] })
    expect(new Set(told())).toEqual(missed)
  })

  it('that does not let us in, or refuses, ends "publish" with 5 and 2, without its address', async () => {
    const { hub } = await opened()
    await hub.hubdwh('run')
    for (const [answer, exitCode] of [
      [401, 5],
      [400, 2],
      [302, 2],
      [429, 3],
    ] as const) {
      status = answer
      const ended = await hub.publish('--full')
      expect(ended.exitCode, ended.err).toBe(exitCode)
      expect(ended.err).not.toContain(webhookPath)
    }
  })

  it('is told everything anew by --full, and where the memory of it cannot be read', async () => {
    const { hub, told } = await opened()
    await hub.hubdwh('run')
    const all = told()
    await hub.publish('--full')
    expect(told()).toEqual(all)
    await writeFile(join(hub.folder, 'data/landing/published.json'), '{"version": 1, "plac')
    const { exitCode, err } = await hub.publish()
    expect(exitCode).toBe(0)
    expect(err).toMatch(/published\.json cannot be read and is begun anew/)
    expect(told()).toEqual(all)
  })

  it('is told nothing before anything was loaded', async () => {
    const { hub, told } = await opened()
    expect(await hub.publish('--skip-code')).toMatchObject({ exitCode: 99, places: [] })
    expect(told()).toEqual([])
  })
})

describe('a command whose work is done', () => {
  it('says so though another process publishes: its outcome is whole, and the next run publishes', async () => {
    const { hub, told } = await opened()
    await mkdir(join(hub.folder, 'data/landing'), { recursive: true })
    const lock = await acquireLock(join(hub.folder, 'data/landing/published.json.lock'), {
      purpose: 'a test',
    })
    const blocked = await hub.hubdwh('run', '--json')
    await lock.release()
    expect(blocked).toMatchObject({ exitCode: 0, json: { published: [] } })
    expect(blocked.err).toMatch(/Nothing was published/)
    expect(blocked.json.models).not.toEqual([])
    expect(told()).toEqual([])
    await hub.hubdwh('run')
    expect(told().length).toBeGreaterThan(10)
  })
})

describe('a webhook', () => {
  it('whose server quotes its path betrays it to nobody', async () => {
    const { hub } = await opened()
    quoted = `Cannot POST ${webhookPath}`
    status = 404
    const { err, out } = await hub.hubdwh('run', '--json')
    expect(out).toContain('publish_refused')
    expect(`${err}${out}`).not.toContain(webhookPath)
  })

  it('can tell a genuine message by its signature, as docs/bi.md says', async () => {
    const { hub } = await opened()
    await hub.hubdwh('run')
    const [message] = server?.seen ?? []
    if (!message) throw new Error('The webhook was told nothing.')
    expect(verdict(message.headers, message.body, hub.clock)).toBe(200)
    expect(verdict(message.headers, `${message.body} `, hub.clock)).toBe(401)
    expect(JSON.parse(message.body)).toMatchObject({ version: 1, kind: 'published' })
  })
})

describe('the places of a configuration', () => {
  it('are told again where the copy was behind when they alone were published to', async () => {
    const { hub, told } = await opened()
    await hub.configure(text => `${text}  - file: {path: ./hubdwh.yaml/marts.duckdb}\n`)
    await hub.hubdwh('run')
    const all = told()
    for (const _ of [1, 2]) {
      await hub.publish('webhook')
      expect(told()).toEqual(all)
    }
  })

  it('are told everything of a warehouse that stands where another stood', async () => {
    const { hub, told } = await opened()
    await hub.hubdwh('run')
    const all = told()
    await hub.configure(text => text.replace('warehouse.duckdb', 'another.duckdb'))
    hub.clock.advance(hour)
    await hub.hubdwh('run')
    expect(new Set(told())).toEqual(new Set(all))
  })

  it('are told again where telling everything anew did not succeed', async () => {
    const { hub, told } = await opened()
    await hub.hubdwh('run')
    const all = told()
    status = 503
    expect((await hub.publish('--full')).exitCode).toBe(3)
    told()
    status = 200
    await hub.hubdwh('run')
    expect(told()).toEqual(all)
  })

  it('are told again where the copy that they may read could not be made', async () => {
    const { hub, told } = await opened()
    await hub.configure(text => `${text}  - file: {path: ./hubdwh.yaml/marts.duckdb}\n`)
    await hub.hubdwh('run')
    const all = told()
    expect(all.length).toBeGreaterThan(10)
    await hub.configure(text => text.replace('hubdwh.yaml/marts', 'marts'))
    expect((await hub.publish()).exitCode).toBe(0)
    expect(told()).toEqual(all)
    await hub.publish()
    expect(told()).toEqual([])
  })

  it('can be named, and one that is not there is told', async () => {
    const { hub } = await opened()
    await hub.hubdwh('run')
    const { exitCode, err } = await hub.hubdwh('publish', 'metabase')
    expect(exitCode).toBe(2)
    expect(err).toMatch(/There is no metabase under publish/)
  })

  it('are looked at by "check"', async () => {
    const { hub } = await opened()
    const { out } = await hub.hubdwh('check')
    expect(out).toMatch(/ok +publish webhook +the webhook at http:\/\/127/)
  })

  it('do not hold each other up, and the file comes before those who may read it', async () => {
    const { hub } = await opened()
    await hub.configure(text => `${text}  - file: {path: ./out/marts.duckdb}\n`)
    status = 500
    await mkdir(join(hub.folder, 'out'))
    const { json } = await hub.hubdwh('run', '--json')
    expect(json.published).toMatchObject([
      { kind: 'file', state: 'published' },
      { kind: 'webhook', state: 'failed' },
    ])
    expect((await readFile(join(hub.folder, 'out/marts.duckdb'))).length).toBeGreaterThan(0)
  })
})
