import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { listedWorld, type SandboxOptions, startSandbox } from '../../sandbox/sandbox.js'
import { type FakeIo, fakeIo } from '../fake-io.js'
import { main } from '../main.js'

interface Given {
  readonly redirectUri?: string
  readonly lines?: readonly string[]
  readonly amocrm?: SandboxOptions['amocrm']
  /** Lines of `amocrm.auth` instead of those of the sandbox's integration. */
  readonly auth?: readonly string[]
}

/** A folder whose configuration has OAuth at a sandbox. */
async function installation({
  redirectUri = 'https://example.kz/oauth',
  lines = [],
  amocrm,
  auth,
}: Given = {}) {
  const cwd = await mkdtemp(join(tmpdir(), 'hubdwh-auth-'))
  const io = fakeIo({ cwd, lines })
  const sandbox = await startSandbox({
    clock: io.clock,
    world: listedWorld({
      users: [{ id: 100, name: 'А', rights: { is_admin: true } }],
      account: { id: 1, subdomain: 'example', current_user_id: 100 },
    }),
    amocrm: { redirectUri, requestsPerSecond: null, ...amocrm },
  })
  onTestFinished(async () => {
    await sandbox.close()
    await rm(cwd, { recursive: true })
  })
  const own = [
    'client_id: sandbox-client',
    `client_secret: \${SECRET}`,
    `redirect_uri: ${redirectUri}`,
    'token_file: token.json',
  ]
  const yaml = [
    'privacy: {iin: none}',
    'amocrm:',
    `  base_url: ${sandbox.amocrmUrl}`,
    '  auth:',
    ...(auth ?? own).map(line => `    ${line}`),
  ]
  await writeFile(join(cwd, 'hubdwh.yaml'), `${yaml.join('\n')}\n`)
  await writeFile(join(cwd, '.env'), 'SECRET=sandbox-secret\nTOKEN=a-long-lived-token\n')
  return { cwd, io, sandbox, tokenFile: join(cwd, 'token.json') }
}

