import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inChunks } from '../../../test/chunks.js'
import { type AnswerBody, receiveBody } from '../../answer-body.js'
import type { JsonValue } from '../../json.js'
import { UnusableBodyError } from '../http/unusable-body.js'
import { surveyDay } from './survey-day.js'
import { type Findings, factOfDay, type Visits, visitsByIin, visitsOfDay } from './visits.js'

const day = '2025-01-30'
const text = (data: string) => Buffer.from(`{"data": ${data}}`)
const onDay = (data: string, key?: string) => inBody(text(data), key)

async function inBody(
  body: AnswerBody,
  key?: string,
): Promise<Omit<Visits, 'shapes'> & { readonly batches: number }> {
  const survey = await surveyDay(body, key)
  const batches: Findings[] = []
  for await (const batch of visitsOfDay(body, day, survey)) batches.push(batch)
  return {
    received: survey.received,
    rows: batches.flatMap(batch => batch.rows),
    rejects: batches.flatMap(batch => batch.rejects),
    facts: [factOfDay(day, survey)],
    batches: batches.length,
  }
}

const entry = { event: 'entry', time: '09:15:23' }
const exit = { event: 'exit', time: '18:30:45' }

describe('a day', () => {
  test('gives a row for each event, with the JSON of the person', async () => {
    const data = JSON.stringify({ '650727300949': [exit, entry], '910505350319': [entry] })
    const visits = await onDay(data)
    expect(visits).toMatchObject({ received: 3, rejects: [] })
    expect(visits.rows[1]).toEqual({
      visit_date: day,
      iin: '650727300949',
      event: 'entry',
      event_time: '09:15:23',
      raw_json: JSON.stringify([exit, entry]),
      endpoint: 'byDate',
      event_no: 1,
    })
    expect(visits.facts).toMatchObject([{ visit_date: day, endpoint: 'byDate', events: 3, people: 2 }])
  })

  test.each(['[]', '{}'])('without visits is %s', async data => {
    expect(await onDay(data)).toMatchObject({
      received: 0,
      rows: [],
      rejects: [],
      facts: [{ events: 0, people: 0 }],
    })
    expect((await onDay(data)).facts).toEqual((await onDay('[]')).facts)
  })

  test.each<JsonValue>([
    {},
    [],
    null,
    'x',
    { data: null },
    { data: 'x' },
    { data: 1 },
    { data: [1] },
    { errors: [] },
  ])('is not what %j says', async json => {
    await expect(inBody(Buffer.from(JSON.stringify(json)))).rejects.toBeInstanceOf(UnusableBodyError)
  })

  test('keeps the events of a person who comes twice in one answer', async () => {
    const { rows } = await onDay(`{"1": [${JSON.stringify(entry)}], "2": [], "1": [${JSON.stringify(exit)}]}`)
    expect(rows.map(row => [row.iin, row.event, row.event_no])).toEqual([
      ['1', 'entry', 0],
      ['1', 'exit', 1],
    ])
    expect(rows[0]?.raw_json).toBe(JSON.stringify([entry, exit]))
  })

  test('keeps whatever key and text it finds: Silver judges them', async () => {
    const wild = {
      '': [{ event: ' Entry\n', time: "'; drop table x" }],
      '😀': [{ event: null, time: 91523, door: 'A' }, {}],
    }
    expect((await onDay(JSON.stringify(wild))).rows.map(row => [row.iin, row.event, row.event_time])).toEqual(
      [
        ['', ' Entry\n', "'; drop table x"],
        ['😀', null, '91523'],
        ['😀', null, null],
      ],
    )
  })
})

describe('what does not fit is set aside, masked', () => {
  test('events that are no list', async () => {
    const { rejects } = await onDay('{"650727300949": "Asel at 9", "910505350319": null}')
    expect(rejects).toEqual([
      {
        rule: 'events_not_array',
        detail: 'the events are a string, not a list',
        record: '{"iin":"********0949","value":"***"}',
        position: 0,
      },
      {
        rule: 'events_not_array',
        detail: 'the events are null, not a list',
        record: '{"iin":"********0319","value":null}',
        position: 1,
      },
    ])
  })

  test('an event that is no object, and the others stay', async () => {
    const visits = await onDay(
      `{"650727300949": [${JSON.stringify(entry)}, "650727300949", ${JSON.stringify(exit)}]}`,
    )
    expect(visits.rejects).toMatchObject([
      { rule: 'event_not_object', position: 1, record: '{"iin":"********0949","value":"***"}' },
    ])
    expect(visits.rows.map(row => row.event_no)).toEqual([0, 2])
  })

  test('every record becomes a row or a reject, and no reject shows an ИИН', async () => {
    const events = fc.oneof(fc.array(fc.oneof(fc.constant(entry), fc.jsonValue())), fc.jsonValue())
    const iin = fc.stringMatching(/^\d{12}$/)
    await fc.assert(
      fc.asyncProperty(fc.dictionary(iin, events), async data => {
        const visits = await onDay(JSON.stringify(data))
        const expected = Object.values(data).reduce<number>(
          (sum, list) => sum + (Array.isArray(list) ? list.length : 1),
          0,
        )
        expect(visits.received).toBe(expected)
        expect(visits.rows.length + visits.rejects.length).toBe(expected)
        for (const key of Object.keys(data)) expect(JSON.stringify(visits.rejects)).not.toContain(key)
      }),
    )
  })
})

