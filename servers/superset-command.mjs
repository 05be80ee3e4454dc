/** Superset's own command, run from a folder of packages that nobody has installed. */
import { join } from 'node:path'
import { python } from './packages.mjs'
import { runTool } from './tool.mjs'

/** The one account that Superset has; it is an administrator. */
export const supersetAccount = { user: 'hub', password: 'a-password-of-tests' }

/** Superset, and gunicorn, need no more to be found. @param {{ packages: string, home: string }} parts */
export function supersetEnvironment({ packages, home }) {
  return {
    PYTHONPATH: packages,
    SUPERSET_HOME: home,
    SUPERSET_CONFIG_PATH: join(import.meta.dirname, 'superset/superset_config.py'),
    FLASK_APP: 'superset.app:create_app()',
  }
}

/**
 * Makes the database that Superset keeps for itself, its roles and the account.
 * @param {{ packages: string, home: string }} parts
 */
export async function prepareSuperset(parts) {
  const { user, password } = supersetAccount
  const named = ['--firstname', 'Hub', '--lastname', 'Tests', '--email', 'hub@example.kz']
  /** @param {readonly string[]} args */
  const superset = args =>
    runTool(
      python(),
      ['-c', 'from superset.cli.main import superset; superset()', ...args],
      'Install Python 3.11 or 3.12, or name it with PYTHON.',
      supersetEnvironment(parts),
    )
  await superset(['db', 'upgrade'])
  await superset(['fab', 'create-admin', '--username', user, '--password', password, ...named])
  await superset(['init'])
}
