/** How long a command takes before it does anything. */
import { hubdwh, measured, median } from './child.mjs'
import { inFolder, lastDay, startWorld } from './installation.mjs'

const goals = { helpMs: 150, statusMs: 500 }
const sizes = { quick: { days: 365, times: 5 }, full: { days: 3650, times: 15 } }

/** @param {{ isQuick: boolean }} options */
export async function* start({ isQuick }) {
  const { days, times } = sizes[isQuick ? 'quick' : 'full']
  const bare = await repeated(times, () => measured(['-e', '0']))
  const nodeItself = `Node by itself ${Math.round(bare.wallMs)} ms`
  const help = await repeated(times, () => measured([hubdwh, '--help']))
  yield {
    what: 'hubdwh --help',
    figure: `${Math.round(help.wallMs)} ms`,
    limit: nodeItself,
    goal: `≤ ${goals.helpMs} ms`,
    isMet: help.wallMs <= goals.helpMs,
  }
  const started = await startWorld({ leads: 2000, people: 100, days })
  try {
    const status = await inFolder(started, async (folder, env) => {
      await measured([hubdwh, 'load', 'alaqan', '--from', started.from, '--to', lastDay, '--quiet'], {
        cwd: folder,
        env,
      })
      await measured([hubdwh, 'load', 'amocrm', 'leads', 'pipelines', 'users', '--quiet'], {
        cwd: folder,
        env,
      })
      await measured([hubdwh, 'transform', '--quiet'], { cwd: folder, env })
      return repeated(times, () => measured([hubdwh, 'status', '--quiet'], { cwd: folder, env }))
    })
    yield {
      what: `hubdwh status, ${days} days of 100 people`,
      figure: `${Math.round(status.wallMs)} ms`,
      limit: nodeItself,
      goal: `≤ ${goals.statusMs} ms`,
      isMet: status.wallMs <= goals.statusMs,
    }
  } finally {
    await started.sandbox.close()
  }
}

/**
 * @param {number} times
 * @param {() => Promise<import('./child.mjs').Measured>} run
 */
async function repeated(times, run) {
  /** @type {number[]} */
  const walls = []
  for (let time = 0; time < times; time++) walls.push((await run()).wallMs)
  return { wallMs: median(walls) }
}
