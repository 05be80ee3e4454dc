/** Extraction against a loop that fetches the same pages and throws the bodies away. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hubdwh, measured, median } from './child.mjs'
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
      /** @type {{ bare: number, keeping: number }[]} */
      const ratios = []
      /** @type {number[]} */
      const rates = []
      let [peakMb, peakOfLoop] = [0, 0]
      for (let time = 0; time < times; time++) {
        await inFolder(started, async (folder, env) => {
          const asked = sandbox.requests.length
          const ours = await measured([hubdwh, ...argv, '--quiet'], { cwd: folder, env })
          const pages = sandbox.requests.slice(asked).filter(({ status }) => status === 200 || status === 204)
          const urls = pages.map(
            ({ path, query }) => new URL(`${path}${query && `?${query}`}`, sandbox.url).href,
          )
          const list = join(folder, 'pages.json')
          await writeFile(list, JSON.stringify({ urls, headers }))
          const bare = await measured([bareLoop, list])
          const keeping = await measured([bareLoop, list, join(folder, 'pages.gz')])
          rates.push((1000 * pages.length) / ours.wallMs)
          ratios.push({ bare: ours.wallMs / bare.wallMs, keeping: ours.wallMs / keeping.wallMs })
          peakMb = Math.max(peakMb, ours.peakMb)
          peakOfLoop = Math.max(peakOfLoop, keeping.peakMb)
        })
      }
      const ratio = median(ratios.map(({ bare }) => bare))
      const kept = median(ratios.map(({ keeping }) => keeping))
      yield {
        what: `extraction, ${name}`,
        figure: `${ratio.toFixed(2)} × the bare loop, ${kept.toFixed(2)} × one that reads and packs the answers`,
        goal: `≤ ${goals.ratio}`,
        isMet: ratio <= goals.ratio,
      }
      yield {
        what: 'its requests a second, with all that follows from the answers',
        figure: `${median(rates).toFixed(0)}, where the source allows ${perSecond}: ${((100 * perSecond) / median(rates)).toFixed(0)} % of its time are needed`,
      }
      yield {
        what: 'its memory at most',
        figure: `${Math.round(peakMb)} MB (the loop that keeps the answers: ${Math.round(peakOfLoop)} MB)`,
        goal: `≤ ${goals.peakMb} MB`,
        isMet: peakMb <= goals.peakMb,
      }
    }
  } finally {
    await sandbox.close()
  }
}
