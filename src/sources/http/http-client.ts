/** The one HTTP client under both sources: rate budget, retry, deadlines, redaction. */
import {
  type Chance,
  type Clock,
  type Reporter,
  silentReporter,
  systemChance,
  systemClock,
} from '../../effects.js'
import { MalformedAnswerError } from '../../extraction.js'
import { addressOf } from './addresses.js'
import { blockedUntil, givenUp, type Peer, redirected, toldToWait } from './failures.js'
import type { HttpAnswer, HttpRequest } from './http-request.js'
import { type Judgement, judgeAnswer } from './judge-answer.js'
import type { RateBudget } from './rate-budget.js'
import { backOff, defaultAttempts, longestRetryAfterMs } from './retry.js'
import { createTransport, type Transport, TransportError } from './transport.js'
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
  /** Told every secret that comes up on the way, as tokens that are refreshed, so that no message shows it. */
  readonly keepSecret?: (secrets: Iterable<string>) => void
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

export interface HttpClient {
  /**
   * Sends until a usable answer comes.
   * @throws AuthorizationError, UnavailableError (`blocked`, `source_unavailable`, …), MalformedAnswerError
   *   with the last answer, or the signal's reason when it is aborted
   */
  send(request: HttpRequest): Promise<HttpAnswer>
}

/** What one try came to. */
type Outcome =
  | Judgement
  | { readonly kind: 'failed'; readonly reason: string; readonly error: TransportError }

interface Try {
  readonly outcome: Outcome
  /** Unix milliseconds. */
  readonly sentAt: number
  /** The headers that were to authorize it. */
  readonly credential: Readonly<Record<string, string>>
}

const maxRedirections = 3
/** Usual answers are smaller, and held. Bytes. */
const largestHeld = 4 << 20

export function createHttpClient(peer: HttpPeer, options: HttpOptions): HttpClient {
  const { budget, clock = systemClock, chance = systemChance, reporter = silentReporter } = options
  const { transport = createTransport(), attempts = defaultAttempts, answerTimeoutMs = 120_000 } = options

  async function trySend(request: HttpRequest): Promise<Try> {
    // Before the turn is taken: new tokens take turns of their own.
    const credential = await peer.authorize()
    await budget.take(request.signal)
    const { url, method = 'GET', json, signal } = request
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
        ...(request.examine ? { packAbove: largestHeld } : {}),
        ...(signal ? { signal } : {}),
      })
      const now = clock.now()
      reporter.debug(`${peer.source}: ${addressOf(url)} → ${answer.status}, ${now - sentAt} ms`)
      return { outcome: await judgeAnswer(peer, request, answer, now), sentAt, credential }
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      return { outcome: { kind: 'failed', reason: error.message, error }, sentAt, credential }
    }
  }

  async function send(first: HttpRequest): Promise<HttpAnswer> {
    let request = first
    let hops = 0
    let mayRenew = peer.renew !== undefined
    for (let attempt = 1; ; ) {
      const { outcome, sentAt, credential } = await trySend(request)
      const address = addressOf(request.url)
      const again = (reason: string, waitMs: number): string =>
        `${peer.source}: ${address}: ${reason}; again in ${(waitMs / 1000).toFixed(1)} s`
      let askedMs: number | undefined
      switch (outcome.kind) {
        case 'answer':
          await budget.answered(outcome.answer.receivedAt - sentAt)
          return outcome.answer
        case 'final':
          throw outcome.error
        case 'blocked':
          throw blockedUntil(peer.source, await budget.blocked(sentAt), clock.now())
        case 'redirected':
          hops += 1
          if (hops > maxRedirections) throw redirected(peer, address, 'itself, again and again')
          request = { ...request, url: outcome.url }
          continue
        case 'unauthorized':
          if (mayRenew && (await peer.renew?.(credential, first.signal))) {
            mayRenew = false
            continue
          }
          throw outcome.error
        case 'too_many': {
          // Too much is too much for all who share the limit: they wait where turns are given out, as we do.
          const until = await budget.tooMany(sentAt, outcome.askedMs)
          if (attempt >= attempts) throw givenUp(peer, address, attempt, outcome.reason)
          reporter.warn(again(outcome.reason, Math.max(0, until - clock.now())))
          attempt += 1
          continue
        }
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
          if (outcome.error.isTimeout) request = smaller(request)
          break
        case 'again':
          if (attempt >= attempts) throw givenUp(peer, address, attempt, outcome.reason)
          if (outcome.isTooLarge) request = smaller(request)
          askedMs = outcome.askedMs
          break
      }
      if (askedMs !== undefined && askedMs > longestRetryAfterMs) throw toldToWait(peer.source, askedMs)
      const waitMs = askedMs ?? backOff(attempt, chance)
      reporter.debug(again(outcome.reason, waitMs))
      await clock.sleep(waitMs, first.signal)
      attempt += 1
    }
  }

  return { send }
}

function smaller(request: HttpRequest): HttpRequest {
  const url = request.less?.(request.url)
  return url === undefined ? request : { ...request, url }
}
