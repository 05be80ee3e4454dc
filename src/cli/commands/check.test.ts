import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { configTemplate, envTemplate } from '../../config/template.js'
import { generatedWorld, type SandboxOptions, startSandbox } from '../../sandbox/sandbox.js'
import { fakeIo } from '../fake-io.js'
import { main } from '../main.js'

interface Given {
  readonly sandbox?: SandboxOptions
  readonly key?: string
  readonly token?: string
  readonly edit?: (yaml: string) => string
  readonly prepare?: (folder: string) => Promise<unknown>
}

interface CheckJson {
  readonly exit_code: number
  readonly checks: readonly { readonly subject: string; readonly state: string; readonly what: string }[]
}

/** Runs a command in a folder whose configuration points at a sandbox; 2025-01-31, noon UTC. */
async function against(
  argv: readonly string[],
  { sandbox = {}, key, token, edit = yaml => yaml, prepare }: Given = {},
) {
  const cwd = await mkdtemp(join(tmpdir(), 'hubdwh-check-'))
  const io = fakeIo({ cwd })
  const world = generatedWorld({ leads: 5, people: 10, from: '2025-01-01', to: '2025-01-31' })
  const served = await startSandbox({ world, clock: io.clock, ...sandbox })
  onTestFinished(async () => {
    await served.close()
    await rm(cwd, { recursive: true })
  })
  const yaml = configTemplate({ alaqanUrl: served.alaqanUrl, amocrmUrl: served.amocrmUrl })
  await writeFile(join(cwd, 'hubdwh.yaml'), edit(yaml))
  const values = { ALAQAN_API_KEY: key ?? served.apiKey, AMOCRM_TOKEN: token ?? served.token }
  await writeFile(join(cwd, '.env'), envTemplate({ ...values, HUBDWH_PRIVACY_KEY: 'f'.repeat(64) }))
  await prepare?.(cwd)
  const exitCode = await main(argv, io)
  return { exitCode, io, secrets: Object.values(values) }
}

/** The states of all checks by subject. */
async function states(given: Given) {
  const { io, exitCode, secrets } = await against(['check', '--json'], given)
  const told: CheckJson = JSON.parse(io.out())
  expect(told.exit_code).toBe(exitCode)
  for (const secret of secrets) expect(io.out() + io.err()).not.toContain(secret)
  return { exitCode, states: Object.fromEntries(told.checks.map(({ subject, state }) => [subject, state])) }
}

const withArm = (report: string) => (yaml: string) => `${yaml}arm: {service_report: ${report}}\n`

