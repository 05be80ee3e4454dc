import type { JsonObject, JsonValue } from '../json.js'

/** What an API answers, before any fault gets at it. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The whole body, or its pieces in order where it is too big to be held. Empty: no body. */
  readonly body: string | Iterable<string>
}

/** A JSON answer. */
export function json(status: number, value: JsonValue): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

/** A JSON answer whose text is made piece by piece. */
export function streamedJson(body: Iterable<string>): Answer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body }
}

/** `204 No Content`: amoCRM's empty page, and its answer for one id that does not exist. */
export const noContent: Answer = { status: 204, headers: {}, body: '' }

/** A page of HTML, which is how amoCRM's front end refuses (reference: "Limits"). */
export function html(status: number, title: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!DOCTYPE html>\n<html>\n<head><title>${title}</title></head>\n<body><center><h1>${title}</h1></center><hr></body>\n</html>\n`,
  }
}

const problemTitles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
}

/**
 * amoCRM's error body: `application/problem+json` with `title`, `type`, `status`, `detail`.
 * @param more further members, such as `hint` or `validation-errors`
 */
export function problem(status: number, detail: string, more: JsonObject = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({
      ...more,
      title: problemTitles[status] ?? 'Error',
      type: `https://httpstatus.es/${status}`,
      status,
      detail,
    }),
  }
}
