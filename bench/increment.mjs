/** One more day at the gate and 500 changed leads, on top of a history. */
import { hubdwh, measured } from './child.mjs'
import { dayBefore, inFolder, lastDay, startWorld } from './installation.mjs'

const changedLeads = 500

/**
 * @typedef {object} Increment
 * @property {import('./child.mjs').Measured} whole the first transform: everything of the history
 * @property {readonly import('./child.mjs').Measured[]} steps the loads of the gate and of the leads, and the transform after them
 * @property {number} rows that came into Silver and Gold or left them in the last step
 * @property {string} folder of the installation
 * @property {(sql: string) => Promise<readonly (readonly any[])[]>} ask the rows of a query
 */

/**
 * @template T
 * @param {{ months: number, people: number, leadsPerMonth: number, warehouse?: readonly string[] }} history `warehouse`: the
 *   section of the configuration, default a file
 * @param {(increment: Increment) => Promise<T>} look at the installation, before it is removed
 * @param {() => void} [onIncrement] called between the history and the day
 * @returns {Promise<T>}
 */
export async function increment({ months, people, leadsPerMonth, warehouse }, look, onIncrement = () => {}) {
  const started = await startWorld({ leads: months * leadsPerMonth, people, days: months * 30 })
  const { sandbox, world, from } = started
  try {
    return await inFolder(
      started,
      async (folder, env) => {
        const run = (/** @type {string[]} */ ...argv) =>
          measured([hubdwh, ...argv, '--quiet', '--json'], { cwd: folder, env })
        await run('load', 'alaqan', '--from', from, '--to', dayBefore(1))
        await run('load', 'amocrm', 'leads', 'pipelines', 'users', '--sweeps', 'left')
        const whole = await run('transform')
        const ask = async (/** @type {string} */ sql) => resultOf(await run('sql', sql)).rows
        const leads = await ask(
          `select lead_id from silver.amocrm_leads where not is_deleted order by lead_id desc limit ${changedLeads}`,
        )
        for (const [id] of leads) world.edit('leads', id, { price: 1000 + (id % 7) })
        onIncrement()
        const gate = await run('load', 'alaqan', '--from', lastDay, '--to', lastDay)
        const changed = await run('load', 'amocrm', 'leads', '--sweeps', 'left')
        const transform = await run('transform')
        const rows = resultOf(transform).models.reduce(
          (/** @type {number} */ sum, /** @type {{ added: number, removed: number }} */ { added, removed }) =>
            sum + added + removed,
          0,
        )
        return look({ whole, steps: [gate, changed, transform], rows, folder, ask })
      },
      { ...(warehouse ? { warehouse } : {}) },
    )
  } finally {
    await sandbox.close()
  }
}

/** @param {import('./child.mjs').Measured} command with `--json` */
function resultOf({ out }) {
  return JSON.parse(out.trimEnd().split('\n').at(-1) ?? '{}')
}