/** The link, as soon as it is shown. */
async function shownLink(io: FakeIo): Promise<string> {
  for (;;) {
    const link = /^ +(http\S+)$/m.exec(io.err())?.[1]
    if (link) return link
    if (io.err().includes('error:')) throw new Error(io.err())
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** An address on this machine at which nobody listens. */
async function freeAddress(): Promise<string> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/oauth`
}

describe('auth amocrm, where the browser comes back to this machine', () => {
  it('stores the tokens for their owner only, and says whose they are', async () => {
    const { io, tokenFile, sandbox } = await installation({ redirectUri: await freeAddress() })
    const ending = main(['auth', 'amocrm'], io)
    const page = await fetch(await shownLink(io))
    expect(await page.text()).toContain('Done.')
    expect(await ending).toBe(0)
    expect(io.out()).toContain(`account example (${sandbox.url})`)
    expect(io.out()).toContain("the token is an administrator's.")
    const stored = JSON.parse(await readFile(tokenFile, 'utf8'))
    expect(stored).toMatchObject({ base_url: sandbox.url, issued_at: Math.floor(io.clock.now() / 1000) })
    expect((await stat(tokenFile)).mode & 0o777).toBe(0o600)
    for (const secret of [stored.access_token, stored.refresh_token, 'sandbox-secret']) {
      expect(io.out() + io.err()).not.toContain(secret)
    }
  })

  it('gives an object with --json', async () => {
    const { io, sandbox, tokenFile } = await installation({ redirectUri: await freeAddress() })
    const ending = main(['auth', 'amocrm', '--json'], io)
    await fetch(await shownLink(io))
    expect(await ending).toBe(0)
    expect(JSON.parse(io.out())).toEqual({
      ok: true,
      account: 'example',
      base_url: sandbox.url,
      is_admin: true,
      token_file: tokenFile,
      exit_code: 0,
    })
  })

  it.each([
    ['another state', 'code=abc&state=0000', 'state_mismatch'],
    ['no state', 'code=abc', 'state_mismatch'],
    ['a refusal by the person', 'error=access_denied&state=STATE', 'access_denied'],
    ['a code that nobody gave', 'code=abc&state=STATE', 'code_rejected'],
    ['a code of a stranger’s host', 'code=abc&referer=evil.example&state=STATE', 'untrusted_host'],
  ])('refuses %s', async (_, query, code) => {
    const redirectUri = await freeAddress()
    const { io, sandbox } = await installation({ redirectUri })
    const ending = main(['auth', 'amocrm', '--json'], io)
    const state = new URL(await shownLink(io)).searchParams.get('state') ?? ''
    expect(state).toHaveLength(64)
    const page = await fetch(`${redirectUri}?${query.replace('STATE', state)}`)
    expect(page.status).toBe(400)
    expect(await ending).toBe(5)
    expect(JSON.parse(io.out()).error.code).toBe(code)
    expect(sandbox.requests.filter(request => request.path !== '/oauth2/access_token')).toEqual([])
  })

  it('goes on waiting where something else is asked for', async () => {
    const redirectUri = await freeAddress()
    const { io } = await installation({ redirectUri })
    const ending = main(['auth', 'amocrm'], io)
    const link = await shownLink(io)
    const statuses = []
    for (const path of ['/favicon.ico', '/oauth', '//[']) {
      statuses.push((await fetch(new URL(redirectUri).origin + path)).status)
    }
    expect(statuses).toEqual([404, 400, 404])
    await fetch(link)
    expect(await ending).toBe(0)
  })

  it('ends with Ctrl-C, and listens no more', async () => {
    const redirectUri = await freeAddress()
    const { io } = await installation({ redirectUri })
    const ending = main(['auth', 'amocrm'], io)
    await shownLink(io)
    io.stop('SIGINT')
    expect(await ending).toBe(3)
    await expect(fetch(redirectUri)).rejects.toThrow()
  })

  it('says that the port is taken', async () => {
    const redirectUri = await freeAddress()
    const taken = createServer().listen(Number(new URL(redirectUri).port), '127.0.0.1')
    onTestFinished(() => void taken.close())
    const { io } = await installation({ redirectUri })
    expect(await main(['auth', 'amocrm'], io)).toBe(2)
    expect(io.err()).toContain('--code')
  })
})

describe('auth amocrm, where the browser goes elsewhere', () => {
  it('takes a code that is pasted', async () => {
    const given = await installation()
    const io = { ...given.io, readLine: async () => `  ${given.sandbox.authorizationCode()} ` }
    expect(await main(['auth', 'amocrm'], io)).toBe(0)
    expect(JSON.parse(await readFile(given.tokenFile, 'utf8'))).toMatchObject({ base_url: given.sandbox.url })
  })

  it('takes the whole address that is pasted', async () => {
    const { io, tokenFile } = await installation()
    const readLine = async () => {
      const answer = await fetch(await shownLink(io), { redirect: 'manual' })
      return answer.headers.get('location') ?? ''
    }
    expect(await main(['auth', 'amocrm'], { ...io, readLine })).toBe(0)
    expect(JSON.parse(await readFile(tokenFile, 'utf8'))).toHaveProperty('refresh_token')
  })

  it.each([
    [[], 'code_needed', 2],
    [[''], 'code_needed', 2],
    [['https://example.kz/oauth'], 'code_unreadable', 2],
    [['https://example.kz/oauth?code=a&state=b'], 'state_mismatch', 5],
    [['https://example.kz/oauth?error=access_denied&state=b'], 'state_mismatch', 5],
  ])('refuses %j', async (lines, code, exitCode) => {
    const { io } = await installation({ lines })
    expect(await main(['auth', 'amocrm', '--json'], io)).toBe(exitCode)
    expect(JSON.parse(io.out()).error.code).toBe(code)
  })

  it('takes --code and --referer without asking', async () => {
    const { io, sandbox } = await installation()
    const argv = [
      'auth',
      'amocrm',
      '--code',
      sandbox.authorizationCode(),
      '--referer',
      new URL(sandbox.url).host,
    ]
    expect(await main(argv, io)).toBe(0)
    expect(io.err()).toBe('')
  })

  it('sends no code to a stranger', async () => {
    const { io, sandbox } = await installation()
    expect(await main(['auth', 'amocrm', '--code', 'abc', '--referer', 'evil.example'], io)).toBe(5)
    expect(sandbox.requests).toEqual([])
  })

  it('shows no code that was refused', async () => {
    const { io } = await installation()
    expect(await main(['auth', 'amocrm', '--code', 'def502abcdef', '--verbose'], io)).toBe(5)
    expect(io.err()).not.toContain('def502abcdef')
  })
})

it('warns where the token is not an administrator’s', async () => {
  const { io, sandbox } = await installation({ amocrm: { isAdmin: false } })
  expect(await main(['auth', 'amocrm', '--code', sandbox.authorizationCode()], io)).toBe(0)
  expect(io.err()).toContain('administrator')
})

it('has nothing to do where the token is long-lived', async () => {
  const { io } = await installation({ auth: [`token: \${TOKEN}`] })
  expect(await main(['auth', 'amocrm'], io)).toBe(2)
  expect(io.err()).toContain('nothing to authorize')
})