describe('a day far larger than usual', () => {
  const iinOf = (number: number) => String(500_000_000_000 + number)

  test('comes in batches, and a person who comes twice, far apart, is one', async () => {
    const people = Array.from({ length: 25_000 }, (_, n) => `"${iinOf(n)}":[${JSON.stringify(entry)}]`)
    const first = iinOf(7)
    const visits = await onDay(`{${people.join()},"${first}":[1],"${first}":[${JSON.stringify(exit)}]}`)
    expect(visits.batches).toBe(3)
    expect(visits.received).toBe(25_002)
    expect(visits.rows).toHaveLength(25_001)
    expect(visits.facts).toMatchObject([{ events: 25_002, people: 25_000 }])
    expect(visits.rows.slice(7, 9)).toMatchObject(
      [entry, exit].map(({ event }, index) => ({
        iin: first,
        event,
        event_no: index * 2,
        raw_json: JSON.stringify([entry, 1, exit]),
      })),
    )
    expect(visits.rejects).toMatchObject([{ position: 8 }])
    expect(visits.rows[9]).toMatchObject({ iin: iinOf(8) })
  })

  test('packed while it arrives it gives the same as held, wherever it is cut', async () => {
    const events = fc.oneof(fc.array(fc.oneof(fc.constant(entry), fc.jsonValue())), fc.jsonValue())
    const members = fc.array(fc.tuple(fc.constantFrom('1', '2', 'Әлия', '"\\'), events))
    await fc.assert(
      fc.asyncProperty(members, fc.array(fc.nat(40)), async (people, cuts) => {
        const data = people.map(([iin, list]) => `${JSON.stringify(iin)}:${JSON.stringify(list)}`)
        const body = text(`{${data.join(', ')}}`)
        const packed = await receiveBody(inChunks(body, cuts), 0)
        expect(await inBody(packed, 'k')).toEqual(await inBody(body, 'k'))
      }),
    )
  })
})

describe('the digest of a day', () => {
  const digest = async (data: string, key?: string) => (await onDay(data, key)).facts[0]?.digest

  test('ignores white space and sees the order', async () => {
    const [a, b] = ['"1":[{"event":"exit"}]', '"2":[]']
    expect(await digest(`{${a},${b}}`)).toBe(await digest(`{ ${a} ,\n${b} }`))
    expect(await digest(`{${a},${b}}`)).not.toBe(await digest(`{${b},${a}}`))
    const members = [
      ['1', [{ event: 'exit' }]],
      ['2', []],
    ]
    const sha256 = createHash('sha256').update(JSON.stringify(members)).digest('hex')
    expect(await digest(`{${a},${b}}`)).toBe(sha256)
  })

  test('depends on the key, so that nobody can guess a visitor from it', async () => {
    expect(await digest('{"1":[]}', 'k1')).not.toBe(await digest('{"1":[]}', 'k2'))
  })
})

describe('one person', () => {
  const ofPerson = (data: JsonValue) => visitsByIin(text(JSON.stringify(data)), '650727300949', undefined)

  test('gives rows and facts for each day', async () => {
    const visits = await ofPerson({ '2025-01-30': [entry], '2025-01-27': [entry, exit] })
    expect(visits.rows.map(row => [row.visit_date, row.iin, row.endpoint])).toEqual([
      ['2025-01-30', '650727300949', 'byIin'],
      ['2025-01-27', '650727300949', 'byIin'],
      ['2025-01-27', '650727300949', 'byIin'],
    ])
    expect(visits.facts).toMatchObject([
      { visit_date: '2025-01-30', endpoint: 'byIin', events: 1 },
      { visit_date: '2025-01-27', endpoint: 'byIin', events: 2 },
    ])
  })

  test('has no visits on a day that does not exist', async () => {
    expect(await ofPerson({ '2025-02-30': [entry, exit] })).toMatchObject({
      received: 2,
      rows: [],
      facts: [],
      rejects: [{ rule: 'visit_date_invalid' }, { rule: 'visit_date_invalid' }],
    })
  })
})
