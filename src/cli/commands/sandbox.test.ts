import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loadConfig, readTextFile } from '../../config/load.js'
import { fakeIo } from '../fake-io.js'
import { main } from '../main.js'

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-sandbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

const small = ['--port', '0', '--leads', '5', '--people', '3', '--days', '10']

describe('sandbox', () => {
  it('answers with the key that it prints, until it is stopped', async () => {
    const io = fakeIo()
    const ended = main(['sandbox', ...small, '--json'], io)
    await io.whenOut('\n')
    const told = JSON.parse(io.out())
    expect(told).toMatchObject({ ok: true, from: '2025-01-21', to: '2025-01-30', folder: null })
    const answer = await fetch(`${told.alaqan_url}employees/byDate?date=2025-01-30`, {
      headers: { 'X-Api-Key': told.api_key },
    })
    expect(answer.status).toBe(200)
    io.stop('SIGINT')
    expect(await ended).toBe(0)
    expect(io.out().split('\n')).toHaveLength(2)
  })

  it('serves fields that have changed', async () => {
    const io = fakeIo()
    const changes = ['users:add:shift', 'users:drop:lang', 'users:retype:rights.is_active']
    const ended = main(['sandbox', ...small, '--json', '--fields', ...changes], io)
    await io.whenOut('\n')
    const told = JSON.parse(io.out())
    const answer = await fetch(`${told.amocrm_url}/api/v4/users`, {
      headers: { authorization: `Bearer ${told.token}` },
    })
    const [first] = JSON.parse(await answer.text())._embedded.users
    expect(first).toMatchObject({ shift: 'new', rights: { is_active: 'true' } })
    expect(first).not.toHaveProperty('lang')
    io.stop('SIGINT')
    await ended
  })

  it('writes a configuration that loads', async () => {
    const cwd = await temporaryFolder()
    const io = fakeIo({ cwd })
    const ended = main(['sandbox', ...small, '--write', 'try'], io)
    await io.whenOut('status\n')
    const { config, warnings } = await loadConfig('try/hubdwh.yaml', { env: {}, cwd, readText: readTextFile })
    expect(warnings).toEqual([])
    expect(config.alaqan?.startDate).toBe('2025-01-21')
    expect(config.amocrm?.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    io.stop('SIGTERM')
    expect(await ended).toBe(0)
  })

  it('takes up a folder that it wrote before, with the token that is in it', async () => {
    const cwd = await temporaryFolder()
    const first = fakeIo({ cwd })
    const ended = main(['sandbox', ...small, '--write', 'try', '--json'], first)
    await first.whenOut('\n')
    const { amocrm_url: url, token } = JSON.parse(first.out())
    first.stop('SIGTERM')
    await ended
    const { port } = new URL(url)
    const again = fakeIo({ cwd, now: Date.UTC(2025, 1, 7, 12) })
    const endedAgain = main(['sandbox', ...small, '--port', port, '--write', 'try', '--json'], again)
    await again.whenOut('\n')
    expect(JSON.parse(again.out())).toMatchObject({ amocrm_url: url, token })
    const headers = { authorization: `Bearer ${token}` }
    expect((await fetch(`${url}/api/v4/account`, { headers })).status).toBe(200)
    again.stop('SIGTERM')
    expect(await endedAgain).toBe(0)
  })

  it('leaves a folder alone that is not its own', async () => {
    const cwd = await temporaryFolder()
    await writeFile(join(cwd, 'hubdwh.yaml'), 'mine')
    const io = fakeIo({ cwd })
    expect(await main(['sandbox', ...small, '--write', '.'], io)).toBe(2)
    expect(io.err()).toContain('--write')
    expect(await readFile(join(cwd, 'hubdwh.yaml'), 'utf8')).toBe('mine')
  })

  it('prints the configuration where it is not to write it', async () => {
    const io = fakeIo()
    const ended = main(['sandbox', ...small], io)
    await io.whenOut('HUBDWH_PRIVACY_KEY=')
    io.stop('SIGINT')
    await ended
    expect(io.out()).toContain('timezone: Asia/Almaty')
  })

  it.each([
    [['--port', '99999']],
    [['--faults', 'earthquake']],
    [['--fields', 'leads:paint:price']],
    [['--rate', '0']],
    [['--filter-add-on', 'maybe']],
    [['--days', '0']],
  ])('%j is wrong usage', async argv => {
    expect(await main(['sandbox', ...argv], fakeIo())).toBe(2)
  })

  it('says that a port is taken', async () => {
    const first = fakeIo()
    const ended = main(['sandbox', ...small, '--json'], first)
    await first.whenOut('\n')
    const { port } = new URL(JSON.parse(first.out()).amocrm_url)
    const second = fakeIo()
    expect(await main(['sandbox', ...small, '--port', port], second)).toBe(2)
    expect(second.err()).toContain('--port')
    first.stop('SIGINT')
    await ended
  })
})

describe('ddl', () => {
  it.each(['duckdb', 'spark', 'trino'])(
    'prints every table for %s, without a configuration',
    async engine => {
      const io = fakeIo()
      expect(await main(['ddl', '--engine', engine], io)).toBe(0)
      for (const name of [
        'bronze.alaqan_visits',
        'silver.amocrm_leads',
        'gold.amocrm_sales_funnel',
        'meta.loads',
      ]) {
        expect(io.out()).toContain(name)
      }
    },
  )
})
