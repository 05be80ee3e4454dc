import { type Day, daysBetween, daysFromTo } from '../../calendar.js'
import type { JsonValue } from '../../json.js'
import type { Gate, GateDay, Passage } from '../world/world.js'
import { type Draw, drawing, integer, Stream } from './draw.js'
import { dayKind } from './holidays.js'
import { personNumber } from './identity-numbers.js'
import { type Misreading, misreadEvents, misreadNumber } from './misreadings.js'
import { wallClock } from './wall-clock.js'

/** Who passes the gate, and how well it works. */
export interface GateOptions {
  readonly seed: number
  readonly people: number
  /** The first and the last day with visits. */
  readonly from: Day
  readonly to: Day
  readonly timeZone: string
  readonly misreading: Misreading
}

/** Questions about a person. */
const Person = { joined: 1, left: 2, diligence: 3, arrival: 4, length: 5, outings: 6, readBadly: 7 } as const
/** Questions about a person on a day. */
const Visit = {
  comes: 1,
  arrival: 2,
  length: 3,
  outing: 4,
  lostExit: 5,
  lostEntry: 6,
  order: 7,
  night: 8,
  lag: 9,
} as const
const hour = 3600
const lastSecond = 24 * hour - 1
/** The day on whose last hour the clocks were put back (reference/kazakhstan.md). */
const zoneChange: Day = '2024-02-29'
const epoch: Day = '2020-01-01'

