import { describe, expect, it } from 'vitest'
import { daysFromTo } from '../../calendar.js'
import type { Passage } from '../world/world.js'
import { generatedGate } from './gate.js'
import { dayKind } from './holidays.js'
import { usualMisreading } from './misreadings.js'

const later = Date.parse('2030-01-01T00:00:00Z')

function gateOf(more: Partial<Parameters<typeof generatedGate>[0]> = {}) {
  return generatedGate({
    seed: 1,
    people: 300,
    from: '2024-01-01',
    to: '2024-06-30',
    timeZone: 'Asia/Almaty',
    misreading: usualMisreading,
    ...more,
  })
}

function peopleOn(gate: ReturnType<typeof gateOf>, day: string, now = later) {
  const answer = gate.onDay(day, now)
  return answer.kind === 'people' ? [...answer.people] : []
}

function passagesOn(gate: ReturnType<typeof gateOf>, day: string, now = later): Passage[] {
  return peopleOn(gate, day, now).flatMap(([, events]) => [...events])
}

const halfYear = daysFromTo('2024-01-01', '2024-06-30')

describe('the generated gate', () => {
  it('says the same of a day however often and in whatever order it is asked', () => {
    const gate = gateOf()
    const first = peopleOn(gate, '2024-03-05')
    peopleOn(gate, '2024-01-15')
    expect(peopleOn(gate, '2024-03-05')).toEqual(first)
    expect(peopleOn(gateOf({ seed: 2 }), '2024-03-05')).not.toEqual(first)
  })

  it('sees far more people on workdays than on weekends and holidays', () => {
    const gate = gateOf({ misreading: { ...usualMisreading, daysDown: 0 } })
    const average = (kind: string) => {
      const counts = halfYear.filter(day => dayKind(day) === kind).map(day => peopleOn(gate, day).length)
      return counts.reduce((sum, count) => sum + count, 0) / counts.length
    }
    expect(average('workday')).toBeGreaterThan(120)
    expect(average('weekend')).toBeLessThan(30)
    expect(average('holiday')).toBeLessThan(20)
  })

  it('misses exits, tells some events twice and is often unsorted', () => {
    const days = peopleOn(gateOf(), '2024-03-05').map(([, events]) => events)
    const times = days.map(events => events.map(({ time }) => time))
    expect(days.some(events => events.length > 1 && events.every(({ event }) => event === 'entry'))).toBe(
      false,
    )
    expect(days.some(events => events.length === 1 && events[0]?.event === 'entry')).toBe(true)
    expect(times.some(list => new Set(list).size < list.length)).toBe(true)
    expect(times.some(list => list.join() !== list.toSorted().join())).toBe(true)
  })

  it('misreads events, times and numbers now and then', () => {
    const gate = gateOf()
    const people = halfYear.flatMap(day => peopleOn(gate, day))
    const passages = people.flatMap(([, events]) => [...events])
    const events = new Set(passages.map(({ event }) => event))
    expect(events).toEqual(new Set(['entry', 'exit', ' Entry ', 'ENTRY', 'EXIT', ' Exit', 'unknown', '']))
    expect(passages.some(({ time }) => time === '25:61:00')).toBe(true)
    expect(people.some(([iin]) => /^\d{11}$/.test(iin))).toBe(true)
    expect(people.some(([iin]) => iin.includes(' '))).toBe(true)
    expect(people.some(([iin]) => iin.startsWith('KZ'))).toBe(true)
    expect(people.filter(([iin]) => !/^\d{12}$/.test(iin)).length).toBeLessThan(people.length * 0.01)
  })

  it('has nothing for days on which it was down, as a list or as an object', () => {
    const gate = gateOf({ misreading: { ...usualMisreading, daysDown: 1 } })
    const answers = halfYear.map(day => gate.onDay(day, later))
    const texts = answers.map(answer => (answer.kind === 'literal' ? JSON.stringify(answer.data) : 'people'))
    expect(new Set(texts)).toEqual(new Set(['[]', '{}']))
  })

  it('does not know what has not happened yet', () => {
    const noon = Date.parse('2024-03-05T07:00:00Z')
    const gate = gateOf()
    const times = passagesOn(gate, '2024-03-05', noon).map(({ time }) => time)
    expect(times.length).toBeGreaterThan(100)
    expect(times.filter(time => time > '12:00:00' && time !== '25:61:00')).toEqual([])
    expect(passagesOn(gate, '2024-03-06', noon)).toEqual([])
  })

  it('has people in the building in the hour that repeats', () => {
    const passages = passagesOn(gateOf(), '2024-02-29')
    expect(passages.filter(({ time }) => time >= '23:00:00').length).toBeGreaterThan(5)
  })

  it('says of a person, newest day first, what it says of the days', () => {
    const gate = gateOf()
    const [[iin] = ['']] = peopleOn(gate, '2024-03-05').filter(([key]) => /^\d{12}$/.test(key))
    const ofPerson = [...gate.ofPerson(iin, '2024-02-01', '2024-04-30', later)]
    const ofDays = daysFromTo('2024-02-01', '2024-04-30')
      .reverse()
      .flatMap(day =>
        peopleOn(gate, day)
          .filter(([key]) => key === iin)
          .map(([, events]) => [day, events]),
      )
    expect(ofPerson.length).toBeGreaterThan(5)
    expect(ofPerson).toEqual(ofDays)
  })

  it('takes a day that is set, also outside its time', () => {
    const gate = gateOf()
    const events = [{ event: 'entry', time: '09:00:00' }]
    gate.setDay('2023-05-05', { '650727300949': events })
    expect(gate.onDay('2023-05-05', later)).toEqual({ kind: 'literal', data: { '650727300949': events } })
    expect([...gate.ofPerson('650727300949', '2023-01-01', '2023-12-31', later)]).toEqual([
      ['2023-05-05', events],
    ])
  })
})
