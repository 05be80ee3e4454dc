/** Erasing a person by the real command: killed at durable steps, beside a run, and who may read the files it makes. */
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { addDays, dayOf } from '../../src/calendar.js'
import { systemClock } from '../../src/effects.js'
import { type Fake, startFake } from '../fake/fake.js'
import { type Installation, install } from '../fake/installation.js'
import { filesThatHold } from '../privacy/bytes-of-person.js'
import { type Contents, contents } from './contents.js'
import { openGate, settle } from './people.js'

// Each test is several runs of the real command; a machine may have other work.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 240_000 })

const today = dayOf(systemClock.now(), 'Asia/Almaty')
const startDate = addDays(today, -3)
const preload = `--import=${resolve(import.meta.dirname, 'kill-at-step.mjs')}`
const isLong = process.env.LONG === '1'
const env = { HUBDWH_ERASURE_KEY: 'e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff' }

let fake: Fake
let installation: Installation
/** The data folder after a run, before anybody was erased. */
let loaded: string
let iin: string
let undisturbed: Contents
let steps: readonly string[]

const data = () => join(installation.folder, 'data')
const start = (argv: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  installation.start(argv, { ...env, ...more })
const forgetting = () => ['forget', '--iin', iin, '--yes']

/** Puts the data folder back to what it was before anybody was erased. */
async function restore(): Promise<void> {
  await rm(data(), { recursive: true, force: true })
  await cp(loaded, data(), { recursive: true })
}

beforeAll(async () => {
  fake = await startFake({ now: systemClock.now, habits: { pageSize: 7 } })
  openGate(fake, startDate, 3)
  settle(
    fake,
    { leads: 8, contacts: 4, companies: 3, tasks: 3 },
    Math.floor(systemClock.now() / 1000) - 86_400,
  )
  installation = await install({ fake, clock: systemClock, startDate })
  const config = join(installation.folder, 'hubdwh.yaml')
  const text = await readFile(config, 'utf8')
  await writeFile(config, text.replace('privacy: {', `privacy: {erasure_key: "\${HUBDWH_ERASURE_KEY}", `))
  expect(await start(['run']).ended).toMatchObject({ exitCode: 0 })
  const [row] = await installation.rows(
    'select min(iin) as iin from bronze.alaqan_visits where length(iin) = 12',
  )
  iin = String(row?.iin)
  loaded = await mkdtemp(join(tmpdir(), 'hubdwh-loaded-'))
  await cp(data(), loaded, { recursive: true })
  const file = join(installation.folder, 'steps.json')
  const ended = await start(forgetting(), { NODE_OPTIONS: preload, STEPS_FILE: file }).ended
  expect(ended, ended.err).toMatchObject({ exitCode: 0 })
  steps = JSON.parse(await readFile(file, 'utf8'))
  undisturbed = await contents(installation)
})

afterAll(async () => {
  await installation.close()
  await rm(loaded, { recursive: true, force: true })
  await fake.close()
})

describe('an erasure that is killed', () => {
  const count = isLong ? 60 : 6
  it.each(Array.from({ length: count }, (_, index) => (index + 0.5) / count))(
    'is finished by the same command (%f of the way)',
    async share => {
      await restore()
      const step = 1 + Math.floor(share * steps.length)
      const killed = await start(forgetting(), { NODE_OPTIONS: preload, KILL_AT_STEP: String(step) }).ended
      expect(killed.signal, killed.err).toBe('SIGKILL')
      const ended = await start(forgetting()).ended
      expect(ended, ended.err).toMatchObject({ exitCode: 0 })
      expect(await filesThatHold(data(), [iin]), `killed at step ${step}, ${steps[step - 1]}`).toEqual([])
      expect(await contents(installation)).toEqual(undisturbed)
    },
  )

  it('lets no run bring the person back meanwhile', async () => {
    await restore()
    const step = Math.floor(steps.length / 2)
    await start(forgetting(), { NODE_OPTIONS: preload, KILL_AT_STEP: String(step) }).ended
    const run = await start(['run']).ended
    expect(run, run.err).toMatchObject({ exitCode: 0 })
    expect(run.err).toContain('hubdwh forget')
    expect(await start(forgetting()).ended).toMatchObject({ exitCode: 0 })
    expect(await filesThatHold(data(), [iin])).toEqual([])
  })
})

describe('an erasure beside a run', () => {
  it('leaves nobody of the erased there, whoever comes first', async () => {
    await restore()
    const ended = await Promise.all([start(['run']).ended, start(forgetting()).ended])
    for (const { exitCode, err } of ended) expect([0, 3], err).toContain(exitCode)
    expect(await start(forgetting()).ended).toMatchObject({ exitCode: 0 })
    expect(await start(['run']).ended).toMatchObject({ exitCode: 0 })
    expect(await filesThatHold(data(), [iin])).toEqual([])
  })
})

it('makes files and folders that only their owner can read', async () => {
  await restore()
  await rm(data(), { recursive: true })
  for (const argv of [['run'], forgetting(), ['load', 'amocrm', '--full']]) {
    expect(await start(argv).ended).toMatchObject({ exitCode: 0 })
  }
  const entries = await readdir(data(), { recursive: true, withFileTypes: true })
  const open: string[] = []
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (((await stat(path)).mode & 0o077) !== 0) open.push(path)
  }
  expect(entries.length).toBeGreaterThan(50)
  expect(open).toEqual([])
})

it('repeats no part of a number that is no ИИН', async () => {
  await restore()
  const ended = await start(['forget', '--iin', iin.slice(0, 11), '--yes']).ended
  expect(ended.exitCode).toBe(2)
  expect(ended.out + ended.err).not.toContain(iin.slice(0, 11))
})