function clockTime(second: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(second / hour))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`
}

/** The generated gate: a day is made from the seed and the day, person by person, and never held. */
export function generatedGate(options: GateOptions): Gate {
  const { seed, people, from, to, timeZone, misreading } = options
  const person: Draw = drawing(seed, Stream.person)
  const ofDay: Draw = drawing(seed, Stream.gateDay)
  const changed = new Map<Day, JsonValue>()
  let peopleByNumber: ReadonlyMap<string, number> | undefined
  const length = daysBetween(from, to) + 1

  /** What somebody did on a day, in the order it happened; nothing where he stayed away. */
  const movements = (who: number, day: Day, kind: ReturnType<typeof dayKind>, visit: Draw): Passage[] => {
    const nth = daysBetween(from, day)
    // One in four joined after the beginning, one in six has left.
    if (nth < (person(who, Person.joined) - 0.75) * 4 * length * 0.8) return []
    if (nth > length * (0.2 + person(who, Person.left) * 4.8)) return []
    const diligence = 0.45 + 0.52 * person(who, Person.diligence)
    const chance = kind === 'workday' ? diligence : diligence * (kind === 'weekend' ? 0.08 : 0.04)
    if (visit(who, Visit.comes) >= chance) return []

    const jitter = visit(who, Visit.arrival) + visit(who, Visit.length) - 1
    const arrival = Math.floor((7.6 + 3 * person(who, Person.arrival)) * hour + jitter * 0.9 * hour)
    const stays = (5.5 + 4.5 * person(who, Person.length) + 2 * (visit(who, Visit.length) - 0.5)) * hour
    const worksLate = day === zoneChange && visit(who, Visit.night) < 0.15
    const departure = worksLate
      ? 23 * hour + integer(visit(who, Visit.night) / 0.15, hour)
      : Math.min(lastSecond, Math.floor(arrival + stays))

    const found: Passage[] = []
    if (visit(who, Visit.lostEntry) > 0.03) found.push({ event: 'entry', time: clockTime(arrival) })
    const outings = visit(who, Visit.outing) < 0.65 ? 1 + integer(person(who, Person.outings), 3) : 0
    for (let outing = 0; outing < outings; outing += 1) {
      const out = Math.floor(
        arrival + ((departure - arrival) * (outing + 0.4 + 0.4 * visit(who, 20 + outing))) / (outings + 0.5),
      )
      const back = out + 300 + integer(visit(who, 30 + outing), 2700)
      if (back >= departure) break
      found.push({ event: 'exit', time: clockTime(out) }, { event: 'entry', time: clockTime(back) })
    }
    if (visit(who, Visit.lostExit) > 0.06) found.push({ event: 'exit', time: clockTime(departure) })
    return found
  }

  /** As the API tells it: newest first for most, the gate's misreadings among it. */
  const visitOf = (who: number, day: Day, kind: ReturnType<typeof dayKind>, visit: Draw, until: string) => {
    const seen = movements(who, day, kind, visit).filter(({ time }) => time <= until)
    if (seen.length === 0) return seen
    const read = misreadEvents(seen, who, visit, misreading)
    const order = visit(who, Visit.order)
    if (order < 0.55) return read.reverse()
    if (order < 0.75 && read.length > 2) return [...read.slice(1), ...read.slice(0, 1)]
    return read
  }

  const visitsDraw = (day: Day) =>
    drawing(seed ^ Math.imul(daysBetween(epoch, day) + 1, 0x01000193), Stream.visit)
  /** The last wall-clock time of a day that has been reached; undefined where the day has not begun. */
  const reached = (day: Day, now: number): string | undefined => {
    const present = wallClock(now, timeZone)
    if (day > present.day) return undefined
    return day < present.day ? '23:59:59' : present.time
  }
  const isOpen = (day: Day) =>
    day >= from && day <= to && ofDay(daysBetween(epoch, day), 1) >= misreading.daysDown

  function* peopleOn(day: Day, until: string): Generator<readonly [string, readonly Passage[]]> {
    const kind = dayKind(day)
    const visit = visitsDraw(day)
    for (let who = 0; who < people; who += 1) {
      const events = visitOf(who, day, kind, visit, until)
      if (events.length === 0) continue
      const number = personNumber(person, who)
      const misread = misreadNumber(number, who, visit, misreading)
      if (misread === undefined || events.length < 2) yield [misread ?? number, events]
      else {
        // The reader failed for one passage only: it stands under a number of its own.
        yield [number, events.slice(1)]
        yield [misread, events.slice(0, 1)]
      }
    }
  }

  const byNumber = () => {
    peopleByNumber ??= new Map(
      Array.from({ length: people }, (_, who) => [personNumber(person, who), who] as const),
    )
    return peopleByNumber
  }

  function literalEvents(data: JsonValue, iin: string): JsonValue | undefined {
    return new Map(Object.entries(data ?? {})).get(iin)
  }

  return {
    onDay: (day, now): GateDay => {
      const known = changed.get(day)
      if (known !== undefined) return { kind: 'literal', data: known }
      const until = reached(day, now)
      if (until === undefined || !isOpen(day)) {
        // An empty list for most of what is empty, an empty object for some: PHP does not know which it has.
        return { kind: 'literal', data: daysBetween(epoch, day) % 3 === 0 ? {} : [] }
      }
      return { kind: 'people', people: peopleOn(day, until) }
    },
    ofPerson: function* (iin, first, last, now) {
      const who = byNumber().get(iin)
      const days = [...new Set([...daysFromTo(from, to), ...changed.keys()])]
        .filter(day => day >= first && day <= last)
        .sort()
        .reverse()
      for (const day of days) {
        const known = changed.get(day)
        const until = reached(day, now)
        if (known !== undefined) {
          const events = literalEvents(known, iin)
          if (events !== undefined) yield [day, events]
        } else if (who !== undefined && until !== undefined && isOpen(day)) {
          const visit = visitsDraw(day)
          const events = visitOf(who, day, dayKind(day), visit, until)
          const isMisread = misreadNumber(iin, who, visit, misreading) !== undefined
          const own = isMisread ? events.slice(1) : events
          if (own.length > 0) yield [day, own.map(({ event, time }) => ({ event, time }))]
        }
      }
    },
    setDay: (day, data) => {
      changed.set(day, data)
    },
  }
}
