import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Clock } from './effects.js'
import { acquireLock, withLock } from './lock.js'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hubdwh-lock-'))
  path = join(folder, 'lock')
})
afterEach(() => rm(folder, { recursive: true }))

const purpose = 'the token'

/** A clock that waits by turning the event loop once, so that other holders can go on. */
function quickClock(start = Date.now()): Clock {
  let now = start
  return {
    now: () => now,
    sleep: async milliseconds => {
      now += milliseconds
      await new Promise(resolve => setImmediate(resolve))
    },
  }
}

async function heldBy(holder: object | string): Promise<void> {
  await writeFile(path, typeof holder === 'string' ? holder : JSON.stringify(holder))
}

test('a second taker is told who holds the lock', async () => {
  const lock = await acquireLock(path, { purpose })
  await expect(acquireLock(path, { purpose })).rejects.toMatchObject({
    code: 'locked',
    exitCode: 3,
    message: expect.stringContaining(`process ${process.pid}`),
  })
  await lock.release()
})

test('a released lock can be taken again and leaves nothing behind', async () => {
  await (await acquireLock(path, { purpose })).release()
  await (await acquireLock(path, { purpose })).release()
  expect(await readdir(folder)).toEqual([])
})

test('releasing twice does not release the next holder', async () => {
  const first = await acquireLock(path, { purpose })
  await first.release()
  const second = await acquireLock(path, { purpose })
  await first.release()
  await expect(acquireLock(path, { purpose })).rejects.toMatchObject({ code: 'locked' })
  await second.release()
})

test('of many takers one at a time works', async () => {
  let working = 0
  let most = 0
  const clock = quickClock()
  const take = (): Promise<void> =>
    withLock(path, { purpose, waitMs: 1e9, clock }, async () => {
      working += 1
      most = Math.max(most, working)
      await new Promise(resolve => setImmediate(resolve))
      working -= 1
    })
  await Promise.all(Array.from({ length: 20 }, take))
  expect(most).toBe(1)
})

test('the lock of a process that was killed is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  await heldBy({ token: 'x', host: (await import('node:os')).hostname(), pid, startedAt: null })
  await (await acquireLock(path, { purpose })).release()
})

test('a lock with this process id but another start time is a leftover', async () => {
  const host = (await import('node:os')).hostname()
  await heldBy({ token: 'x', host, pid: process.pid, startedAt: '1' })
  await (await acquireLock(path, { purpose, clock: quickClock() })).release()
})

test.each(['{"tok', JSON.stringify({ token: 'x', host: 'elsewhere', pid: 1, startedAt: null })])(
  'a holder that cannot be asked (%s) is respected while it touches its file and not afterwards',
  async content => {
    await heldBy(content)
    await expect(acquireLock(path, { purpose, clock: quickClock() })).rejects.toMatchObject({
      code: 'locked',
    })
    const longAgo = new Date(Date.now() - 3_600_000)
    await utimes(path, longAgo, longAgo)
    await (await acquireLock(path, { purpose, clock: quickClock() })).release()
  },
)

test('waiting for a lock ends when the signal is aborted', async () => {
  const lock = await acquireLock(path, { purpose })
  const controller = new AbortController()
  const waiting = acquireLock(path, { purpose, waitMs: 1e9, signal: controller.signal })
  controller.abort(new Error('stopped'))
  await expect(waiting).rejects.toThrow('stopped')
  await lock.release()
})
