import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentReporter } from '../../effects.js'
import { movableClock } from '../../sandbox/movable-clock.js'
import { createSharedBudget } from './rate-budget.js'

const clock = movableClock('2025-01-31T00:00:00Z')
let folder: string
let path: string
beforeEach(async () => {
  clock.set(Date.parse('2025-01-31T00:00:00Z'))
  folder = await mkdtemp(join(tmpdir(), 'hubdwh-budget-'))
  path = join(folder, 'amocrm', 'budget.json')
})
afterEach(() => rm(folder, { recursive: true }))

/** A budget as a process of its own would open it. */
const opened = (requestsPerSecond = 7) =>
  createSharedBudget(path, { source: 'amoCRM', requestsPerSecond, clock, reporter: silentReporter })

const minute = 60_000

test('a file is for its owner only, and nothing else stays beside it', async () => {
  await opened().take()
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(join(folder, 'amocrm'))).toEqual(['budget.json'])
})

test('turns are shared with whoever opens the file', async () => {
  const start = clock.now()
  for (let process = 0; process < 7; process += 1) await opened().take()
  expect(clock.now() - start).toBeCloseTo((6 * 1025) / 7)
})

test('a block is remembered by the next process', async () => {
  await opened().blocked(clock.now())
  clock.advance(14 * minute)
  await expect(opened().take()).rejects.toMatchObject({
    code: 'blocked',
    advice: expect.stringContaining('in 1 minutes'),
  })
  clock.advance(minute)
  await expect(opened().take()).resolves.toBeUndefined()
})

test('a block goes on where the clock was put back, and not for longer than it has left', async () => {
  await opened().blocked(clock.now())
  clock.advance(-365 * 24 * 60 * minute)
  await expect(opened().take()).rejects.toMatchObject({ code: 'blocked' })
  clock.advance(15 * minute)
  await opened()
    .take()
    .catch(() => clock.advance(15 * minute))
  await expect(opened().take()).resolves.toBeUndefined()
})

test('a clock that was far ahead for a while holds nobody up', async () => {
  clock.advance(365 * 24 * 60 * minute)
  await opened().take()
  clock.advance(-365 * 24 * 60 * minute)
  const start = clock.now()
  await opened().take()
  expect(clock.now() - start).toBeLessThan(1_000)
})

test.each([
  '',
  '{"nextTurn": 1e',
  '[]',
  '{"nextTurn": "soon"}',
  JSON.stringify({
    nextTurn: 1e300,
    pausedFrom: 0,
    pausedUntil: 1e300,
    pauses: 1,
    blockedFrom: 0,
    blockedUntil: 0,
    blocks: 0,
    share: 1,
    writtenAt: 0,
  }),
])('a file that holds %j holds nobody up', async content => {
  await mkdir(join(folder, 'amocrm'))
  await writeFile(path, content)
  const start = clock.now()
  await opened().take()
  await opened().take()
  expect(clock.now() - start).toBeLessThan(1_000)
})

test('where the file cannot be written the process keeps the rate by itself', async () => {
  await writeFile(join(folder, 'amocrm'), 'a file where the folder should be')
  const start = clock.now()
  const budget = opened()
  for (let request = 0; request < 8; request += 1) await budget.take()
  expect(clock.now() - start).toBeCloseTo(1025)
})
