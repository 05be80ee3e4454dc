/** A Superset for tests, on this machine alone. */
import { createHash } from 'node:crypto'
import { cp, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { kept } from './cache.mjs'
import { fetchSuperset } from './fetch.mjs'
import { freePort, startServer } from './server-process.mjs'
import { runTool } from './tool.mjs'

/** The one account that it has; it is an administrator. */
export const supersetAccount = { user: 'hub', password: 'a-password-of-tests' }

const settings = join(import.meta.dirname, 'superset/superset_config.py')

/**
 * Starts the server, with no dashboards in it and one account, `supersetAccount`.
 * @param {object} options
 * @param {string} options.folder absolute; gets the log, Superset's database and the answers that it keeps
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startSuperset({ folder }) {
  const { python, home: prepared } = await bringSuperset()
  const home = join(folder, 'superset')
  await cp(prepared, home, { recursive: true })
  const address = `127.0.0.1:${await freePort()}`
  const url = `http://${address}`
  const { stop } = await startServer({
    name: 'Superset',
    command: [
      python,
      ...['-m', 'gunicorn', '--workers', '1', '--worker-class', 'gthread', '--threads', '4'],
      ...['--timeout', '120', '--bind', address, 'superset.app:create_app()'],
    ],
    log: join(folder, 'superset.log'),
    folder,
    env: environment(home),
    answers: () => isWell(url),
  })
  return { url, stop }
}

/**
 * Brings Superset, and makes its database, its roles and the account once: that takes longer than all tests.
 * @returns {Promise<{ python: string, home: string }>}
 */
async function bringSuperset() {
  const python = await fetchSuperset()
  const { user, password } = supersetAccount
  const person = ['--firstname', 'Hub', '--lastname', 'Tests', '--email', 'hub@example.kz']
  const commands = [
    ['db', 'upgrade'],
    ['fab', 'create-admin', '--username', user, '--password', password, ...person],
    ['init'],
  ]
  const digest = createHash('sha256')
    .update(JSON.stringify(commands))
    .update(await readFile(settings))
  const name = `${basename(dirname(dirname(python)))}-home-${digest.digest('hex').slice(0, 6)}`
  const home = await kept(name, async filling => {
    for (const command of commands) {
      const args = ['-c', 'from superset.cli.main import superset; superset()', ...command]
      await runTool(python, args, 'Look at what it wrote.', environment(filling))
    }
  })
  return { python, home }
}

/** @param {string} home */
function environment(home) {
  return {
    SUPERSET_HOME: home,
    SUPERSET_CONFIG_PATH: settings,
    FLASK_APP: 'superset.app:create_app()',
  }
}

/** @param {string} url */
async function isWell(url) {
  try {
    return (await fetch(`${url}/health`)).ok
  } catch {
    return false
  }
}
