import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonValue } from '../../json.js'
import { problemWithVisits, visitsByDate, visitsByIin } from './visits.js'

const day = '2025-01-30'
const text = (data: string) => Buffer.from(`{"data": ${data}}`)
const onDay = (data: string, key?: string) => visitsByDate(text(data), day, key)
const entry = { event: 'entry', time: '09:15:23' }
const exit = { event: 'exit', time: '18:30:45' }

describe('a day', () => {
  test('gives a row for each event, with the JSON of the person', () => {
    const data = JSON.stringify({ '650727300949': [exit, entry], '910505350319': [entry] })
    const visits = onDay(data)
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

  test.each(['[]', '{}'])('without visits is %s', data => {
    expect(onDay(data)).toMatchObject({
      received: 0,
      rows: [],
      rejects: [],
      facts: [{ events: 0, people: 0 }],
    })
    expect(problemWithVisits(JSON.parse(`{"data":${data}}`))).toBeUndefined()
    expect(onDay(data).facts).toEqual(onDay('[]').facts)
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
  ])('is not what %j says', json => {
    expect(problemWithVisits(json)).toBeTypeOf('string')
  })

  test('keeps the events of a person who comes twice in one answer', () => {
    const { rows } = onDay(`{"1": [${JSON.stringify(entry)}], "2": [], "1": [${JSON.stringify(exit)}]}`)
    expect(rows.map(row => [row.iin, row.event, row.event_no])).toEqual([
      ['1', 'entry', 0],
      ['1', 'exit', 1],
    ])
    expect(rows[0]?.raw_json).toBe(JSON.stringify([entry, exit]))
  })

  test('keeps whatever key and text it finds: Silver judges them', () => {
    const wild = {
      '': [{ event: ' Entry\n', time: "'; drop table x" }],
      '😀': [{ event: null, time: 91523, door: 'A' }, {}],
    }
    expect(onDay(JSON.stringify(wild)).rows.map(row => [row.iin, row.event, row.event_time])).toEqual([
      ['', ' Entry\n', "'; drop table x"],
      ['😀', null, '91523'],
      ['😀', null, null],
    ])
  })
})

describe('what does not fit is set aside, masked', () => {
  test('events that are no list', () => {
    expect(onDay('{"650727300949": "Asel at 9", "910505350319": null}').rejects).toEqual([
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

  test('an event that is no object, and the others stay', () => {
    const visits = onDay(
      `{"650727300949": [${JSON.stringify(entry)}, "650727300949", ${JSON.stringify(exit)}]}`,
    )
    expect(visits.rejects).toMatchObject([
      { rule: 'event_not_object', position: 1, record: '{"iin":"********0949","value":"***"}' },
    ])
    expect(visits.rows.map(row => row.event_no)).toEqual([0, 2])
  })

  test('every record becomes a row or a reject, and no reject shows an ИИН', () => {
    const events = fc.oneof(fc.array(fc.oneof(fc.constant(entry), fc.jsonValue())), fc.jsonValue())
    const iin = fc.stringMatching(/^\d{12}$/)
    fc.assert(
      fc.property(fc.dictionary(iin, events), data => {
        const visits = onDay(JSON.stringify(data))
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

describe('the digest of a day', () => {
  const digest = (data: string, key?: string) => onDay(data, key).facts[0]?.digest

  test('ignores white space and sees the order', () => {
    const [a, b] = ['"1":[{"event":"exit"}]', '"2":[]']
    expect(digest(`{${a},${b}}`)).toBe(digest(`{ ${a} ,\n${b} }`))
    expect(digest(`{${a},${b}}`)).not.toBe(digest(`{${b},${a}}`))
  })

  test('depends on the key, so that nobody can guess a visitor from it', () => {
    expect(digest('{"1":[]}', 'k1')).not.toBe(digest('{"1":[]}', 'k2'))
  })
})

describe('one person', () => {
  const ofPerson = (data: JsonValue) => visitsByIin(text(JSON.stringify(data)), '650727300949', undefined)

  test('gives rows and facts for each day', () => {
    const visits = ofPerson({ '2025-01-30': [entry], '2025-01-27': [entry, exit] })
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

  test('has no visits on a day that does not exist', () => {
    expect(ofPerson({ '2025-02-30': [entry, exit] })).toMatchObject({
      received: 2,
      rows: [],
      facts: [],
      rejects: [{ rule: 'visit_date_invalid' }, { rule: 'visit_date_invalid' }],
    })
  })
})
