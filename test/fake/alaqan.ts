/** Alaqan over a gate in memory (spec 1.2, 1.3). */
import { type Answer, json, problem, type Request } from './exchange.js'

export type GateEvent = Readonly<Record<'event' | 'time', string>>

/** What the gate knows: day → ИИН → events. It can be changed. */
export type Gate = Map<string, Map<string, readonly GateEvent[]>>

export const apiKey = 'the-key-of-alaqan'

/** @returns what answers a GET below /api/astanahub/ */
export function alaqanApi(gate: Gate): (request: Request) => Answer {
  return ({ url, headers }) => {
    if (headers['x-api-key'] !== apiKey) return problem(401, 'Unauthorized')
    const { searchParams: query, pathname } = url
    if (pathname.endsWith('/employees/byDate')) {
      return json({ data: Object.fromEntries(gate.get(query.get('date') ?? '') ?? []) })
    }
    if (!pathname.endsWith('/employees/byIin')) return problem(404, 'Not found')
    const [from, to, iin] = ['start_date', 'end_date', 'iin'].map(name => query.get(name) ?? '')
    const days = [...gate]
      .filter(([day]) => day >= (from ?? '') && day <= (to ?? ''))
      .flatMap(([day, people]) => {
        const events = people.get(iin ?? '')
        return events ? [[day, events] as const] : []
      })
    return json({ data: Object.fromEntries(days) })
  }
}
