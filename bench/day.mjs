/** One more day at the gate and 500 changed leads, on top of a short history and of a long one. */
import { statSync } from 'node:fs'
import { seconds } from './child.mjs'
import { increment } from './increment.mjs'

const goal = 1.5
const histories = { quick: [1, 12], full: [1, 12, 120] }

/** @param {{ isQuick: boolean }} options */
export async function* day({ isQuick }) {
  /** @type {number | undefined} */
  let shortest
  for (const months of histories[isQuick ? 'quick' : 'full']) {
    const { wallMs, writtenMb, rows, fileMb } = await increment(
      { months, people: 100, leadsPerMonth: 600 },
      async ({ steps, rows, folder }) => ({
        wallMs: sum(steps.map(({ wallMs }) => wallMs)),
        writtenMb: sum(steps.map(({ writtenMb }) => writtenMb)),
        rows,
        fileMb: Math.round(statSync(`${folder}/warehouse.duckdb`).size / 1_048_576),
      }),
    )
    shortest ??= wallMs
    const ratio = wallMs / shortest
    yield {
      what: `a day on top of ${months} month${months === 1 ? '' : 's'} (file of ${fileMb} MB)`,
      figure: `${ratio.toFixed(2)} × (${seconds(wallMs)}, ${rows} rows and ${writtenMb.toFixed(1)} MB written)`,
      limit: `on a month ${seconds(shortest)}`,
      ...(months === 1 ? {} : { goal: `≤ ${goal} ×`, isMet: ratio <= goal }),
    }
  }
}

/** @param {readonly number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0)
}
