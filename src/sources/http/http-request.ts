/** What a source is asked, and what comes back. */
import type { AnswerBody } from '../../answer-body.js'
import type { Answer } from '../../extraction.js'
import type { JsonValue } from '../../json.js'

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
  /**
   * Reads the body in place of this client, which then gives no `json`, and throws UnusableBodyError where it is not
   * what it should be. For answers that can be too large to be held: such a one is packed while it arrives.
   */
  readonly examine?: (body: AnswerBody) => Promise<void>
  /**
   * Where to ask for less after the source's gateway, or we, had no patience with the answer (504, a timeout);
   * undefined where it cannot be less.
   */
  readonly less?: (url: URL) => URL | undefined
}

/** A usable answer. `json` is undefined where there is no body (204), or the caller has examined it. */
export interface HttpAnswer extends Answer {
  readonly headers: Readonly<Record<string, string>>
  readonly json: JsonValue | undefined
}
