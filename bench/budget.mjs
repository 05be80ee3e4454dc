/** How much of the API's budget a load uses where the API is slow: 7 requests a second, answers of 400 ms. */
import { hubdwh, measured } from './child.mjs'
import { inFolder, startWorld } from './installation.mjs'

const perSecond = 7
const latencyMs = 400
const goal = 0.95
const perPage = 250
const millionLeads = 1_000_000

/** @param {{ isQuick: boolean }} options */
export async function* budget({ isQuick }) {
  const started = await startWorld({
    ...{ leads: isQuick ? 30_000 : 150_000, people: 1, days: 365, requestsPerSecond: perSecond },
    faults: [{ kind: 'slow', latencyMs }],
  })
  const { sandbox } = started
  try {
    await inFolder(
      started,
      async (folder, env) => {
        await measured([hubdwh, 'load', 'amocrm', 'leads', '--sweeps', 'left', '--quiet'], {
          cwd: folder,
          env,
        })
      },
      { amocrmRate: perSecond },
    )
    const refused = sandbox.requests.filter(({ status }) => status === 429).length
    const used = usedShare(started.askedAt)
    yield {
      what: `budget used at ${perSecond} requests a second, answers of ${latencyMs} ms`,
      figure: `${(100 * used).toFixed(1)} %`,
      limit: `${perSecond} a second`,
      goal: `≥ ${100 * goal} %`,
      isMet: used >= goal,
    }
    yield {
      what: 'refused for asking too fast (429)',
      figure: String(refused),
      goal: '0',
      isMet: refused === 0,
    }
    const minutes = millionLeads / perPage / perSecond / used / 60
    yield {
      what: `so a first load of ${millionLeads} leads takes`,
      figure: `${minutes.toFixed(1)} minutes`,
      limit: `${(minutes * used).toFixed(1)} minutes`,
    }
  } finally {
    await sandbox.close()
  }
}

/** @param {readonly number[]} askedAt */
function usedShare(askedAt) {
  const seconds = ((askedAt.at(-1) ?? 0) - (askedAt[0] ?? 0)) / 1000
  return (askedAt.length - 1) / seconds / perSecond
}
