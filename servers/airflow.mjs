/** Airflow for tests: its commands in a home of their own. */
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { kept } from './cache.mjs'
import { fetchAirflow } from './fetch.mjs'
import { runTool } from './tool.mjs'

/**
 * @typedef {object} Airflow
 * @property {string} python the Python that has it
 * @property {string} database an empty database of it
 */

/**
 * Brings Airflow, and makes its database once: that takes longer than most tests.
 * @returns {Promise<Airflow>}
 */
export async function bringAirflow() {
  const python = await fetchAirflow()
  const environment = basename(dirname(dirname(python)))
  const folder = await kept(`${environment}-database`, async home => {
    const env = airflowSettings(home, home)
    await runTool(python, ['-m', 'airflow', 'db', 'migrate'], 'Look at what it wrote.', env)
    await rm(join(home, 'logs'), { recursive: true, force: true })
  })
  return { python, database: join(folder, 'airflow.db') }
}

/**
 * Makes a home of Airflow with a database of its own.
 * @param {Airflow} airflow
 * @param {string} home a folder
 * @param {string} dags the folder that holds the DAGs
 * @returns {Promise<Readonly<Record<string, string>>>} the environment variables of its commands
 */
export async function makeAirflowHome({ database }, home, dags) {
  await mkdir(home, { recursive: true })
  await copyFile(database, join(home, 'airflow.db'))
  return airflowSettings(home, dags)
}

/**
 * @param {string} home
 * @param {string} dags
 */
function airflowSettings(home, dags) {
  return {
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__DAGS_FOLDER: dags,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${join(home, 'airflow.db')}`,
    PYTHONWARNINGS: 'ignore',
  }
}
