import { expect, test } from 'vitest'
import { daysFromTo } from '../../calendar.js'
import type { Extraction, ExtractionMessage } from '../../extraction.js'
import { unlimited } from '../http/rate-budget.js'
import type { Transport } from '../http/transport.js'
import { createAlaqanClient } from './client.js'
import { extractVisitsByDate, extractVisitsByIin } from './extract-visits.js'

const dates = daysFromTo('2025-01-01', '2025-01-05')

function alaqan(transport: Transport) {
  return createAlaqanClient(
    { baseUrl: 'https://alaqan.example/api/astanahub', apiKey: 'secret-key' },
    {
      transport,
      budget: unlimited,
      clock: { now: () => 0, sleep: async () => {} },
    },
  )
}

/** Answers each day with one visitor, the later days first. */
const laterDaysFirst: Transport = async ({ url }) => {
  const date = url.searchParams.get('date') ?? ''
  for (let turns = 40 - 4 * Number(date.slice(-2)); turns > 0; turns -= 1) await Promise.resolve()
  return {
    status: 200,
    headers: {},
    body: Buffer.from(`{"data":{"650727300949":[{"event":"entry","time":"${date}"}]}}`),
  }
}

async function all(extraction: Extraction): Promise<ExtractionMessage[]> {
  const messages: ExtractionMessage[] = []
  for await (const message of extraction) messages.push(message)
  return messages
}

const datesIn = (messages: readonly ExtractionMessage[]) =>
  messages.flatMap(message => (message.type === 'answer' ? message.rows.map(row => row.event_time) : []))

test('days come in the order asked for, a checkpoint after each, whichever is answered first', async () => {
  const messages = await all(extractVisitsByDate(alaqan(laterDaysFirst), { dates, concurrency: 3 }))
  expect(datesIn(messages)).toEqual(dates)
  expect(messages.map(message => message.type)).toEqual(dates.flatMap(() => ['answer', 'checkpoint']))
})

test('an extraction goes on behind its cursor', async () => {
  const client = alaqan(laterDaysFirst)
  const messages = await all(extractVisitsByDate(client, { dates }, { next: 3 }))
  expect(datesIn(messages)).toEqual(['2025-01-04', '2025-01-05'])
  expect(messages.at(-1)).toEqual({ type: 'checkpoint', cursor: { next: 5 } })
})

test('a request carries the key in its header and the date in its query', async () => {
  const asked: unknown[] = []
  const client = alaqan(async request => {
    asked.push([request.url.href, request.headers['x-api-key']])
    return { status: 200, headers: {}, body: Buffer.from('{"data":[]}') }
  })
  await all(extractVisitsByDate(client, { dates: ['2025-01-30'] }))
  expect(asked).toEqual([
    ['https://alaqan.example/api/astanahub/employees/byDate?date=2025-01-30', 'secret-key'],
  ])
})

test('the days before one that fails are kept, and the requests behind it are abandoned', async () => {
  const aborted: string[] = []
  const client = alaqan(async request => {
    const date = request.url.searchParams.get('date') ?? ''
    if (date === '2025-01-02') return { status: 403, headers: {}, body: Buffer.from('<html>') }
    if (date > '2025-01-02') {
      return new Promise((_, reject) =>
        request.signal?.addEventListener('abort', () => {
          aborted.push(date)
          reject(request.signal?.reason)
        }),
      )
    }
    return laterDaysFirst(request)
  })
  const messages: ExtractionMessage[] = []
  const reading = async (): Promise<void> => {
    for await (const message of extractVisitsByDate(client, { dates })) messages.push(message)
  }
  await expect(reading()).rejects.toMatchObject({ code: 'blocked' })
  expect(messages.at(-1)).toEqual({ type: 'checkpoint', cursor: { next: 1 } })
  expect(aborted).toEqual(['2025-01-03', '2025-01-04', '2025-01-05'])
})

test('an answer without data is asked for again and then kept as evidence', async () => {
  let tries = 0
  const client = alaqan(async () => {
    tries += 1
    return { status: 200, headers: {}, body: Buffer.from('{"error":"db"}') }
  })
  await expect(all(extractVisitsByDate(client, { dates: ['2025-01-30'] }))).rejects.toMatchObject({
    code: 'malformed_answer',
    exitCode: 3,
    answer: { body: Buffer.from('{"error":"db"}') },
  })
  expect(tries).toBe(6)
})

test.each<[string, number, string, string]>([
  ['no body at all', 204, '', 'no whole JSON'],
  ['a web page', 200, ' <html>', 'a web page, not JSON'],
  ['a day that is cut off', 200, '{"data":{"650727300949":[{"event":"entry","time":"09:1', 'no whole JSON'],
])('%s is no empty day, nor the beginning of one', async (_, status, body, reason) => {
  const client = alaqan(async () => ({ status, headers: {}, body: Buffer.from(body) }))
  const messages: ExtractionMessage[] = []
  const reading = async (): Promise<void> => {
    for await (const message of extractVisitsByDate(client, { dates })) messages.push(message)
  }
  await expect(reading()).rejects.toMatchObject({
    code: 'malformed_answer',
    message: expect.stringContaining(reason),
  })
  expect(messages).toEqual([])
})

test("one person's request is archived with a masked ИИН", async () => {
  const person = { iin: '650727300949', from: '2025-01-27', to: '2025-01-30' }
  const body = Buffer.from('{"data":{"2025-01-30":[{"event":"entry","time":"09:15:23"}]}}')
  const client = alaqan(async () => ({ status: 200, headers: {}, body }))
  const messages = await all(extractVisitsByIin(client, person))
  expect(messages[0]).toMatchObject({
    answer: {
      request: '/api/astanahub/employees/byIin?start_date=2025-01-27&end_date=2025-01-30&iin=********0949',
    },
    rows: [{ iin: '650727300949', visit_date: '2025-01-30' }],
  })
  expect(await all(extractVisitsByIin(client, person, {}, { next: 1 }))).toEqual([])
})
