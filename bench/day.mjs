/** One more day at the gate and 500 changed leads, on top of a short history and of a long one. */
import { statSync } from 'node:fs'
import { hubdwh, measured } from './child.mjs'
import { dayBefore, inFolder, lastDay, startWorld } from './installation.mjs'

const goal = 1.5
const changedLeads = 500
const people = 100
const leadsPerMonth = 600
const histories = { quick: [1, 12], full: [1, 12, 120] }

/** @param {{ isQuick: boolean }} options */
export async function* day({ isQuick }) {
  /** @type {number | undefined} */
  let shortest
  for (const months of histories[isQuick ? 'quick' : 'full']) {
    const { wallMs, rows, fileMb } = await increment(months)
    shortest ??= wallMs
    const ratio = wallMs / shortest
    yield {
      what: `a day on top of ${months} month${months === 1 ? '' : 's'} (file of ${fileMb} MB)`,
      figure: `${(wallMs / 1000).toFixed(1)} s, ${rows} rows written or taken away, ${ratio.toFixed(2)} × that on the shortest`,
      ...(months === 1 ? {} : { goal: `≤ ${goal} ×`, isMet: ratio <= goal }),
    }
  }
}

/** @param {number} months */
async function increment(months) {
  const started = await startWorld({ leads: months * leadsPerMonth, people, days: months * 30 })
  const { sandbox, world, from } = started
  try {
    return await inFolder(started, async (folder, env) => {
      const run = (/** @type {string[]} */ ...argv) =>
        measured([hubdwh, ...argv, '--quiet', '--json'], { cwd: folder, env })
      await run('load', 'alaqan', '--from', from, '--to', dayBefore(1))
      await run('load', 'amocrm', 'leads', 'pipelines', 'users', '--sweeps', 'left')
      await run('transform')
      const ids = JSON.parse(
        (
          await run(
            'sql',
            `select lead_id from silver.amocrm_leads where not is_deleted order by lead_id desc limit ${changedLeads}`,
          )
        ).out,
      ).rows.map((/** @type {readonly [number]} */ [id]) => id)
      for (const id of ids) world.edit('leads', id, { price: 1000 + (id % 7) })
      const steps = [
        await run('load', 'alaqan', '--from', lastDay, '--to', lastDay),
        await run('load', 'amocrm', 'leads', '--sweeps', 'left'),
        await run('transform'),
      ]
      const { models } = JSON.parse(steps[2]?.out.trimEnd().split('\n').at(-1) ?? '{}')
      const rows = models.reduce(
        (/** @type {number} */ sum, /** @type {{ added: number, removed: number }} */ { added, removed }) =>
          sum + added + removed,
        0,
      )
      return {
        wallMs: steps.reduce((sum, { wallMs }) => sum + wallMs, 0),
        rows,
        fileMb: Math.round(statSync(`${folder}/warehouse.duckdb`).size / 1_048_576),
      }
    })
  } finally {
    await sandbox.close()
  }
}
