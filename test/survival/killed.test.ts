/**
 * kill -9 at durable steps, at requests and in the midst of steps, of any command, again and again on one
 * installation; and two runs at once. What comes of it must be what an undisturbed run gives.
 */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { addDays, dayOf } from '../../src/calendar.js'
import { systemClock } from '../../src/effects.js'
import { type Fake, startFake } from '../fake/fake.js'
import { type Installation, install } from '../fake/installation.js'
import { type Contents, contents } from './contents.js'
import { openGate, seeded, settle } from './people.js'

// Each test is several runs of the real command; a machine may have other work.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

// Processes have the machine's clock; the world is older than that, and stands.
const today = dayOf(systemClock.now(), 'Asia/Almaty')
const startDate = addDays(today, -4)
const preload = `--import=${resolve(import.meta.dirname, 'kill-at-step.mjs')}`
const isLong = process.env.LONG === '1'

let fake: Fake
let installation: Installation
let undisturbed: Contents
/** The durable steps of a whole first run. */
let steps: readonly string[]

beforeAll(async () => {
  fake = await startFake({ now: systemClock.now, habits: { pageSize: 7 } })
  openGate(fake, startDate, 4)
  const now = Math.floor(systemClock.now() / 1000)
  settle(fake, { leads: 24, contacts: 10, companies: 8, tasks: 9 }, now - 86_400)
  const [first] = fake.account.live('leads')
  if (first) fake.account.remove('leads', first.id)
  const calm = await install({ fake, clock: systemClock, startDate })
  const file = join(calm.folder, 'steps.json')
  const ended = await calm.start(['run'], { NODE_OPTIONS: preload, STEPS_FILE: file }).ended
  expect(ended).toMatchObject({ exitCode: 0 })
  steps = JSON.parse(await readFile(file, 'utf8'))
  undisturbed = await contents(calm)
  await calm.close()
})

afterAll(() => fake.close())

beforeEach(async () => {
  installation = await install({ fake, clock: systemClock, startDate })
})

afterEach(async () => {
  fake.hooks.before = () => {}
  await installation.close()
})

/** Starts a command that kills itself; it may also end before it comes to that. */
function killedAtStep(step: number, argv: readonly string[] = ['run'], afterMicroseconds?: number) {
  const delay = afterMicroseconds === undefined ? {} : { KILL_AFTER_US: String(afterMicroseconds) }
  return installation.start(argv, { NODE_OPTIONS: preload, KILL_AT_STEP: String(step), ...delay }).ended
}

/** Starts a command and kills it when so many requests have come. */
async function killedAtRequest(count: number, argv: readonly string[] = ['run']) {
  const child = installation.start(argv)
  let left = count
  fake.hooks.before = () => {
    left -= 1
    if (left === 0) child.kill()
  }
  const ended = await child.ended
  fake.hooks.before = () => {}
  return ended
}

async function expectAsUndisturbed(story: string): Promise<void> {
  expect(await installation.start(['run']).ended, story).toMatchObject({ exitCode: 0 })
  expect(await contents(installation), story).toEqual(undisturbed)
}

it('has durable steps to be killed at', () => {
  expect(steps.length).toBeGreaterThan(100)
})

describe('kill -9', () => {
  it('at durable steps all over the run, one after the other, leaves no trace', async () => {
    const kills = isLong ? 40 : 4
    const signals: unknown[] = []
    for (let index = 0; index < kills; index += 1) {
      const { signal } = await killedAtStep(1 + Math.floor(((index + 0.5) / kills) * steps.length))
      signals.push(signal)
    }
    expect(signals).toContain('SIGKILL')
    await expectAsUndisturbed('killed at durable steps')
  })

  it('when the source is asked, at one request after the other, leaves no trace', async () => {
    for (const count of [2, 12, 30]) {
      expect((await killedAtRequest(count)).signal).toBe('SIGKILL')
    }
    await expectAsUndisturbed('killed at requests')
  })

  it.each(seeds())(
    'in the midst of random steps of random commands leaves no trace (seed %i)',
    async seed => {
      const chance = seeded(seed)
      const commands = [
        ['run'],
        ['run', 'amocrm'],
        ['load', 'alaqan'],
        ['load', 'amocrm', 'leads', 'companies', 'events'],
        ['backfill', 'alaqan', '--from', startDate, '--to', addDays(today, -1)],
        ['transform'],
        ['transform', '--full'],
      ]
      const story = [`seed ${seed}`]
      for (let kills = 0; kills < 3; kills += 1) {
        const argv = commands[Math.floor(chance() * commands.length)] ?? ['run']
        const step = 1 + Math.floor(chance() ** 2 * steps.length)
        const microseconds = Math.floor(chance() ** 3 * 20_000)
        const { signal, exitCode } = await killedAtStep(step, argv, microseconds)
        story.push(`${argv.join(' ')}: step ${step}, ${microseconds} µs: ${signal ?? exitCode}`)
      }
      await expectAsUndisturbed(story.join('\n'))
    },
  )

  it.runIf(isLong)(
    'at every single durable step of a first run leaves no trace',
    { timeout: 7_200_000 },
    async () => {
      for (let step = 1; step <= steps.length; step += 1) {
        await installation.close()
        installation = await install({ fake, clock: systemClock, startDate })
        await killedAtStep(step)
        await expectAsUndisturbed(`killed at step ${step}, ${steps[step - 1]}`)
      }
    },
  )
})

describe('two runs at once', () => {
  it('both come to their end, or one says who holds what it needs', async () => {
    const [one, other] = [installation.start(['run']), installation.start(['run'])]
    const ended = await Promise.all([one.ended, other.ended])
    expect(ended.map(({ exitCode }) => exitCode)).toContain(0)
    for (const { exitCode, err } of ended) {
      if (exitCode !== 0)
        expect({ exitCode, err }).toEqual({ exitCode: 3, err: expect.stringMatching(/process \d+|PID \d+/) })
    }
    await expectAsUndisturbed('two runs at once')
  })
})

function seeds(): readonly number[] {
  const first = Number(process.env.FC_SEED ?? 1)
  return Array.from({ length: Number(process.env.FC_RUNS ?? 1) }, (_, index) => first + index)
}
