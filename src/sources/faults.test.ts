/** Both sources through the whole stack, over a network that misbehaves: the rows must not depend on it. */
import { afterEach, expect, test } from 'vitest'
import { daysFromTo } from '../calendar.js'
import type { AnswerMessage, Extraction } from '../extraction.js'
import type { JsonValue } from '../json.js'
import { type Fault, generatedWorld, movableClock, type Sandbox, startSandbox } from '../sandbox/sandbox.js'
import { createAlaqanClient } from './alaqan/client.js'
import { extractVisitsByDate } from './alaqan/extract-visits.js'
import { createAmocrmClient } from './amocrm/client.js'
import { extractRecords } from './amocrm/extract-records.js'
import type { HttpOptions } from './http/http-client.js'
import { createRateBudget } from './http/rate-budget.js'

let sandbox: Sandbox | undefined
afterEach(() => sandbox?.close())

const kinds = ['429', '500', '502', '504', 'reset', 'reset-mid-body', 'truncated', 'html'] as const
const someOfEach: readonly Fault[] = kinds.map(kind => ({ kind, chance: 0.03 }))

async function start(faults: readonly Fault[]) {
  const clock = movableClock('2025-07-02T00:00:00Z')
  const amocrm = { blockAfter: Number.POSITIVE_INFINITY, requestsPerSecond: null }
  const started = await startSandbox({
    clock,
    faults,
    amocrm,
    world: generatedWorld({ leads: 1500, people: 20 }),
  })
  sandbox = started
  const http: HttpOptions = { clock, budget: createRateBudget(1000, clock), attempts: 12 }
  return {
    alaqan: createAlaqanClient({ baseUrl: started.alaqanUrl, apiKey: started.apiKey }, http),
    amocrm: createAmocrmClient(
      { baseUrl: started.amocrmUrl, auth: { kind: 'token', token: started.token } },
      http,
    ),
    clock,
  }
}

/** The rows of an extraction that is begun anew from its last checkpoint as often as it fails. */
async function rowsOf(extract: (cursor: JsonValue) => Extraction): Promise<string[]> {
  const covered: AnswerMessage[] = []
  let cursor: JsonValue = null
  for (let tries = 1; ; tries += 1) {
    const sinceCheckpoint: AnswerMessage[] = []
    try {
      for await (const message of extract(cursor)) {
        if (message.type === 'answer') sinceCheckpoint.push(message)
        if (message.type !== 'checkpoint') continue
        covered.push(...sinceCheckpoint.splice(0))
        cursor = message.cursor
      }
      covered.push(...sinceCheckpoint)
      break
    } catch (error) {
      if (tries === 20) throw error
    }
  }
  for (const { received, rows, rejects, repeated } of covered) {
    expect(received).toBe(rows.length + rejects.length + repeated.length)
  }
  // When an answer came is no part of what it says.
  const rows = covered.flatMap(answer => answer.rows.map(({ observed_at, ...row }) => JSON.stringify(row)))
  return rows.sort()
}

async function readBoth(faults: readonly Fault[]) {
  const { alaqan, amocrm, clock } = await start(faults)
  const dates = daysFromTo('2025-01-01', '2025-03-31')
  const visits = await rowsOf(cursor => extractVisitsByDate(alaqan, { dates }, cursor))
  const leads = await rowsOf(cursor =>
    extractRecords(amocrm, { entity: 'leads', since: 0 }, { clock }, cursor),
  )
  await sandbox?.close()
  return { visits, leads }
}

test('faults on the way change no row', async () => {
  const calm = await readBoth([])
  const stormy = await readBoth(someOfEach)
  expect(calm.visits.length).toBeGreaterThan(1000)
  expect(calm.leads.length).toBeGreaterThan(1000)
  expect(stormy).toEqual(calm)
})
