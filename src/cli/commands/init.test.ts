import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loadConfig, readTextFile } from '../../config/load.js'
import { systemChance } from '../../effects.js'
import { type FakeIoOptions, fakeIo } from '../fake-io.js'
import { main } from '../main.js'

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-init-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

/** Runs `hubdwh init …`, with real chance: keys are made. */
async function init(argv: readonly string[], { cwd, ...options }: FakeIoOptions & { cwd?: string } = {}) {
  const folder = cwd ?? (await emptyFolder())
  const io = { ...fakeIo({ cwd: folder, ...options }), chance: systemChance }
  const exitCode = await main(['init', ...argv], io)
  const read = (name: string) => readFile(join(folder, name), 'utf8')
  return { exitCode, io, folder, read }
}

const onTerminal = (...lines: readonly string[]) => ({ lines, isInteractive: true })

/** The configuration as a run would read it, with the credentials in the environment. */
async function loaded(cwd: string) {
  const env = { ALAQAN_API_KEY: 'key', AMOCRM_TOKEN: 'token' }
  return (await loadConfig('hubdwh.yaml', { env, cwd, readText: readTextFile })).config
}

describe('what init writes', () => {
  it('loads once the credentials are there: nobody has to make a key', async () => {
    const { exitCode, folder, io } = await init([])
    expect(exitCode).toBe(0)
    const { privacy, alaqan, amocrm } = await loaded(folder)
    expect(privacy.key).toMatch(/^[0-9a-f]{64}$/)
    expect(privacy.erasureKey).toMatch(/^[0-9a-f]{64}$/)
    expect(privacy.erasureKey).not.toBe(privacy.key)
    expect(alaqan?.startDate).toBe('2024-01-01')
    expect(amocrm?.baseUrl).toBe('https://example.amocrm.ru')
    expect(io.out() + io.err()).not.toContain(privacy.key)
  })

  it('keeps the keys from everybody else and out of the example', async () => {
    const { folder, read } = await init([])
    expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600)
    expect(await read('.env.example')).toMatch(/^HUBDWH_PRIVACY_KEY=$/m)
  })

  it('makes other keys in another folder', async () => {
    const [one, other] = [await init([]), await init([])]
    expect(await one.read('.env')).not.toBe(await other.read('.env'))
  })

  it('is about the sources that options name', async () => {
    const { folder } = await init(['--amocrm', 'hub.amocrm.ru', '--no-alaqan', '--start-date', '2025-03-01'])
    const { alaqan, amocrm } = await loaded(folder)
    expect(alaqan).toBeUndefined()
    expect(amocrm?.baseUrl).toBe('https://hub.amocrm.ru')
    expect(amocrm?.events.from).toBe('2025-03-01')
  })

  it('can be about another address of Alaqan alone', async () => {
    const { folder, io } = await init(['--alaqan', 'https://gates.example.kz/api', '--no-amocrm'])
    const { alaqan, amocrm } = await loaded(folder)
    expect(alaqan?.baseUrl).toBe('https://gates.example.kz/api/')
    expect(amocrm).toBeUndefined()
    expect(io.out()).not.toContain('AMOCRM_TOKEN')
  })

  it.each([
    [['--amocrm', 'https://hub.example.kz'], /--amocrm: expected the account's own address/],
    [['--amocrm', 'ftp://hub.amocrm.ru'], /--amocrm: expected an address with https/],
    [['--alaqan', 'nowhere'], /--alaqan: expected an address/],
    [['--no-alaqan', '--no-amocrm'], /nothing is left to load from/],
    [['--start-date', '2025-02-30'], /--start-date/],
  ])('is nothing where %j is given', async (argv, message) => {
    const { exitCode, io, folder } = await init(argv)
    expect(exitCode).toBe(2)
    expect(io.err()).toMatch(message)
    expect(await readdir(folder)).toEqual([])
  })
})

describe('what is there already', () => {
  it('stays, and no question is asked for nothing', async () => {
    const cwd = await emptyFolder()
    await writeFile(join(cwd, 'hubdwh.yaml'), 'mine')
    const { exitCode, io, read } = await init([], { cwd, ...onTerminal('hub', '', '') })
    expect(exitCode).toBe(2)
    expect(io.err()).toContain('--force')
    expect(io.err()).not.toContain('Address')
    expect(await read('hubdwh.yaml')).toBe('mine')
    expect(await readdir(cwd)).toEqual(['hubdwh.yaml'])
  })

  it('is overwritten with --force, but never the secrets', async () => {
    const cwd = await emptyFolder()
    const secrets = `AMOCRM_TOKEN=t\nHUBDWH_PRIVACY_KEY=${'a'.repeat(64)}\n`
    await writeFile(join(cwd, '.env'), secrets)
    await writeFile(join(cwd, 'hubdwh.yaml'), 'mine')
    const { exitCode, io, read, folder } = await init(['--force'], { cwd })
    expect(exitCode).toBe(0)
    expect(await read('.env')).toBe(secrets)
    expect(io.out()).toContain('Left .env as it was')
    const { privacy } = await loaded(folder)
    expect(privacy.key).toBe('a'.repeat(64))
    expect(privacy.erasureKey).toBeUndefined()
  })
})

