/** Notices through the real command: what is told, to whom, and how often. */
import { spawn } from 'node:child_process'
import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/effects.js'
import { listedWorld, type World } from '../../src/sandbox/sandbox.js'
import { crowd, gateDay, lead } from '../runs/invented-account.js'
import { openToldHub, type ToldHub, type ToldOptions, taken } from './told-hub.js'
import { startWebhook } from './webhook-server.js'

const hour = 3_600_000
let hub: ToldHub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

function world(): World {
  return listedWorld({
    leads: [lead({ id: 1 }), lead({ id: 2 })],
    visits: { '2025-01-29': gateDay(crowd(30)), '2025-01-30': gateDay(crowd(30)) },
  })
}

async function opened(options: Partial<ToldOptions> = {}): Promise<ToldHub> {
  hub = await openToldHub({
    world: world(),
    now: '2025-01-31T05:00:00Z',
    startDate: '2025-01-29',
    ...options,
  })
  return hub
}

const fails = async (told: ToldHub, argv = ['run', 'alaqan']): Promise<void> => {
  const key = told.env.ALAQAN_API_KEY
  told.env.ALAQAN_API_KEY = 'a-key-that-is-wrong'
  expect((await told.hubdwh(...argv)).exitCode).toBe(5)
  if (key !== undefined) told.env.ALAQAN_API_KEY = key
}

describe('a run that is well', () => {
  it('tells nobody anything', async () => {
    const told = await opened()
    expect(await told.hubdwh('run')).toMatchObject({ exitCode: 0 })
    expect(told.webhook.received).toEqual([])
  })
})

