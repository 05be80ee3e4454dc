/** The one HTTP client under both sources: rate budget, retry, deadlines, redaction. */
import {
  type Chance,
  type Clock,
  type Reporter,
  silentReporter,
  systemChance,
  systemClock,
} from '../../effects.js'
import type { HubdwhError } from '../../errors.js'
import { type Answer, MalformedAnswerError } from '../../extraction.js'
import type { JsonValue } from '../../json.js'
import { givenUp, isHtml, type Peer, redirected, refusal, requestIdOf, toldToWait } from './failures.js'
import type { RateBudget } from './rate-budget.js'
import { maskNumbers } from './redact.js'
import { backOff, defaultAttempts, isRetriableStatus, longestRetryAfterMs, retryAfter } from './retry.js'
import { createTransport, type Transport, type TransportAnswer, TransportError } from './transport.js'
import { userAgent } from './user-agent.js'

/** Effects and limits that all clients share. Everything has a real default except the budget. */
export interface HttpOptions {
  readonly budget: RateBudget
  readonly clock?: Clock
  readonly chance?: Chance
  readonly reporter?: Reporter
  readonly transport?: Transport
  /** Tries in all; 6 by default. */
  readonly attempts?: number
  /** For one whole answer; 120 000 by default: filtered lists of large accounts take up to a minute. */
  readonly answerTimeoutMs?: number
}

export interface HttpPeer extends Peer {
  /** The headers that authorize a request; asked for before every try. */
  readonly authorize: () => Promise<Readonly<Record<string, string>>>
  /**
   * Called once per request after a 401, with the headers that were refused. True: there is another
   * credential by now, try again.
   */
  readonly renew?: (refused: Readonly<Record<string, string>>, signal?: AbortSignal) => Promise<boolean>
}

export interface HttpRequest {
  readonly url: URL
  readonly method?: 'GET' | 'POST'
  /** Sent as a JSON body. */
  readonly json?: JsonValue
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Refusals that the caller understands: they come back as answers, with their JSON if they have any. */
  readonly accept?: readonly number[]
  /** What is wrong with the answer's JSON, or undefined. A wrong shape is tried again like cut-off JSON. */
  readonly problemWith?: (json: JsonValue) => string | undefined
}

/** A usable answer. `json` is undefined where there is no body (204). */
export interface HttpAnswer extends Answer {
  readonly headers: Readonly<Record<string, string>>
  readonly json: JsonValue | undefined
}

export interface HttpClient {
  /**
   * Sends until a usable answer comes.
   * @throws AuthorizationError, UnavailableError (`blocked`, `source_unavailable`, …), MalformedAnswerError
   *   with the last answer, or the signal's reason when it is aborted
   */
  send(request: HttpRequest): Promise<HttpAnswer>
}

type Headers = Readonly<Record<string, string>>

/** What one try came to. */
type Outcome =
  | { readonly kind: 'answer'; readonly answer: HttpAnswer }
  | { readonly kind: 'final'; readonly error: HubdwhError }
  | { readonly kind: 'unauthorized'; readonly error: HubdwhError; readonly refused: Headers }
  | { readonly kind: 'redirected'; readonly url: URL }
  | {
      readonly kind: 'again'
      readonly reason: string
      readonly isThrottled: boolean
      readonly waitMs?: number
    }
  | { readonly kind: 'malformed'; readonly reason: string; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly reason: string; readonly error: TransportError }

const redirections: readonly number[] = [301, 302, 303, 307, 308]
const maxRedirections = 3

