/** A Superset for tests, on this machine alone. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchSuperset } from './fetch.mjs'
import { python } from './packages.mjs'
import { freePort, startServer } from './server-process.mjs'
import { supersetEnvironment } from './superset-command.mjs'

/**
 * Starts the server, with no dashboards in it and one account, `supersetAccount`.
 * @param {object} options
 * @param {string} options.folder absolute; gets the log, Superset's database and the answers that it keeps
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startSuperset({ folder }) {
  const { packages, home: prepared } = await fetchSuperset()
  const home = join(folder, 'superset')
  await cp(prepared, home, { recursive: true })
  const address = `127.0.0.1:${await freePort()}`
  const url = `http://${address}`
  const { stop } = await startServer({
    name: 'Superset',
    // One process: answers that it keeps in memory are kept once.
    command: [
      python(),
      ...['-m', 'gunicorn', '--workers', '1', '--worker-class', 'gthread', '--threads', '4'],
      ...['--timeout', '120', '--bind', address, 'superset.app:create_app()'],
    ],
    log: join(folder, 'superset.log'),
    folder,
    env: supersetEnvironment({ packages, home }),
    answers: () => isWell(url),
  })
  return { url, stop }
}

/** @param {string} url */
async function isWell(url) {
  try {
    return (await fetch(`${url}/health`)).ok
  } catch {
    return false
  }
}
