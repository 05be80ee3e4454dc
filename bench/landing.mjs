/** What the archive of verbatim answers takes on disk, and what it costs to read and to pack them. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { hubdwh, measured } from './child.mjs'
import { inFolder, lastDay, startWorld } from './installation.mjs'

const sizes = {
  quick: { leads: 10_000, people: 200, days: 60 },
  full: { leads: 100_000, people: 300, days: 365 },
}

const megabyte = 1_048_576

/** @param {{ isQuick: boolean }} options */
export async function* landing({ isQuick }) {
  const { leads, people, days } = sizes[isQuick ? 'quick' : 'full']
  const started = await startWorld({ leads, people, days })
  const { sandbox, from } = started
  const parts = [
    {
      what: 'a lead',
      argv: ['load', 'amocrm', 'leads', '--sweeps', 'left'],
      headers: { authorization: `Bearer ${sandbox.token}` },
      folder: 'landing/amocrm/leads',
      records: leads,
      perYear: undefined,
    },
    {
      what: 'a day of a person at the gate',
      argv: ['load', 'alaqan', '--from', from, '--to', lastDay],
      headers: { 'x-api-key': sandbox.apiKey },
      folder: 'landing/alaqan/visits',
      records: days * people,
      perYear: people * 365,
    },
  ]
  try {
    for (const { what, argv, headers, folder, records, perYear } of parts) {
      const asked = sandbox.requests.length
      const bytes = await inFolder(started, async (root, env) => {
        await measured([hubdwh, ...argv, '--quiet'], { cwd: root, env })
        return bytesIn(join(root, folder))
      })
      const each = bytes / records
      const year =
        perYear === undefined
          ? ''
          : `; ${((each * perYear) / megabyte).toFixed(1)} MB a year for ${people} people`
      yield { what: `landing: ${what}`, figure: `${each.toFixed(0)} bytes${year}` }
      const answers = await Promise.all(
        sandbox.requests.slice(asked).map(async ({ path, query }) => {
          const answer = await fetch(new URL(`${path}${query && `?${query}`}`, sandbox.url), { headers })
          return answer.text()
        }),
      )
      const { parseMs, packMs } = costOf(answers.filter(text => text !== ''))
      yield {
        what: `its answers, for a thousand`,
        figure: `${((1000 * parseMs) / records).toFixed(1)} ms to parse, ${((1000 * packMs) / records).toFixed(1)} ms to pack`,
      }
    }
  } finally {
    await sandbox.close()
  }
}

/** @param {string} folder */
async function bytesIn(folder) {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
  }
  return bytes
}

/** @param {readonly string[]} answers */
function costOf(answers) {
  let begun = performance.now()
  for (const text of answers) JSON.parse(text)
  const parseMs = performance.now() - begun
  begun = performance.now()
  for (const text of answers) gzipSync(text)
  return { parseMs, packMs: performance.now() - begun }
}
