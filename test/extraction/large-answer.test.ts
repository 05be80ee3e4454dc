/** An answer far larger than usual, on its whole way: over a socket, through the client, into a load package. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentReporter } from '../../src/effects.js'
import { land } from '../../src/landing/land.js'
import { createPackage, type LoadPackage, openPackage } from '../../src/landing/load-package.js'
import { openWriter } from '../../src/landing/package-writer.js'
import { readAnswers } from '../../src/landing/read-answers.js'
import { createAlaqanClient } from '../../src/sources/alaqan/client.js'
import { extractVisitsByDate } from '../../src/sources/alaqan/extract-visits.js'
import { unlimited } from '../../src/sources/http/rate-budget.js'
import { createTransport } from '../../src/sources/http/transport.js'

const people = 30_000
const eventsEach = 4
const list = JSON.stringify(Array.from({ length: eventsEach }, () => ({ event: 'entry', time: '09:15:23' })))
const members = Array.from({ length: people }, (_, n) => `"${500_101_000_000 + n}":${list}`)
const small = '{"data":{"650727300949":[{"event":"entry","time":"09:15:23"}]}}'
const large = `{"data":{${members.join(',\n')}}}`
const cutOff = large.slice(0, -1_000)

let root: string
let server: Server
const transport = createTransport()
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hubdwh-large-'))
})
afterEach(async () => {
  await new Promise(resolve => server.close(resolve))
  await rm(root, { recursive: true })
})

/** Lands a day for each of these bodies. */
async function landed(bodies: readonly string[], target: LoadPackage): Promise<LoadPackage> {
  const dates = bodies.map((_, index) => `2025-01-0${index + 1}`)
  server = createServer((request, response) => {
    const date = new URL(request.url ?? '', 'http://x').searchParams.get('date') ?? ''
    response
      .setHeader('content-encoding', 'gzip')
      .end(gzipSync(bodies[dates.indexOf(date)] ?? '', { level: 1 }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const client = createAlaqanClient(
    { baseUrl: `http://127.0.0.1:${port}/`, apiKey: 'k' },
    { budget: unlimited, transport, attempts: 2, clock: { now: () => 0, sleep: async () => {} } },
  )
  const writer = await openWriter(target, { durableEveryMs: 0 })
  return land(writer, cursor => extractVisitsByDate(client, { dates }, cursor), { reporter: silentReporter })
}

const newPackage = (): Promise<LoadPackage> =>
  createPackage(root, {
    source: 'alaqan',
    entity: 'visits',
    table: 'alaqan_visits',
    window: null,
    plan: null,
  })

test('every event becomes a row, once, and the archive holds the answer byte for byte', async () => {
  expect(large.length).toBeGreaterThan(4 << 20)
  const whole = await landed([small, large, small], await newPackage())
  const events = people * eventsEach
  expect(whole.manifest.counts).toEqual({
    requests: 3,
    records: events + 2,
    rows: events + 2,
    rejects: 0,
    repeated: 0,
  })
  const bodies: string[] = []
  for await (const { body, facts } of readAnswers(whole)) {
    bodies.push(body.toString())
    if (bodies.length === 2) expect(facts).toMatchObject([{ visit_date: '2025-01-02', events, people }])
  }
  expect(bodies[1] === large && bodies[0] === small && bodies[2] === small).toBe(true)
  const rows = gunzipSync(await readFile(whole.rowsPath))
    .toString()
    .trimEnd()
    .split('\n')
  expect(rows).toHaveLength(events + 2)
  expect(new Set(rows).size).toBe(events + 2)
})

test('one that is cut off counts for nothing: the package stays at its last checkpoint, the answer is kept', async () => {
  const target = await newPackage()
  await expect(landed([small, cutOff, small], target)).rejects.toMatchObject({
    code: 'malformed_answer',
    message: expect.stringContaining('no whole JSON, 2 times'),
  })
  const { manifest } = await openPackage(target.dir)
  expect(manifest).toMatchObject({
    state: 'extracting',
    cursor: { next: 1 },
    counts: { requests: 1, rows: 1 },
  })
  const evidence = gunzipSync(await readFile(join(target.dir, 'failed', 'answer.gz')))
  expect(evidence.toString() === cutOff).toBe(true)
})