describe('a run that fails', () => {
  it('is told with its code, its exit code and what to do, on every channel', async () => {
    const told = await opened({ channels: ['telegram', 'email', 'webhook'], mail: { withLogin: true } })
    await fails(told)
    expect(told.telegram.messages).toHaveLength(1)
    expect(told.mail.mails).toHaveLength(1)
    expect(told.webhook.notices).toHaveLength(1)
    const [mail] = told.mail.mails
    expect(mail).toMatchObject({ from: 'hub@example.kz', to: ['duty@example.kz'] })
    expect(mail?.subject).toBe('hubdwh: Alaqan: not everything was loaded or built')
    for (const text of [told.telegram.messages[0], mail?.text, told.webhook.notices[0]?.text]) {
      expect(text).toContain('Error credential_rejected, exit code 5, command "hubdwh run alaqan"')
      expect(text).toContain('visits')
      expect(text).toContain('hubdwh check')
      expect(text).toContain('2025-01-31 10:00 Asia/Almaty')
    }
  })

  it('is told in Russian where nothing else is asked for', async () => {
    const told = await opened({ channels: ['telegram', 'email'], language: 'ru' })
    await fails(told)
    expect(told.telegram.messages[0]).toContain('Alaqan: загружено или построено не всё')
    expect(told.mail.mails[0]?.subject).toBe('hubdwh: Alaqan: загружено или построено не всё')
    expect(told.mail.mails[0]?.text).toContain('Ключ или токен не принимается')
  })

  it('is told once in 24 hours, however often it fails, and again after that', async () => {
    const told = await opened()
    await fails(told)
    expect(taken(told)).toEqual(['run_failed:alaqan:credential_rejected'])
    told.clock.advance(hour)
    await fails(told)
    await fails(told, ['load', 'alaqan'])
    told.clock.advance(22.9 * hour)
    await fails(told)
    expect(taken(told)).toEqual([])
    told.clock.advance(0.2 * hour)
    await fails(told)
    expect(taken(told)).toEqual(['run_failed:alaqan:credential_rejected'])
  })

  it('is not silent for years because a clock was wrong', async () => {
    const told = await opened({ withoutAmocrm: true })
    told.clock.set(Date.parse('2035-01-31T05:00:00Z'))
    await fails(told)
    expect(taken(told)).toHaveLength(1)
    told.clock.set(Date.parse('2025-01-31T05:00:00Z'))
    await fails(told)
    expect(taken(told)).toHaveLength(1)
    await fails(told)
    expect(taken(told)).toEqual([])
  })

  it('is told to work again, once, and as news no sooner than a day after it was told', async () => {
    const told = await opened()
    await fails(told)
    taken(told)
    told.clock.advance(hour)
    expect(await told.hubdwh('run', 'amocrm')).toMatchObject({ exitCode: 0 })
    expect(taken(told)).toEqual([])
    await told.hubdwh('run', 'alaqan')
    expect(told.webhook.notices[0]?.text).toContain('before 2025-02-01 10:00 Asia/Almaty')
    expect(taken(told)).toEqual(['over run_failed:alaqan:credential_rejected'])
    await told.hubdwh('run')
    await fails(told)
    await told.hubdwh('run')
    expect(taken(told)).toEqual([])
    told.clock.advance(24 * hour)
    await fails(told)
    expect(taken(told)).toEqual(['run_failed:alaqan:credential_rejected'])
  })

  it('does not work again where it fails for another reason', async () => {
    const told = await opened()
    await fails(told)
    taken(told)
    await told.configure(text => text.replace(/base_url: .*astanahub\//, 'base_url: http://127.0.0.1:9/'))
    expect((await told.hubdwh('run', 'alaqan')).exitCode).toBe(3)
    expect(taken(told)).toEqual(['run_failed:alaqan:source_unavailable'])
  })

  it('is told by its command where the command as a whole could not go on', async () => {
    const told = await opened()
    await mkdir(join(told.folder, 'data'))
    await writeFile(join(told.folder, 'data/warehouse.duckdb'), 'no database, but long enough for a header')
    const { exitCode } = await told.hubdwh('transform')
    expect(exitCode).toBe(3)
    expect(taken(told)).toEqual(['run_failed:all:warehouse_unreadable'])
  })
})

describe('what is no news', () => {
  it('is wrong usage, and a command that only looks', async () => {
    const told = await opened()
    expect((await told.hubdwh('load', 'alaqan', '--from', '2025-02-30')).exitCode).toBe(2)
    expect((await told.hubdwh('load', 'amocrm', 'leeds')).exitCode).toBe(2)
    told.env.ALAQAN_API_KEY = 'a-key-that-is-wrong'
    for (const argv of [['plan'], ['status'], ['check']]) await told.hubdwh(...argv)
    expect(told.webhook.received).toEqual([])
  })

  it('is a run that a person stops', async () => {
    const told = await opened()
    const { io, ended } = told.begin('run')
    io.stop('SIGINT')
    expect((await ended).exitCode).toBe(3)
    expect(told.webhook.received).toEqual([])
  })
})

describe('a check that fails', () => {
  const check = (severity: string) => `/*
No lead has an id.

name: no_lead_at_all
table: silver.amocrm_leads
severity: ${severity}
advice: Nothing can be done.
*/
select lead_id from candidate
`
  const addCheck = async (told: ToldHub, severity: string): Promise<void> => {
    await mkdir(join(told.folder, 'checks'), { recursive: true })
    await writeFile(join(told.folder, 'checks/no_lead_at_all.sql'), check(severity))
  }

  it('and blocks is told as an error, by check and table, until it passes', async () => {
    const told = await opened()
    await addCheck(told, 'block')
    expect((await told.hubdwh('run', 'amocrm')).exitCode).toBe(4)
    const [notice] = told.webhook.notices
    expect(notice).toMatchObject({ kind: 'check_failed', severity: 'error', commands: ['hubdwh quality'] })
    expect(notice?.text).toContain('no_lead_at_all, silver.amocrm_leads: 2 rows')
    expect(taken(told)).toEqual(['check_failed:no_lead_at_all:silver.amocrm_leads'])
    expect((await told.hubdwh('run', 'amocrm')).exitCode).toBe(4)
    expect(taken(told)).toEqual([])
    const path = join(told.folder, 'checks/no_lead_at_all.sql')
    await writeFile(path, check('block').replace('from candidate', 'from candidate where lead_id < 0'))
    expect((await told.hubdwh('transform')).exitCode).toBe(0)
    expect(taken(told)).toEqual(['over check_failed:no_lead_at_all:silver.amocrm_leads'])
  })

  it('and only warns is told as a warning, and does not end the run', async () => {
    const told = await opened()
    await addCheck(told, 'warn')
    expect((await told.hubdwh('run', 'amocrm')).exitCode).toBe(0)
    expect(told.webhook.notices).toMatchObject([{ kind: 'check_failed', severity: 'warning' }])
    expect(taken(told)).toEqual(['check_failed:no_lead_at_all:silver.amocrm_leads'])
  })
})

describe('what waits for a decision', () => {
  it('is told: days that are held back, in one message, until they are taken', async () => {
    const told = await opened()
    await told.hubdwh('run')
    told.clock.advance(hour)
    told.world.setVisits('2025-01-29', gateDay(crowd(3)))
    told.world.setVisits('2025-01-30', gateDay(crowd(2)))
    await told.hubdwh('run', 'alaqan')
    expect(taken(told)).toEqual(['day_held:2025-01-29 day_held:2025-01-30'])
    told.clock.advance(hour)
    await told.hubdwh('run', 'alaqan')
    await told.hubdwh('run', 'alaqan')
    expect(taken(told)).toEqual([])
  })

  it('is told: a comparison that has stopped', async () => {
    const contacts = Array.from({ length: 40 }, (_, index) => ({
      id: index + 1,
      name: `Контакт ${index + 1}`,
      created_at: 1_737_350_000,
      updated_at: 1_737_350_000 + index,
      custom_fields_values: null,
    }))
    const told = await opened({ world: listedWorld({ contacts }) })
    await told.hubdwh('load', 'amocrm', 'contacts')
    for (let id = 1; id <= 15; id++) told.world.purge('contacts', id)
    told.clock.advance(7 * 24 * hour)
    expect((await told.hubdwh('load', 'amocrm', 'contacts')).exitCode).toBe(4)
    expect(told.webhook.notices[0]?.commands).toContain('hubdwh load amocrm contacts --full --accept')
    expect(taken(told)).toEqual(['sweep_stopped:contacts'])
    await told.hubdwh('load', 'amocrm', 'contacts', '--full', '--accept')
    expect(taken(told)).toEqual(['over sweep_stopped:contacts'])
  })

  it('is told: a long-lived token two weeks before its end, and a week later again', async () => {
    const endsAt = Date.parse('2025-02-14T04:59:00Z') / 1000
    const token = ['x', Buffer.from(JSON.stringify({ exp: endsAt })).toString('base64url'), 'x'].join('.')
    const told = await opened({ sandbox: { amocrm: { requestsPerSecond: null, token } } })
    await told.hubdwh('load', 'amocrm', 'leads')
    expect(told.webhook.notices[0]?.title).toBe('amoCRM: the token ends on 2025-02-14')
    expect(taken(told)).toEqual(['token_ends:amocrm'])
    told.clock.advance(6 * 24 * hour)
    await told.hubdwh('load', 'amocrm', 'leads')
    expect(taken(told)).toEqual([])
    told.clock.advance(24 * hour)
    await told.hubdwh('load', 'amocrm', 'leads')
    expect(taken(told)).toEqual(['token_ends:amocrm'])
    expect((await told.hubdwh('check')).out).toMatch(
      /^warning +amocrm token life +the token ends in 6 days$/m,
    )
  })
})

describe('a channel that is down', () => {
  it('is a warning, changes no exit code, and is told at the next run', async () => {
    const told = await opened({ channels: ['telegram', 'webhook'] })
    told.webhook.moods.push(500, 503)
    told.env.ALAQAN_API_KEY = 'a-key-that-is-wrong'
    const first = await told.hubdwh('run', 'alaqan', '--json')
    expect(first).toMatchObject({ exitCode: 5, json: { exit_code: 5 } })
    expect(first.err).toContain('A notice by webhook was not sent and is tried again at the next run')
    expect(taken(told)).toEqual([])
    expect(told.telegram.messages).toHaveLength(1)
    expect((await told.hubdwh('run', 'alaqan')).exitCode).toBe(5)
    expect(taken(told)).toEqual(['run_failed:alaqan:credential_rejected'])
    expect(told.telegram.messages).toHaveLength(1)
  })

  it('is not remembered as told where it is another one now', async () => {
    const told = await opened()
    await fails(told)
    taken(told)
    told.env.HOOK = `${told.webhook.url}-elsewhere`
    await fails(told)
    expect(told.webhook.received).toHaveLength(2)
  })
})

describe('what was told', () => {
  it('is told once by two processes of the system', async () => {
    const told = await opened()
    // They live by the real clock, and so must the receiver.
    const webhook = await startWebhook(systemClock)
    const env = {
      PATH: process.env.PATH,
      ...told.env,
      HOOK: webhook.url,
      ALAQAN_API_KEY: 'a-key-that-is-wrong',
    }
    const command = resolve(import.meta.dirname, '../../bin/hubdwh')
    const load = (): Promise<number | null> =>
      new Promise((end, fail) => {
        const child = spawn(process.execPath, [command, 'load', 'alaqan'], { cwd: told.folder, env })
        child.on('error', fail)
        child.on('close', end)
      })
    const exitCodes = await Promise.all([load(), load()])
    await webhook.close()
    expect(exitCodes).toEqual([5, 5])
    expect(webhook.notices.map(({ causes }) => causes)).toEqual([['run_failed:alaqan:credential_rejected']])
  })

  it('is kept for the owner alone, and says nothing of the channel', async () => {
    const told = await opened({ channels: ['telegram', 'email', 'webhook'] })
    await fails(told)
    const path = join(told.folder, 'data/landing/notices.json')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const text = await readFile(path, 'utf8')
    for (const part of ['duty', 'example.kz', '1001234567890', 's3cr3t', 'AAErDd'])
      expect(text).not.toContain(part)
  })

  it('is begun anew where the file is broken', async () => {
    const told = await opened()
    await fails(told)
    taken(told)
    await writeFile(join(told.folder, 'data/landing/notices.json'), '{"version": 1, "chan')
    const { err } = await told.hubdwh('run', 'amocrm')
    expect(err).toContain('notices.json cannot be read')
    await fails(told)
    await fails(told)
    expect(taken(told)).toEqual(['run_failed:alaqan:credential_rejected'])
  })

  it('is told although nothing can be remembered', async () => {
    const told = await opened()
    // A file where the folder should be: the landing itself is the failure.
    await mkdir(join(told.folder, 'data'))
    await writeFile(join(told.folder, 'data/landing'), '')
    const { exitCode, err } = await told.hubdwh('run', 'alaqan')
    expect(exitCode).not.toBe(0)
    expect(err).toContain('cannot be remembered')
    expect(taken(told)).toHaveLength(1)
  })
})

describe('a lock that a dead process left', () => {
  it('does not keep anybody from being told', async () => {
    const told = await opened()
    const path = join(told.folder, 'data/landing/notices.json.lock')
    await mkdir(join(told.folder, 'data/landing'), { recursive: true })
    await writeFile(path, JSON.stringify({ token: 'x', host: 'elsewhere', pid: 1, startedAt: null }))
    await utimes(path, new Date(0), new Date(0))
    await fails(told)
    expect(taken(told)).toHaveLength(1)
  })
})
