/** Faults that a network and two vendors produce, by chance from the seed or exactly where a test wants them. */
import { UsageError } from '../errors.js'
import { type Answer, html, json, noContent, problem } from './answer.js'
import { type Draw, drawing, Stream } from './generated/draw.js'

export type Api = 'alaqan' | 'amocrm'

export const faultKinds = [
  /** Too many requests, whatever the rate is. */
  '429',
  /** The block: HTML, as is 429. */
  '403',
  '401',
  '402',
  '500',
  '502',
  '503',
  '504',
  /** The connection is reset before any header. */
  'reset',
  /** The connection is reset after half of the body. */
  'reset-mid-body',
  /** A whole answer whose JSON ends in the middle. */
  'truncated',
  /** 200 with a page of HTML. */
  'html',
  /** Nothing, where there is something: 204, or `data: []`. */
  'empty',
  /** The answer comes after `latencyMs`. */
  'slow',
] as const
export type FaultKind = (typeof faultKinds)[number]

/** When a fault happens. Without `chance` and `on`: at every request that matches. */
export interface Fault {
  readonly kind: FaultKind
  readonly api?: Api
  /** Tested against the decoded path and query, `/api/v4/leads?page=2`. */
  readonly path?: RegExp
  /** The probability, from 0 to 1. */
  readonly chance?: number
  /** Which of the matching requests, from 1. */
  readonly on?: readonly number[]
  /** Milliseconds, for `slow`; default 1000. */
  readonly latencyMs?: number
}

/** What is known of a request when faults are looked for. */
export interface FaultedRequest {
  /** The number of the request since the sandbox started, from 1. */
  readonly n: number
  readonly api: Api | undefined
  readonly pathAndQuery: string
}

/** Says which of the faults strike each request. */
export type FaultFinder = (request: FaultedRequest) => readonly Fault[]

/** Counts matching requests and draws chances, the same ones for one seed. */
export function faultFinder(faults: readonly Fault[], seed: number): FaultFinder {
  const draw: Draw = drawing(seed, Stream.fault)
  const matched = faults.map(() => 0)
  return ({ n, api, pathAndQuery }) =>
    faults.filter((fault, index) => {
      if (fault.api !== undefined && fault.api !== api) return false
      if (fault.path && !fault.path.test(pathAndQuery)) return false
      const nth = (matched[index] ?? 0) + 1
      matched[index] = nth
      if (fault.on && !fault.on.includes(nth)) return false
      return fault.chance === undefined || draw(n, index) < fault.chance
    })
}

function isFaultKind(text: string): text is FaultKind {
  return faultKinds.some(kind => kind === text)
}

/**
 * Reads a fault from a flag: `503`, `503=0.05` (the chance), `amocrm:truncated=0.01`, `slow@2500=0.2` (latency in
 * milliseconds). Throws `UsageError` where it is none of these.
 */
export function faultFromText(text: string): Fault {
  const [, api, kind = '', latency, chance] =
    /^(?:(alaqan|amocrm):)?([a-z0-9-]+)(?:@(\d+))?(?:=(\d(?:\.\d+)?|\.\d+))?$/.exec(text) ?? []
  const probability = chance === undefined ? undefined : Number(chance)
  if (!isFaultKind(kind) || (probability !== undefined && probability > 1)) {
    throw new UsageError('sandbox_fault_unknown', `"${text}" is not a fault.`, {
      advice: `Write [alaqan:|amocrm:]KIND[@MILLISECONDS][=CHANCE] with one of ${faultKinds.join(', ')}.`,
    })
  }
  return {
    kind,
    ...(api === 'alaqan' || api === 'amocrm' ? { api } : {}),
    ...(latency === undefined ? {} : { latencyMs: Number(latency) }),
    ...(probability === undefined ? {} : { chance: probability }),
  }
}

function firstHalf(body: Answer['body']): string {
  if (typeof body === 'string') return body.slice(0, Math.ceil(body.length / 2))
  for (const piece of body) return piece.slice(0, Math.ceil(piece.length / 2))
  return ''
}

/** The answer that a fault makes of a good one. Faults of the connection change nothing here. */
export function faulty(kind: FaultKind, api: Api | undefined, good: Answer): Answer {
  switch (kind) {
    case '429':
      return html(429, '429 Too Many Requests')
    case '403':
      return html(403, '403 Forbidden')
    case '401':
      return api === 'alaqan' ? json(401, { message: 'Unauthenticated.' }) : problem(401, 'Unauthorized')
    case '402':
      return problem(402, 'The account is not paid.')
    case '500':
      return html(500, '500 Internal Server Error')
    case '502':
      return html(502, '502 Bad Gateway')
    case '503':
      return html(503, '503 Service Temporarily Unavailable')
    case '504':
      return html(504, '504 Gateway Time-out')
    case 'truncated':
      return { ...good, body: firstHalf(good.body) }
    case 'html':
      return html(200, 'Технические работы')
    case 'empty':
      return api === 'alaqan' ? json(200, { data: [] }) : noContent
    case 'reset':
    case 'reset-mid-body':
    case 'slow':
      return good
  }
}
