/** Extraction against a loop that fetches the same pages and throws the bodies away. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hubdwh, measured, median, seconds } from './child.mjs'
import { inFolder, startWorld } from './installation.mjs'

const sizes = {
  quick: { leads: 20_000, people: 200, days: 60, times: 1 },
  full: { leads: 1_000_000, people: 300, days: 2000, times: 1 },
}
const goals = { ratio: 1.3, peakMb: 250 }
/** Requests a second: what amoCRM allows an integration, and what hubdwh asks of Alaqan where nothing is configured. */
const allowed = { amocrm: 7, alaqan: 5 }
const bareLoop = new URL('./bare-loop.mjs', import.meta.url).pathname

/** @param {{ isQuick: boolean }} options */
export async function* extraction({ isQuick }) {
  const { leads, people, days, times } = sizes[isQuick ? 'quick' : 'full']
  const started = await startWorld({ leads, people, days })
  const { sandbox } = started
  try {
    for (const { name, perSecond, argv, headers } of [
      {
        name: `${leads} leads with custom fields`,
        perSecond: allowed.amocrm,
        argv: ['load', 'amocrm', 'leads', '--sweeps', 'left'],
        headers: { authorization: `Bearer ${sandbox.token}` },
      },
      {
        name: `${days} days of ${people} people`,
        perSecond: allowed.alaqan,
        argv: ['load', 'alaqan', '--from', started.from, '--to', '2025-12-31'],
        headers: { 'x-api-key': sandbox.apiKey },
      },
    ]) {
      /** @type {Awaited<ReturnType<typeof againstLoops>>[]} */
      const runs = []
      for (let time = 0; time < times; time++) runs.push(await againstLoops(started, argv, headers))
      const medianOf = (/** @type {(run: typeof runs[number]) => number} */ figure) =>
        median(runs.map(figure))
      const ratio = medianOf(({ ours, bare }) => ours.wallMs / bare.wallMs)
      const toKeeping = medianOf(({ ours, keeping }) => ours.wallMs / keeping.wallMs)
      yield {
        what: `extraction, ${name}`,
        figure: `${ratio.toFixed(2)} × (${seconds(medianOf(({ ours }) => ours.wallMs))})`,
        limit: `the bare loop ${seconds(medianOf(({ bare }) => bare.wallMs))}`,
        goal: `≤ ${goals.ratio} ×`,
        isMet: ratio <= goals.ratio,
      }
      yield {
        what: 'the same against a loop that reads and packs the answers',
        figure: `${toKeeping.toFixed(2)} ×`,
        limit: `that loop ${seconds(medianOf(({ keeping }) => keeping.wallMs))}`,
      }
      yield {
        what: 'its requests a second, with all that follows from the answers',
        figure: medianOf(({ ours, pages }) => (1000 * pages) / ours.wallMs).toFixed(0),
        limit: `the source allows ${perSecond}`,
      }
      const peakMb = Math.max(...runs.map(({ ours }) => ours.peakMb))
      yield {
        what: 'its memory at most',
        figure: `${Math.round(peakMb)} MB`,
        limit: `that loop ${Math.round(Math.max(...runs.map(({ keeping }) => keeping.peakMb)))} MB`,
        goal: `≤ ${goals.peakMb} MB`,
        isMet: peakMb <= goals.peakMb,
      }
    }
  } finally {
    await sandbox.close()
  }
}

/**
 * A load, and the two loops over the pages that it asked for.
 * @param {Awaited<ReturnType<typeof startWorld>>} started
 * @param {readonly string[]} argv
 * @param {Record<string, string>} headers that the source wants to see
 */
async function againstLoops(started, argv, headers) {
  const { sandbox } = started
  return inFolder(started, async (folder, env) => {
    const asked = sandbox.requests.length
    const ours = await measured([hubdwh, ...argv, '--quiet'], { cwd: folder, env })
    const pages = sandbox.requests.slice(asked).filter(({ status }) => status === 200 || status === 204)
    const urls = pages.map(({ path, query }) => new URL(`${path}${query && `?${query}`}`, sandbox.url).href)
    const list = join(folder, 'pages.json')
    await writeFile(list, JSON.stringify({ urls, headers }))
    return {
      ours,
      pages: pages.length,
      bare: await measured([bareLoop, list]),
      keeping: await measured([bareLoop, list, join(folder, 'pages.gz')]),
    }
  })
}
