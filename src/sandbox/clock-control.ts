/**
 * Moving the sandbox's clock while it runs: `POST /sandbox/clock` with `{"advance_seconds": 86400}` or
 * `{"now": "2025-02-01T03:00:00Z"}`. No vendor has such an address; it is for trying out what happens tomorrow.
 */
import type { Clock } from '../effects.js'
import { isJsonObject } from '../json.js'
import { type Answer, json } from './answer.js'
import type { MovableClock } from './movable-clock.js'
import type { Received } from './server.js'

export const clockPath = '/sandbox/clock'

export function isMovable(clock: Clock): clock is MovableClock {
  return 'advance' in clock && 'set' in clock
}

/** Moves the clock as the request says, and answers where it stands. */
export function answerClock({ method, body }: Received, clock: Clock): Answer {
  if (method === 'GET') return standing(clock)
  if (!isMovable(clock))
    return json(409, { message: 'This sandbox runs on the real clock: start it with --now.' })
  const wanted = wantedMove(body)
  if (wanted === undefined) {
    return json(400, { message: 'Send {"advance_seconds": 86400} or {"now": "2025-02-01T03:00:00Z"}.' })
  }
  if ('advance' in wanted) clock.advance(wanted.advance)
  else clock.set(wanted.now)
  return standing(clock)
}

function standing(clock: Clock): Answer {
  return json(200, { now: new Date(clock.now()).toISOString() })
}

function wantedMove(body: string): { readonly advance: number } | { readonly now: number } | undefined {
  const sent = parsed(body)
  if (!isJsonObject(sent)) return undefined
  const { advance_seconds: seconds, now } = sent
  if (typeof seconds === 'number' && Number.isFinite(seconds)) return { advance: seconds * 1000 }
  const instant = typeof now === 'string' ? Date.parse(now) : Number.NaN
  return Number.isNaN(instant) ? undefined : { now: instant }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