describe('on a terminal', () => {
  it('asks for the account, for Alaqan and for the first day', async () => {
    const { io, folder } = await init([], onTerminal('Hub', 'нет', '2025-01-01'))
    const { alaqan, amocrm } = await loaded(folder)
    expect(amocrm).toMatchObject({ baseUrl: 'https://hub.amocrm.ru', events: { from: '2025-01-01' } })
    expect(alaqan).toBeUndefined()
    expect(io.out()).not.toContain('[')
  })

  it('takes the usual answers by Enter, and where the input ends', async () => {
    const [entered, ended] = [await init([], onTerminal('', '', '')), await init([], onTerminal())]
    expect(await entered.read('hubdwh.yaml')).toBe(await ended.read('hubdwh.yaml'))
    expect((await loaded(ended.folder)).alaqan).toBeDefined()
  })

  it('asks again where the answer is none', async () => {
    const { io, folder } = await init(
      [],
      onTerminal('https://hub.kz', 'no', 'perhaps', 'yes', 'long ago', ''),
    )
    expect(io.err().match(/That is not it/g)).toHaveLength(3)
    expect((await loaded(folder)).amocrm).toBeUndefined()
  })

  it('does not ask what options have told', async () => {
    const { io } = await init(
      ['--amocrm', 'hub', '--alaqan', '--start-date', '2025-01-01'],
      onTerminal('never read'),
    )
    expect(io.err()).toBe('')
  })

  it.each([
    ['hub-one', 'https://hub-one.amocrm.ru'],
    ['hub.kommo.com', 'https://hub.kommo.com'],
    ['https://hub.amocrm.ru/dashboard/?x=1', 'https://hub.amocrm.ru'],
    ['hub.amocrm.ru/api/v4/', 'https://hub.amocrm.ru'],
  ])('takes %s for %s', async (typed, url) => {
    const { folder } = await init([], onTerminal(typed, '', ''))
    expect((await loaded(folder)).amocrm?.baseUrl).toBe(url)
  })
})

describe('what comes next', () => {
  it('is said with the files and the commands as they are called', async () => {
    const cwd = await emptyFolder()
    await mkdir(join(cwd, 'conf'))
    const io = { ...fakeIo({ cwd }), command: './bin/hubdwh' }
    expect(await main(['init', '--config', 'conf/dwh.yaml'], io)).toBe(0)
    expect(io.out()).toContain('in place of https://example.amocrm.ru')
    expect(io.out()).toMatch(/Put into conf\/\.env:\n +ALAQAN_API_KEY .*\n +AMOCRM_TOKEN /)
    expect(io.out()).toContain('./bin/hubdwh --config conf/dwh.yaml check')
    expect(io.out()).toContain('./bin/hubdwh sandbox --write try')
  })

  it('leaves out what is done', async () => {
    const env = { AMOCRM_TOKEN: 't', ALAQAN_API_KEY: 'k' }
    const { io } = await init(['--amocrm', 'hub'], { env })
    expect(io.out()).not.toContain('Put ')
    expect(io.out()).toContain('  1. hubdwh check')
  })

  it('is in the JSON, too', async () => {
    const { io, folder } = await init(['--json'])
    expect(JSON.parse(io.out())).toEqual({
      ok: true,
      config: join(folder, 'hubdwh.yaml'),
      env: join(folder, '.env'),
      env_example: join(folder, '.env.example'),
      gitignore: null,
      missing: ['ALAQAN_API_KEY', 'AMOCRM_TOKEN'],
      exit_code: 0,
    })
  })
})

describe('a git repository', () => {
  async function repository(gitignore?: string): Promise<string> {
    const folder = await emptyFolder()
    await mkdir(join(folder, '.git'))
    if (gitignore !== undefined) await writeFile(join(folder, '.gitignore'), gitignore)
    return folder
  }

  it('gets a .gitignore for secrets and data', async () => {
    const { io, read } = await init([], { cwd: await repository() })
    expect(await read('.gitignore')).toBe('# Secrets and data of hubdwh.\n/.env\n/data/\n')
    expect(io.out()).toContain('.gitignore')
  })

  it('keeps what its .gitignore says, also where its last line is not ended', async () => {
    const { read } = await init([], { cwd: await repository('*.log\ndata') })
    expect(await read('.gitignore')).toBe('*.log\ndata\n\n# Secrets and data of hubdwh.\n/.env\n')
  })

  it.each(['.env\ndata/\n', '/.env\n/data/**\n', '**/.env\r\ndata/*\r\n'])(
    'is left alone with %j',
    async text => {
      const { read } = await init([], { cwd: await repository(text) })
      expect(await read('.gitignore')).toBe(text)
    },
  )

  it('is found from a folder in it, whose own secrets a pattern of the root does not mean', async () => {
    const cwd = await repository('/.env\ndata/\n')
    await mkdir(join(cwd, 'conf'))
    const { read } = await init(['--config', 'conf/hubdwh.yaml'], { cwd })
    expect(await read('conf/.gitignore')).toBe('# Secrets and data of hubdwh.\n/.env\n')
  })
})

it('into a folder that is not there says so', async () => {
  const { exitCode, io } = await init(['--config', 'no/such/folder.yaml'])
  expect(exitCode).toBe(3)
  expect(io.err()).toContain('cannot be written')
})