describe('check', () => {
  it('is content with an account as it should be', async () => {
    const { exitCode, io } = await against(['check'])
    expect(io.err()).toBe('')
    expect(exitCode).toBe(0)
    // The sandbox's Date header is the machine's, not the sandbox's clock.
    const bad = io.out().match(/^(warning|failed) +(?! |clock of this machine).*/gm)
    expect(bad).toBeNull()
    expect(io.out()).toMatch(/^ok +alaqan key +accepted; \d+ people on 2025-01-30$/m)
    expect(io.out()).toMatch(/^ok +leads: bin +field 501001 "БИН"$/m)
  })

  it('asks a person for authorization where a credential is refused, and goes on with the rest', async () => {
    const found = await states({ key: 'a-wrong-key' })
    expect(found).toMatchObject({ exitCode: 5, states: { 'alaqan key': 'failed', 'amocrm token': 'ok' } })
  })

  it('asks nothing more of amoCRM where the token is refused', async () => {
    const { exitCode, states: found } = await states({ token: 'a-wrong-token' })
    expect(exitCode).toBe(5)
    expect(found['amocrm token']).toBe('failed')
    expect(Object.keys(found)).not.toContain('amocrm rights')
  })

  it('warns of a token that is not an administrator’s', async () => {
    const found = await states({ sandbox: { amocrm: { isAdmin: false } } })
    expect(found).toMatchObject({ exitCode: 0, states: { 'amocrm rights': 'warning' } })
  })

  it('warns where the filter add-on is off', async () => {
    const found = await states({ sandbox: { amocrm: { filterAddOn: false } } })
    expect(found).toMatchObject({ exitCode: 0, states: { 'amocrm filter add-on': 'warning' } })
  })

  it('warns of a mapping that finds nothing', async () => {
    const found = await states({ edit: yaml => yaml.replace('bin: [БИН]', 'bin: [Номер]') })
    expect(found.states).toMatchObject({
      'leads: bin': 'warning',
      'companies: bin': 'warning',
      'leads: source': 'ok',
    })
  })

  it('takes an id for a field', async () => {
    const found = await states({ edit: yaml => yaml.replace('bin: [БИН]', 'bin: [501001]') })
    expect(found.states).toMatchObject({ 'leads: bin': 'ok', 'companies: bin': 'warning' })
  })

  it('warns of another zone than the account’s', async () => {
    const found = await states({ edit: yaml => yaml.replace('Asia/Almaty', 'Europe/Moscow') })
    expect(found.states).toMatchObject({ 'amocrm time zone': 'warning' })
  })

  it('warns of another currency than the account’s, and says nothing where it is the same', async () => {
    const found = await states({ edit: yaml => yaml.replace('currency: KZT', 'currency: USD') })
    expect(found.states).toMatchObject({ 'amocrm currency': 'warning' })
    expect((await states({})).states).not.toHaveProperty('amocrm currency')
  })

  it('warns of data that stand unmasked', async () => {
    const found = await states({ edit: yaml => yaml.replace('phone: partial', 'phone: none') })
    expect(found.states).toMatchObject({ 'personal data': 'warning' })
  })

  it('warns of a day without visits', async () => {
    const found = await states({ sandbox: { faults: [{ kind: 'empty', api: 'alaqan' }] } })
    expect(found.states).toMatchObject({ 'alaqan key': 'warning' })
  })

  it('says that a source is unavailable', async () => {
    const found = await states({ sandbox: { faults: [{ kind: '503', api: 'alaqan' }] } })
    expect(found).toMatchObject({ exitCode: 3, states: { 'alaqan key': 'failed', 'amocrm token': 'ok' } })
  })

  it('leaves out a source that is not used', async () => {
    const { states: found } = await states({ edit: yaml => yaml.replace(/^alaqan:\n( .*\n)+/m, '') })
    expect(Object.keys(found)).not.toContain('alaqan key')
    expect(found['amocrm token']).toBe('ok')
  })

  it('looks at the files of ARM before there is a warehouse', async () => {
    const { io } = await against(['check'], {
      edit: withArm('{table: report.csv, tin: bin, period: month, measures: [taxes]}'),
      prepare: folder =>
        writeFile(
          join(folder, 'report.csv'),
          'bin,month,taxes\n111140000008,2025-01,5\n111140000008,2025-02,н/д\n',
        ),
    })
    expect(io.out()).toMatch(/^ok +arm\.service_report +report\.csv: the columns are there, 2 rows$/m)
    expect(io.out()).toMatch(/^warning +arm\.service_report +.*1 value of taxes cannot be read as numbers/m)
  })

  it('names the columns of ARM that are missing, and no number of a person', async () => {
    const { exitCode, io } = await against(['check'], {
      edit: withArm('{table: report.csv, tin: bin, period: month}'),
      prepare: folder =>
        writeFile(join(folder, 'report.csv'), '850101300005,2025-01\n850101300005,2025-02\n'),
    })
    expect(exitCode).toBe(2)
    expect(io.out()).toContain(
      'arm.service_report.tin names the column bin, arm.service_report.period names the column month, which report.csv does not have. It has: (a number), 2025-01.',
    )
    expect(io.out()).not.toContain('850101300005')
  })

  it('says that a table of ARM is missing', async () => {
    const found = await states({ edit: withArm('{period: month}') })
    expect(found).toMatchObject({ exitCode: 2, states: { 'arm.service_report': 'failed' } })
  })

  it('finds that the warehouse is something else', async () => {
    const prepare = async (folder: string) => {
      await mkdir(join(folder, 'data'))
      await writeFile(
        join(folder, 'data', 'warehouse.duckdb'),
        'no database at all, but long enough for a header',
      )
    }
    const found = await states({ prepare })
    expect(found).toMatchObject({ exitCode: 3, states: { warehouse: 'failed', 'landing folder': 'ok' } })
  })

  it('finds that a file stands where a folder should', async () => {
    const found = await states({ prepare: folder => writeFile(join(folder, 'data'), '') })
    expect(found).toMatchObject({ exitCode: 2, states: { warehouse: 'failed', 'landing folder': 'failed' } })
  })
})

describe('discover', () => {
  it('lists statuses, custom fields and what is mapped', async () => {
    const { exitCode, io } = await against(['discover'])
    expect(exitCode).toBe(0)
    expect(io.out()).toMatch(/Резидентство +142 +Успешно реализовано/)
    expect(io.out()).toMatch(/^leads +501001 .* БИН +bin$/m)
    expect(io.err()).toBe('')
  })

  it('names what the mapping does not find', async () => {
    const { io } = await against(['discover'], { edit: yaml => yaml.replace('[Сфера]', '[Отрасль]') })
    expect(io.err()).toContain('companies have no field for "industry" (looked for Отрасль)')
  })

  it('gives an object with --json', async () => {
    const { io } = await against(['discover', '--json'])
    const told = JSON.parse(io.out())
    expect(told.mapping).toContainEqual({ purpose: 'bin', entity: 'companies', field_id: 701001 })
    expect(told.statuses.length).toBeGreaterThan(10)
  })

  it('needs amoCRM in the configuration', async () => {
    const { exitCode, io } = await against(['discover'], {
      edit: yaml => yaml.replace(/^amocrm:\n( .*\n)+/m, ''),
    })
    expect(exitCode).toBe(2)
    expect(io.err()).toContain('no amoCRM')
  })
})
