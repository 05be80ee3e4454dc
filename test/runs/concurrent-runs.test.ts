import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { gateDay, iins } from './invented-account.js'
import { unaccounted } from './table-dump.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

async function opened(): Promise<Hub> {
  hub = await openHub({
    world: listedWorld({
      visits: { '2025-01-29': gateDay(iins.slice(0, 2)), '2025-01-30': gateDay(iins) },
    }),
    now: '2025-01-31T05:00:00Z',
    startDate: '2025-01-29',
    withoutAmocrm: true,
  })
  return hub
}

/** What both days hold, once: two and four people with an entry and an exit each. */
async function expectEverythingOnce({ rows, ...rest }: Hub): Promise<void> {
  expect(await rows('select count(*) as n from bronze.alaqan_visits')).toEqual([{ n: 12 }])
  expect(await rows('select count(*) as n from silver.alaqan_visits')).toEqual([{ n: 12 }])
  expect(await unaccounted({ rows, ...rest })).toEqual([])
}

describe('two runs at once', () => {
  it('in one process: the second waits or says who holds the lock, and nothing is doubled', async () => {
    const both = await opened()
    const ended = await Promise.all([both.begin('load', 'alaqan').ended, both.begin('load', 'alaqan').ended])
    expect(ended.map(({ exitCode }) => exitCode)).toContain(0)
    for (const { exitCode, err } of ended) {
      if (exitCode === 0) continue
      expect(exitCode, err).toBe(3)
      expect(err).toContain(String(process.pid))
    }
    expect((await both.hubdwh('run')).exitCode).toBe(0)
    await expectEverythingOnce(both)
  })

  it('as processes: nothing is doubled, and the one that gives up says to whom', async () => {
    const command = fileURLToPath(new URL('../../bin/hubdwh', import.meta.url))
    const built = fileURLToPath(new URL('../../dist/', import.meta.url))
    expect(existsSync(built), 'npm run build comes first').toBe(true)
    const both = await opened()
    const start = async () => {
      const argv = [command, 'load', 'alaqan', '--from', '2025-01-29', '--to', '2025-01-30']
      const child = spawn(process.execPath, argv, {
        cwd: both.folder,
        env: { PATH: process.env.PATH, HOME: both.folder, ...both.env },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      let err = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        err += text
      })
      await once(child, 'close')
      return { exitCode: child.exitCode, err }
    }
    const ended = await Promise.all([start(), start()])
    expect(
      ended.map(({ exitCode }) => exitCode),
      ended.map(({ err }) => err).join(),
    ).toContain(0)
    for (const { exitCode, err } of ended) {
      if (exitCode === 0) continue
      expect(exitCode, err).toBe(3)
      expect(err).toMatch(/process \d+|PID \d+/)
    }
    expect((await both.hubdwh('transform')).exitCode).toBe(0)
    await expectEverythingOnce(both)
  })
})
