/** A server as a process of its own, that does not outlive this one. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { lastLines } from './tool.mjs'

/** How long a server may take to answer, milliseconds: the machine may be busy. */
const patience = 300_000

/**
 * @typedef {object} Starting
 * @property {string} name what the server is called in messages
 * @property {readonly string[]} command the program and its arguments
 * @property {string} log the file that gets what it writes
 * @property {string} folder its working folder
 * @property {Readonly<Record<string, string>>} [env] further environment variables
 * @property {() => Promise<boolean>} answers whether the server answers already
 */

/**
 * Starts a server and waits until it answers.
 * @param {Starting} starting
 * @returns {Promise<{ stop: () => Promise<void> }>}
 * @throws {Error} where it ends before it answers, or never does; the message ends with the last lines of its log
 */
export async function startServer({ name, command, log, folder, env = {}, answers }) {
  const file = await open(log, 'a')
  const guard = spawn(process.execPath, [join(import.meta.dirname, 'guard.mjs'), ...command], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['pipe', file.fd, file.fd],
    // Ctrl-C in a terminal is for the process that has started it, which then stops it in order.
    detached: true,
  })
  await file.close()
  // Whoever forgets to stop it can end all the same, and it then ends too.
  guard.unref()
  const ended = once(guard, 'exit')
  const stop = async () => {
    guard.ref()
    guard.stdin?.end()
    await ended
  }
  /** @param {string} what */
  const fail = async what =>
    new Error(`${name} ${what}. Its log (${log}) ends with:\n${lastLines(await readFile(log, 'utf8'), 30)}`)

  const until = Date.now() + patience
  while (!(await answers())) {
    if (guard.exitCode !== null) throw await fail('ended before it answered')
    if (Date.now() > until) {
      await stop()
      throw await fail(`has not answered for ${patience / 1000} seconds`)
    }
    await pause(100)
  }
  return { stop }
}

/**
 * A port that nobody listens at.
 * @param {number} [usual] the port to take where it is free
 * @returns {Promise<number>}
 */
export async function freePort(usual = 0) {
  const server = createServer().listen(usual)
  try {
    await once(server, 'listening')
  } catch {
    return freePort()
  }
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return address.port
}
