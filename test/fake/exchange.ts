/** What goes over the wire, before it is bytes. */
import type { JsonObject } from '../../src/json.js'

export interface Request {
  /** Counted from 1, over both APIs. */
  readonly number: number
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The JSON body; empty where there is none. */
  readonly body: JsonObject
}

export interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** What can go wrong on the way. */
export type Fault =
  | 'too many requests'
  | 'server error'
  /** It is not even received. */
  | 'lost on the way'
  | 'reset before headers'
  | 'reset after headers'
  | 'cut off'
  | 'page instead of JSON'
  | 'blocked'

export function json(body: JsonObject): Answer {
  return { status: 200, type: 'application/hal+json', body: JSON.stringify(body) }
}

export const nothing: Answer = { status: 204, type: '', body: '' }

export function problem(status: number, title: string, more: JsonObject = {}): Answer {
  const body = { title, type: 'https://httpstatus.es/', status, detail: title, ...more }
  return { status, type: 'application/problem+json', body: JSON.stringify(body) }
}

/** The vendor's web page where JSON was asked for. */
export function webPage(status: number): Answer {
  return { status, type: 'text/html; charset=utf-8', body: `<html><body><h1>${status}</h1></body></html>` }
}
