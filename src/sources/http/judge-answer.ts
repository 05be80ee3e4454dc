/** What an answer means for the request: usable, to be tried again, or final. */
import type { AnswerBody } from '../../answer-body.js'
import type { HubdwhError } from '../../errors.js'
import type { Answer } from '../../extraction.js'
import { addressOf, nameOf } from './addresses.js'
import { beginsAsPage, isBlock, isHtml, type Peer, redirected, refusal, requestIdOf } from './failures.js'
import type { HttpAnswer, HttpRequest } from './http-request.js'
import { jsonIn } from './json-body.js'
import { isRetriableStatus, retryAfter } from './retry.js'
import type { TransportAnswer } from './transport.js'
import { notWholeJson, UnusableBodyError } from './unusable-body.js'

export type Judgement =
  | { readonly kind: 'answer'; readonly answer: HttpAnswer }
  | { readonly kind: 'final'; readonly error: HubdwhError }
  /** 401: perhaps there is another credential. */
  | { readonly kind: 'unauthorized'; readonly error: HubdwhError }
  | { readonly kind: 'redirected'; readonly url: URL }
  /** 429. `askedMs` is what `Retry-After` says. */
  | { readonly kind: 'too_many'; readonly reason: string; readonly askedMs: number | undefined }
  /** 403 in HTML: never tried again. */
  | { readonly kind: 'blocked' }
  /** `isTooLarge`: less might come through. */
  | {
      readonly kind: 'again'
      readonly reason: string
      readonly askedMs: number | undefined
      readonly isTooLarge: boolean
    }
  | { readonly kind: 'malformed'; readonly reason: string; readonly answer: Answer }

const redirections: readonly number[] = [301, 302, 303, 307, 308]
/** The gateway had no patience: "ask for less" (reference, "Limits"). */
const gatewayTimeouts: readonly number[] = [504, 524]

/** @param now when the answer was there, Unix milliseconds */
export async function judgeAnswer(
  peer: Peer,
  request: HttpRequest,
  raw: TransportAnswer,
  now: number,
): Promise<Judgement> {
  const { status, headers, body } = raw
  const address = addressOf(request.url)
  const answer: Answer = { request: nameOf(request.url), status, receivedAt: now, body }
  // Before anything that the caller accepts: it would take the block's page for an answer.
  if (isBlock(raw)) return { kind: 'blocked' }
  if (request.accept?.includes(status)) {
    return { kind: 'answer', answer: { ...answer, headers, json: jsonIn(body) } }
  }
  if (redirections.includes(status)) return redirection(peer, request, address, headers.location)
  if (status === 401) return { kind: 'unauthorized', error: refusal(peer, address, raw) }
  const askedMs = retryAfter(headers['retry-after'], now)
  const reason = `status ${status}${requestIdOf(raw)}`
  if (status === 429) return { kind: 'too_many', reason, askedMs }
  if (isRetriableStatus(status)) {
    return { kind: 'again', reason, askedMs, isTooLarge: gatewayTimeouts.includes(status) }
  }
  if (status < 200 || status > 299) return { kind: 'final', error: refusal(peer, address, raw) }
  if (request.examine) return examined(request.examine, { ...answer, headers, json: undefined })
  if (status === 204) return { kind: 'answer', answer: { ...answer, headers, json: undefined } }
  const json = jsonIn(body)
  if (json === undefined) {
    return { kind: 'malformed', reason: isHtml(raw) ? aPage : notWholeJson().message, answer }
  }
  const problem = request.problemWith?.(json)
  if (problem !== undefined) return { kind: 'malformed', reason: problem, answer }
  return { kind: 'answer', answer: { ...answer, headers, json } }
}

const aPage = 'a web page, not JSON'

async function examined(
  examine: (body: AnswerBody) => Promise<void>,
  answer: HttpAnswer,
): Promise<Judgement> {
  try {
    await examine(answer.body)
    return { kind: 'answer', answer }
  } catch (error) {
    if (!(error instanceof UnusableBodyError)) throw error
    return { kind: 'malformed', reason: beginsAsPage(answer.body) ? aPage : error.message, answer }
  }
}

function redirection(
  peer: Peer,
  request: HttpRequest,
  address: string,
  location: string | undefined,
): Judgement {
  const target =
    location && URL.canParse(location, request.url.href) ? new URL(location, request.url) : undefined
  const isHome = target?.origin === request.url.origin && (request.method ?? 'GET') === 'GET'
  if (target && isHome) return { kind: 'redirected', url: target }
  return { kind: 'final', error: redirected(peer, address, target?.origin ?? 'nowhere') }
}
