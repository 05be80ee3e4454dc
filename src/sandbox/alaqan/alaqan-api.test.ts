import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generatedWorld, listedWorld, movableClock, type Sandbox, startSandbox } from '../sandbox.js'
import { ask } from '../test-client.js'

const entry = { event: 'entry', time: '09:15:23' }
const exit = { event: 'exit', time: '18:30:45' }

describe('Alaqan', () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await startSandbox({
      world: listedWorld({
        visits: {
          '2025-01-28': { '650727300949': [exit] },
          '2025-01-29': {},
          '2025-01-30': { '650727300949': [exit, entry], '910505350319': [entry, entry] },
        },
      }),
    })
  })
  afterAll(() => sandbox.close())

  const byDate = (query: string) => ask(sandbox, `${sandbox.alaqanUrl}employees/byDate${query}`)
  const byIin = (query: string) => ask(sandbox, `${sandbox.alaqanUrl}employees/byIin${query}`)

  it('tells a day as the specification shows it, as it stands', async () => {
    expect((await byDate('?date=2025-01-30')).json).toEqual({
      data: { '650727300949': [exit, entry], '910505350319': [entry, entry] },
    })
  })

  it('has an empty list for a day it does not know', async () => {
    expect((await byDate('?date=2025-02-01')).text).toBe('{"data":[]}')
  })

  it('has an empty object where a test says so', async () => {
    expect((await byDate('?date=2025-01-29')).text).toBe('{"data":{}}')
  })

  it('tells a person’s days, newest first', async () => {
    const answer = await byIin('?iin=650727300949&start_date=2025-01-01&end_date=2025-01-31')
    expect(answer.text).toBe(JSON.stringify({ data: { '2025-01-30': [exit, entry], '2025-01-28': [exit] } }))
  })

  it('tells of a person only the days asked for, both ends included', async () => {
    const answer = await byIin('?iin=650727300949&start_date=2025-01-28&end_date=2025-01-28')
    expect(answer.json).toEqual({ data: { '2025-01-28': [exit] } })
  })

  it('has an empty list for somebody it does not know', async () => {
    const answer = await byIin('?iin=000000000000&start_date=2025-01-01&end_date=2025-01-31')
    expect(answer.text).toBe('{"data":[]}')
  })

  it.each([
    ['byDate', ''],
    ['byDate', '?date='],
    ['byDate', '?date=30.01.2025'],
    ['byDate', '?date=2025-02-30'],
    ['byIin', '?iin=650727300949&start_date=2025-01-01'],
    ['byIin', '?iin=65072730094&start_date=2025-01-01&end_date=2025-01-31'],
    ['byIin', '?iin=650727300949&start_date=2025-01-31&end_date=2025-01-01'],
    ['byIin', '?iin=650727300949&start_date=x&end_date=2025-01-01'],
  ])('says what is wrong with %s%s', async (endpoint, query) => {
    const answer = await ask(sandbox, `${sandbox.alaqanUrl}employees/${endpoint}${query}`)
    expect(answer.status).toBe(400)
    expect(answer.json.message).toEqual(expect.any(String))
  })

  it('answers 401 in JSON without the key, with a wrong one, and to amoCRM’s token', async () => {
    for (const headers of [{}, { 'x-api-key': 'wrong' }, { authorization: `Bearer ${sandbox.token}` }]) {
      const answer = await ask(sandbox, `${sandbox.alaqanUrl}employees/byDate?date=2025-01-30`, headers)
      expect([answer.status, answer.json.message]).toEqual([401, 'Unauthenticated.'])
    }
  })

  it('answers 404 to what it does not have', async () => {
    expect((await ask(sandbox, `${sandbox.alaqanUrl}employees`)).status).toBe(404)
  })
})

describe('Alaqan with people', () => {
  it('streams a day of thousands of people as one JSON object', async () => {
    const clock = movableClock('2025-07-01T00:00:00Z')
    const sandbox = await startSandbox({ clock, world: generatedWorld({ leads: 0, people: 5000 }) })
    const answer = await ask(sandbox, `${sandbox.alaqanUrl}employees/byDate?date=2025-03-04`)
    await sandbox.close()
    expect(answer.text.length).toBeGreaterThan(400_000)
    expect(Object.keys(answer.json.data ?? {}).length).toBeGreaterThan(2000)
  })

  it('learns during the day what happens in it', async () => {
    const clock = movableClock('2025-03-04T03:00:00Z')
    const sandbox = await startSandbox({ clock, world: generatedWorld({ leads: 0, people: 50 }) })
    const events = async () =>
      (await ask(sandbox, `${sandbox.alaqanUrl}employees/byDate?date=2025-03-04`)).text.split('"event"')
        .length
    const early = await events()
    clock.advance(12 * 3_600_000)
    const late = await events()
    await sandbox.close()
    expect(late).toBeGreaterThan(early)
  })

  it('refuses in JSON above a rate where one is set', async () => {
    const sandbox = await startSandbox({
      clock: movableClock(0),
      world: listedWorld({}),
      alaqan: { requestsPerSecond: 1 },
    })
    const url = `${sandbox.alaqanUrl}employees/byDate?date=2025-01-30`
    const answers = [await ask(sandbox, url), await ask(sandbox, url)]
    await sandbox.close()
    expect(answers.map(({ status }) => status)).toEqual([200, 429])
    expect(answers[1]?.json.message).toBe('Too Many Attempts.')
  })
})
