import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort, startServer } from '../../servers/server-process.mjs'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hubdwh-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A server for tests: listens at a port, and says so. */
const listening = (port: number) =>
  `require('node:net').createServer().listen(${port}, '127.0.0.1', () => console.log('listens'))`

const starting = (name: string, script: string, answers: () => Promise<boolean>) => ({
  name,
  command: [process.execPath, '--eval', script],
  log: join(folder, 'log'),
  folder,
  answers,
})

const isFree = async (port: number) => (await freePort(port)) === port

describe('a server', () => {
  it('runs until it is stopped', async () => {
    const port = await freePort()
    const { stop } = await startServer(
      starting('The server', listening(port), async () => !(await isFree(port))),
    )
    await stop()
    expect(await isFree(port)).toBe(true)
  })

  it('that ends at once is told of with the end of its log', async () => {
    const failing = startServer(
      starting('The server', 'console.error("no such jar"); process.exit(3)', async () => false),
    )
    await expect(failing).rejects.toThrow(/^The server ended before it answered[\s\S]*no such jar$/)
  })

  it('ends with the process that has started it, also where that one is killed', async () => {
    const guard = resolve(import.meta.dirname, '../../servers/guard.mjs')
    const child = `process.stdout.write(String(process.pid)); setInterval(() => {}, 1000)`
    // The parent hands its own stdout down, so that it is closed once all of them are gone.
    const parent = spawn(process.execPath, [
      '--eval',
      `require('node:child_process').spawn(process.execPath, [${JSON.stringify(guard)}, process.execPath, '--eval', ${JSON.stringify(child)}],
        { stdio: ['pipe', 'inherit', 'inherit'], detached: true })`,
    ])
    const written = text(parent.stdout)
    await once(parent.stdout, 'readable')
    parent.kill('SIGKILL')
    const pid = Number(await written)
    expect(pid).toBeGreaterThan(1)
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

describe('a port', () => {
  it('is the usual one where that is free, else another', async () => {
    const usual = await freePort()
    expect(await freePort(usual)).toBe(usual)
    const server = createServer().listen(usual, '127.0.0.1')
    await once(server, 'listening')
    try {
      expect(await freePort(usual)).not.toBe(usual)
    } finally {
      server.close()
    }
  })
})
