/** From an empty folder to marts, as a new user goes there: every command is the real one, and the one that was named. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { fakeIo } from '../../src/cli/fake-io.js'
import { main } from '../../src/cli/main.js'
import { systemChance } from '../../src/effects.js'
import { generatedWorld, movableClock, type Sandbox, startSandbox } from '../../src/sandbox/sandbox.js'

/** An empty folder, both APIs, and a person who types the commands. */
async function newUser() {
  const cwd = await mkdtemp(join(tmpdir(), 'hubdwh-first-'))
  const clock = movableClock('2025-01-31T12:00:00+05:00')
  const sandbox = await startSandbox({
    clock,
    amocrm: { requestsPerSecond: null },
    world: generatedWorld({ leads: 30, people: 8, from: '2025-01-20', to: '2025-01-30' }),
  })
  onTestFinished(async () => {
    await sandbox.close()
    await rm(cwd, { recursive: true })
  })
  const hubdwh = async (...argv: readonly string[]) => {
    const fake = fakeIo({ cwd })
    const exitCode = await main(argv, { ...fake, clock, chance: systemChance })
    return { exitCode, out: fake.out(), err: fake.err() }
  }
  return { cwd, sandbox, hubdwh }
}

function named(sandbox: Sandbox): readonly string[] {
  return ['--amocrm', sandbox.amocrmUrl, '--alaqan', sandbox.alaqanUrl, '--start-date', '2025-01-20']
}

async function fillIn(file: string, values: Readonly<Record<string, string>>): Promise<void> {
  const text = await readFile(file, 'utf8')
  await writeFile(
    file,
    text.replaceAll(/^(\w+)=$/gm, (line, name: string) => (values[name] ? `${name}=${values[name]}` : line)),
  )
}

it('init, credentials, check, plan, run, status, and a mart holds rows', async () => {
  const { cwd, sandbox, hubdwh } = await newUser()

  // Before anything: every command names the first one.
  const tooEarly = await hubdwh('run')
  expect(tooEarly).toMatchObject({ exitCode: 2 })
  expect(tooEarly.err).toContain('hubdwh init')

  const { out: next } = await hubdwh('init', ...named(sandbox))
  const commands = [...next.matchAll(/^ {2}\d\. hubdwh (\w+)/gm)].map(([, command = '']) => command)
  expect(commands).toEqual(['check', 'plan', 'run', 'status'])

  // With the credentials forgotten: it says which, and where they belong.
  const forgotten = await hubdwh('check')
  expect(forgotten.exitCode).toBe(2)
  expect(forgotten.err).toContain(`a line ALAQAN_API_KEY=… in ${join(cwd, '.env')}`)
  expect(forgotten.err).toContain('AMOCRM_TOKEN')
  expect(forgotten.err).not.toContain('HUBDWH_PRIVACY_KEY')

  await fillIn(join(cwd, '.env'), { ALAQAN_API_KEY: sandbox.apiKey, AMOCRM_TOKEN: sandbox.token })
  for (const command of commands) {
    const { exitCode, out, err } = await hubdwh(command)
    expect({ command, exitCode, failed: /^failed/m.exec(out), error: /^error:/m.exec(err) }).toEqual({
      ...{ command, exitCode: 0, failed: null, error: null },
    })
  }
  const { out } = await hubdwh(
    'sql',
    '--csv',
    'select sum(leads_count) as leads from gold.amocrm_sales_funnel',
  )
  expect(Number(out.split('\r\n')[1])).toBeGreaterThan(20)
})

it('the example of an address is noticed before a token is shown to a stranger', async () => {
  const { cwd, hubdwh } = await newUser()
  await hubdwh('init', '--no-alaqan')
  await fillIn(join(cwd, '.env'), { AMOCRM_TOKEN: 'a-token-of-ours' })
  const { exitCode, out } = await hubdwh('check')
  expect(exitCode).toBe(2)
  expect(out).toMatch(/failed +amocrm address .*\n.*amocrm\.base_url in .*hubdwh\.yaml/)
})
