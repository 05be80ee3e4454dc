/** Both APIs in this process, without limits, and folders with configurations for them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { built } from './built.mjs'

/** @type {typeof import('../src/sandbox/sandbox.js')} */
const { generatedWorld, startSandbox } = await built('sandbox/sandbox.js')

export const timeZone = 'Asia/Almaty'
/** Every world ends on it, so that two runs of a bench see the same. */
export const lastDay = '2025-12-31'
/** When a run takes place: the morning after. */
export const morning = '2026-01-01T03:00:00Z'

/** @param {number} days before the last one */
export function dayBefore(days) {
  return new Date(Date.parse(lastDay) - days * 86_400_000).toISOString().slice(0, 10)
}

/**
 * @param {{ leads: number, people: number, days: number, requestsPerSecond?: number | null, faults?: import('../src/sandbox/faults.js').Fault[] }} size
 * @returns the sandbox with its world; `askedAt`: when each request came, milliseconds
 */
export async function startWorld({ leads, people, days, requestsPerSecond = null, faults = [] }) {
  const from = dayBefore(days - 1)
  const world = generatedWorld({ leads, people, from, to: lastDay, timeZone })
  /** @type {number[]} */
  const askedAt = []
  const sandbox = await startSandbox({
    ...{ world, faults, amocrm: { requestsPerSecond } },
    beforeRequest: () => void askedAt.push(performance.now()),
  })
  return { world, sandbox, from, askedAt }
}

/**
 * A folder with a configuration for the sandbox; it is removed after the work.
 * @template T
 * @param {Awaited<ReturnType<typeof startWorld>>} started
 * @param {(folder: string, env: Record<string, string>) => Promise<T>} work
 * @param {{ amocrmRate?: number, isMasked?: boolean, warehouse?: readonly string[] }} [options] `warehouse`: lines of
 *   its section, default a file
 * @returns {Promise<T>}
 */
export async function inFolder(
  { sandbox, from },
  work,
  { amocrmRate = 100_000, isMasked = true, warehouse = ['path: ./warehouse.duckdb'] } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-bench-'))
  try {
    await writeFile(
      join(folder, 'hubdwh.yaml'),
      [
        `timezone: ${timeZone}`,
        'warehouse:',
        ...warehouse.map(line => `  ${line}`),
        'landing: {path: ./landing}',
        `alaqan: {base_url: "${sandbox.alaqanUrl}", api_key: "\${KEY}", start_date: ${from}, requests_per_second: 100000}`,
        `amocrm: {base_url: "${sandbox.amocrmUrl}", auth: {token: "\${TOKEN}"}, requests_per_second: ${amocrmRate}, events: {from: ${from}}}`,
        isMasked ? `privacy: {key: "\${PRIVACY}"}` : 'privacy: {iin: none, phone: none, email: none}',
        '',
      ].join('\n'),
    )
    const env = { KEY: sandbox.apiKey, TOKEN: sandbox.token, PRIVACY: '0123456789abcdef'.repeat(4) }
    return await work(folder, env)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