export function createHttpClient(peer: HttpPeer, options: HttpOptions): HttpClient {
  const { budget, clock = systemClock, chance = systemChance, reporter = silentReporter } = options
  const { transport = createTransport(), attempts = defaultAttempts, answerTimeoutMs = 120_000 } = options

  async function trySend(request: HttpRequest): Promise<Outcome> {
    await budget.take(request.signal)
    const { url, method = 'GET', json, signal } = request
    const address = addressOf(url)
    const credential = await peer.authorize()
    const headers = {
      accept: 'application/json',
      'user-agent': userAgent,
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
      ...credential,
    }
    const sentAt = clock.now()
    try {
      const answer = await transport({
        method,
        url,
        headers,
        timeoutMs: answerTimeoutMs,
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        ...(signal ? { signal } : {}),
      })
      reporter.debug(`${peer.source}: ${address} → ${answer.status}, ${clock.now() - sentAt} ms`)
      return judge(request, address, answer, credential)
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      return { kind: 'failed', reason: error.message, error }
    }
  }

  function judge(request: HttpRequest, address: string, raw: TransportAnswer, credential: Headers): Outcome {
    const { status, headers, body } = raw
    const now = clock.now()
    const answer: Answer = { request: nameOf(request.url), status, receivedAt: now, body }
    if (request.accept?.includes(status)) {
      return { kind: 'answer', answer: { ...answer, headers, json: parsed(body) } }
    }
    if (redirections.includes(status)) return redirection(peer, request, address, headers.location)
    if (status === 401) {
      return { kind: 'unauthorized', error: refusal(peer, address, raw), refused: credential }
    }
    if (isRetriableStatus(status)) {
      const waitMs = retryAfter(headers['retry-after'], now)
      const reason = `status ${status}${requestIdOf(raw)}`
      return {
        kind: 'again',
        reason,
        isThrottled: status === 429,
        ...(waitMs === undefined ? {} : { waitMs }),
      }
    }
    if (status < 200 || status > 299) return { kind: 'final', error: refusal(peer, address, raw) }
    if (status === 204) return { kind: 'answer', answer: { ...answer, headers, json: undefined } }
    const json = parsed(body)
    if (json === undefined) {
      return { kind: 'malformed', reason: isHtml(raw) ? 'a web page, not JSON' : 'no whole JSON', answer }
    }
    const problem = request.problemWith?.(json)
    if (problem !== undefined) return { kind: 'malformed', reason: problem, answer }
    return { kind: 'answer', answer: { ...answer, headers, json } }
  }

  async function send(first: HttpRequest): Promise<HttpAnswer> {
    const address = addressOf(first.url)
    let request = first
    let hops = 0
    let mayRenew = peer.renew !== undefined
    for (let attempt = 1; ; ) {
      const outcome = await trySend(request)
      switch (outcome.kind) {
        case 'answer':
          return outcome.answer
        case 'final':
          throw outcome.error
        case 'redirected':
          hops += 1
          if (hops > maxRedirections) throw redirected(peer, address, 'itself, again and again')
          request = { ...request, url: outcome.url }
          continue
        case 'unauthorized':
          if (mayRenew && (await peer.renew?.(outcome.refused, first.signal))) {
            mayRenew = false
            continue
          }
          throw outcome.error
        case 'malformed':
          if (attempt < attempts) break
          throw new MalformedAnswerError(
            'malformed_answer',
            `${peer.source} answered ${address} with ${outcome.reason}, ${attempt} times.`,
            outcome.answer,
          )
        case 'failed':
          if (outcome.error.isPermanent || attempt >= attempts) {
            throw givenUp(peer, address, attempt, outcome.reason, outcome.error)
          }
          break
        case 'again':
          if (attempt >= attempts) throw givenUp(peer, address, attempt, outcome.reason)
          break
      }
      const isThrottled = outcome.kind === 'again' && outcome.isThrottled
      const asked = outcome.kind === 'again' ? outcome.waitMs : undefined
      if (asked !== undefined && asked > longestRetryAfterMs) throw toldToWait(peer, address, asked)
      const waitMs = asked ?? backOff(attempt, isThrottled, chance)
      // Too much is too much for all who share the limit.
      if (isThrottled) budget.pause(waitMs)
      const message = `${peer.source}: ${address}: ${outcome.reason}; again in ${(waitMs / 1000).toFixed(1)} s`
      if (isThrottled) reporter.warn(message)
      else reporter.debug(message)
      await clock.sleep(waitMs, first.signal)
      attempt += 1
    }
  }

  return { send }
}

function redirection(
  peer: Peer,
  request: HttpRequest,
  address: string,
  location: string | undefined,
): Outcome {
  const target =
    location && URL.canParse(location, request.url.href) ? new URL(location, request.url) : undefined
  const isHome = target?.origin === request.url.origin && (request.method ?? 'GET') === 'GET'
  if (target && isHome) return { kind: 'redirected', url: target }
  return { kind: 'final', error: redirected(peer, address, target?.origin ?? 'nowhere') }
}

function parsed(body: Buffer): JsonValue | undefined {
  try {
    return JSON.parse(body.toString().replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

/** Path and query without personal numbers, for the archive. */
function nameOf(url: URL): string {
  return maskNumbers(decoded(url.pathname + url.search))
}

/** The same with the host, for messages. The credential is in a header, and never here. */
function addressOf(url: URL): string {
  return `${url.origin}${nameOf(url)}`
}

/** `filter[updated_at]` reads better than its percent signs, and a masked number cannot hide behind them. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A base address with a slash at its end, so that relative paths are joined to it and do not replace its last part. */
export function baseUrl(text: string): URL {
  return new URL(text.endsWith('/') ? text : `${text}/`)
}
