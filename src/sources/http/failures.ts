/** What a refused or useless answer means, in words that a person can act on. */
import { type AnswerBody, beginningOf } from '../../answer-body.js'
import { AuthorizationError, type HubdwhError, UnavailableError } from '../../errors.js'
import { isJsonObject, type JsonValue } from '../../json.js'
import { longestRetryAfterMs } from './retry.js'
import type { TransportAnswer } from './transport.js'

/** Whom we talk to and as whom, for messages. */
export interface Peer {
  /** `Alaqan`, `amoCRM`. */
  readonly source: string
  /** The credential by the name under which a person knows it: `alaqan.api_key`. */
  readonly credential: string
  /** What to do when it is refused. */
  readonly credentialAdvice: string
}

/** The error for an answer that no second try can better. */
export function refusal(peer: Peer, request: string, answer: TransportAnswer): HubdwhError {
  const where = `${request}${requestIdOf(answer)}`
  const said = problemIn(answer)
  switch (answer.status) {
    case 401:
      return new AuthorizationError(
        'credential_rejected',
        `${peer.source} does not accept ${peer.credential} (401 for ${where}).`,
        { advice: peer.credentialAdvice },
      )
    case 402:
      return new UnavailableError(
        'account_not_paid',
        `${peer.source} says that the account is not paid (402).`,
        {
          advice: 'Have the account paid, then run the same command again.',
        },
      )
    case 403:
      return new AuthorizationError(
        said.code === '113' ? 'address_not_allowed' : 'forbidden',
        `${peer.source} refuses ${where}: ${said.text || 'no rights'} (403).`,
        {
          advice:
            said.code === '113'
              ? 'Add this machine\'s address to the account\'s list of allowed addresses, then run "hubdwh check".'
              : `Give the owner of ${peer.credential} the rights to read this, or use another's; then run "hubdwh check".`,
        },
      )
    default:
      return new UnavailableError(
        answer.status === 404 ? 'not_found' : 'request_refused',
        `${peer.source} answered ${answer.status} to ${where}${said.text ? `: ${said.text}` : ''}.`,
        {
          advice:
            'Correct base_url in the config and run "hubdwh check"; if it is right, the API has changed: report it.',
        },
      )
  }
}

/** A redirection that is not followed: credentials go to no other host than the configured one. */
export function redirected(peer: Peer, request: string, target: string): UnavailableError {
  return new UnavailableError('redirected', `${peer.source} sends ${request} on to ${target}.`, {
    advice: 'If the address has changed, put the new one into base_url and run "hubdwh check".',
  })
}

/** The error after the last try. */
export function givenUp(peer: Peer, request: string, attempts: number, reason: string, cause?: unknown) {
  const tries = attempts === 1 ? 'one try' : `${attempts} tries`
  return new UnavailableError(
    'source_unavailable',
    `${peer.source} gave no usable answer to ${request} in ${tries}: ${reason}.`,
    {
      advice: 'Run the same command again later: it goes on from the last checkpoint.',
      ...(cause === undefined ? {} : { cause }),
    },
  )
}

/** The source asks for more patience than a run has. @param waitMs how long from now */
export function toldToWait(source: string, waitMs: number): UnavailableError {
  const minutes = Math.ceil(waitMs / 60_000)
  return new UnavailableError(
    'told_to_wait',
    `${source} asks to be left alone for ${minutes} minutes; a run waits ${longestRetryAfterMs / 60_000} at most.`,
    { advice: `Run again in ${minutes} minutes.` },
  )
}

/**
 * The source blocks this program, and every request would prolong the block.
 * @param until when it may be asked again, Unix milliseconds
 */
export function blockedUntil(source: string, until: number, now: number): UnavailableError {
  const minutes = Math.ceil((until - now) / 60_000)
  const time = `${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return new UnavailableError(
    'blocked',
    `${source} blocks this program (403): it is not asked again before ${time}.`,
    {
      advice: `Run again in ${minutes} minutes. If it happens again, lower requests_per_second, see which other programs use the same integration, and ask the vendor.`,
    },
  )
}

/** Whether an answer is the block that follows when limits are exceeded again and again, and no lack of rights. */
export function isBlock(answer: TransportAnswer): boolean {
  return answer.status === 403 && isHtml(answer)
}

/** Whether the body is a web page, whatever its type claims: proxies and blocks answer so. */
export function isHtml(answer: TransportAnswer): boolean {
  if (answer.headers['content-type']?.includes('text/html')) return true
  return beginsAsPage(answer.body)
}

/** Whether the body itself begins like a web page. */
export function beginsAsPage(body: AnswerBody): boolean {
  return /^\s*</.test(beginningOf(body).toString('latin1'))
}

/** ` (X-Request-Id …)` where the source told one: its support asks for it. */
export function requestIdOf(answer: TransportAnswer): string {
  const id = answer.headers['x-request-id']
  return id && /^[\w.:-]{1,128}$/.test(id) ? ` (X-Request-Id ${id})` : ''
}

/**
 * Title and the errors' codes and paths of a problem+json body. Not its `detail`: it may quote what was sent.
 */
function problemIn(answer: TransportAnswer): { readonly text: string; readonly code: string | undefined } {
  const problem = parsed(answer.body)
  if (!isJsonObject(problem)) return { text: '', code: undefined }
  const parts: string[] = []
  if (typeof problem.title === 'string') parts.push(problem.title.slice(0, 200))
  for (const group of listOf(problem['validation-errors'])) {
    for (const error of isJsonObject(group) ? listOf(group.errors) : []) {
      if (isJsonObject(error)) parts.push(`${String(error.code)} at ${String(error.path)}`.slice(0, 200))
    }
  }
  // The older form wraps the error once more.
  const inner = isJsonObject(problem.response) ? problem.response : problem
  const code = inner.error_code ?? inner.code
  return { text: parts.join('; '), code: code === undefined ? undefined : String(code) }
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}

function parsed(body: AnswerBody): JsonValue | undefined {
  try {
    return Buffer.isBuffer(body) ? JSON.parse(body.toString()) : undefined
  } catch {
    return undefined
  }
}
