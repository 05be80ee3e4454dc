/** Talking to a BI tool: JSON over HTTP, with one second try where it is only busy. */
import { beginningOf } from '../answer-body.js'
import type { Clock } from '../effects.js'
import { AuthorizationError, UnavailableError, UsageError } from '../errors.js'
import type { JsonValue } from '../json.js'
import { jsonIn } from '../sources/http/json-body.js'
import { type Transport, type TransportAnswer, TransportError } from '../sources/http/transport.js'
import { userAgent } from '../sources/http/user-agent.js'

export interface ServiceOptions {
  /** What people call it: `Superset`. */
  readonly name: string
  /** Where it is, without a slash at the end; shown in messages. */
  readonly url: string
  /** What is asked, where that is one whole address, which is not shown; paths are ignored then. */
  readonly address?: string
  /** The credential as the configuration names it: `publish.superset.password`. */
  readonly credential: string
  readonly transport: Transport
  readonly clock: Clock
}

export interface ServiceRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Begins with a slash. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: JsonValue
  readonly form?: Readonly<Record<string, string>>
  /** JSON that has to be sent byte by byte as it is, and whose answer does not matter. */
  readonly body?: string
  /** Statuses of refusals that the caller understands: they come back as answers. */
  readonly accept?: readonly number[]
  /** Of one try, milliseconds. */
  readonly timeoutMs?: number
}

export interface ServiceAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Undefined where the body is empty. */
  readonly json: JsonValue | undefined
}

/** @throws UnavailableError, AuthorizationError, UsageError, as {@link serviceAt} says */
export type Ask = (request: ServiceRequest, signal: AbortSignal) => Promise<ServiceAnswer>

const usualTimeoutMs = 30_000
const usualPauseMs = 2_000
/** A run is not held up longer than this by a tool that is busy. */
const longestPauseMs = 30_000

/**
 * A service that is asked for JSON. Where it is busy or cannot be reached it is asked once more.
 * @returns a function that throws UnavailableError `publish_unavailable` (down, busy, no JSON), AuthorizationError
 *   `publish_credential_rejected` (401, 403), UsageError `publish_refused` (any other refusal, a redirection)
 */
export function serviceAt(options: ServiceOptions): Ask {
  const { name, clock } = options
  return async (request, signal) => {
    const first = await answerOf(options, request, signal)
    if (!('pauseMs' in first)) return judged(options, request, first)
    if (first.pauseMs > longestPauseMs) throw busy(name, first.reason, first.pauseMs)
    await clock.sleep(first.pauseMs, signal)
    const second = await answerOf(options, request, signal)
    if ('pauseMs' in second) throw busy(name, second.reason, second.pauseMs)
    return judged(options, request, second)
  }
}

/** No answer that could be used now. */
interface NoAnswer {
  readonly reason: string
  readonly pauseMs: number
}

async function answerOf(
  { url, address, transport }: ServiceOptions,
  request: ServiceRequest,
  signal: AbortSignal,
): Promise<TransportAnswer | NoAnswer> {
  const { method, path, headers, json, form, body, accept = [], timeoutMs = usualTimeoutMs } = request
  const isJson = json !== undefined || body !== undefined
  try {
    const answer = await transport({
      ...{ method, url: new URL(address ?? `${url}${path}`), timeoutMs, signal },
      headers: {
        accept: 'application/json',
        'user-agent': userAgent,
        ...(isJson ? { 'content-type': 'application/json; charset=utf-8' } : {}),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...(body === undefined ? {} : { body }),
      ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
    })
    const { status } = answer
    if (accept.includes(status)) return answer
    if (status !== 408 && status !== 429 && status < 500) return answer
    const seconds = Number(answer.headers['retry-after'])
    const pauseMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : usualPauseMs
    return { reason: `it answered ${status} to ${method} ${path}`, pauseMs }
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
    return { reason: error.message, pauseMs: usualPauseMs }
  }
}

function judged(
  { name, url, address, credential }: ServiceOptions,
  { method, path, body: sent, accept = [] }: ServiceRequest,
  answer: TransportAnswer,
): ServiceAnswer {
  const { status, headers, body } = answer
  const what = `${method} ${path.split('?', 1)[0]}`.trim()
  if (!accept.includes(status)) {
    if (status === 401 || status === 403) {
      throw new AuthorizationError(
        'publish_credential_rejected',
        `${name} does not let us do ${what} (${status}).`,
        { advice: `Check ${credential} and the rights that go with it, then try: hubdwh check.` },
      )
    }
    if (status >= 300) {
      // An address that is a secret may be quoted in it.
      const said = address === undefined ? saidIn(answer) : ''
      throw new UsageError('publish_refused', `${name} answered ${status} to ${what}${said}.`, {
        advice:
          status === 404 || status < 400
            ? `Check the address ${url} under publish, then try: hubdwh check.`
            : 'Check this place under publish in the configuration, then try: hubdwh publish.',
      })
    }
  }
  if (sent !== undefined) return { status, headers, json: undefined }
  const isEmpty = beginningOf(body).length === 0
  const json = isEmpty ? undefined : jsonIn(body)
  if (!isEmpty && json === undefined && !accept.includes(status)) {
    throw new UnavailableError(
      'publish_unavailable',
      `${name} answered ${what} with something else than JSON.`,
      {
        advice: `Check the address ${url} under publish; a page of sign-in or of maintenance looks like that too.`,
      },
    )
  }
  return { status, headers, json }
}

function busy(name: string, reason: string, pauseMs: number): UnavailableError {
  const wait =
    pauseMs > longestPauseMs ? `, and asks to be left alone for ${Math.ceil(pauseMs / 60_000)} minutes` : ''
  return new UnavailableError('publish_unavailable', `${name} cannot be used now: ${reason}${wait}.`, {
    advice: 'It is tried again at the next run; to try sooner: hubdwh publish.',
  })
}

const longestSaid = 200

/** What a refusal says for itself; the field is called differently from tool to tool. */
function saidIn({ body }: TransportAnswer): string {
  const json = jsonIn(body)
  const found = messageIn(json)
  return found === undefined ? '' : `: ${found.slice(0, longestSaid)}`
}

/** Nobody says it deeper than that; a server may send anything. */
const deepest = 5

function messageIn(json: JsonValue | undefined, depth = 0): string | undefined {
  if (typeof json === 'string') return json
  if (depth > deepest) return undefined
  if (Array.isArray(json)) return messageIn(json[0], depth + 1)
  if (typeof json !== 'object' || json === null) return undefined
  for (const [key, value] of Object.entries(json)) {
    if (!['message', 'error', 'errors', 'error_description', 'msg', 'code'].includes(key)) continue
    const found = messageIn(value, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}
