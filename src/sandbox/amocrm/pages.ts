import type { JsonObject, JsonValue } from '../../json.js'
import { type Answer, json, noContent, problem } from '../answer.js'
import type { Query } from '../query.js'

/** Which rows a request asks for. */
export interface PageAsked {
  readonly page: number
  readonly limit: number
}

/** What a limit above the maximum, or none, silently becomes (reference: "Pages"). */
const usualLimit = 50

/** amoCRM's answer to a parameter it does not take. */
export function invalid(path: string, detail: string): Answer {
  return problem(400, 'Request validation failed', {
    'validation-errors': [{ request_id: '0', errors: [{ code: 'InvalidValue', path, detail }] }],
  })
}

/** The page and limit of a query, or the answer to what is no page. */
export function readPage(query: Query, maxLimit: number): PageAsked | Answer {
  const page = query.one('page') ?? '1'
  const limit = query.one('limit') ?? String(usualLimit)
  if (!/^[1-9]\d{0,8}$/.test(page)) return invalid('page', 'This value should be positive.')
  if (!/^[1-9]\d{0,8}$/.test(limit)) return invalid('limit', 'This value should be positive.')
  return { page: Number(page), limit: Number(limit) > maxLimit ? usualLimit : Number(limit) }
}

/** Where a request came in: what `_links` are made of. */
export interface Address {
  /** `http://127.0.0.1:8080`, without a slash. */
  readonly origin: string
  readonly path: string
  readonly query: Query
}

/**
 * A page of a list with its links, or 204 where it has no rows.
 * @param totals `_total_items` and the like, which only the small lists tell
 */
export function pageAnswer(
  address: Address,
  asked: PageAsked,
  name: string,
  rows: readonly JsonValue[],
  hasMore: boolean,
  totals: JsonObject = {},
): Answer {
  if (rows.length === 0) return noContent
  const link = (page: number) => ({
    href: `${address.origin}${address.path}?${address.query.encodedWith('page', String(page))}`,
  })
  return json(200, {
    ...totals,
    _page: asked.page,
    _links: {
      self: link(asked.page),
      ...(hasMore ? { next: link(asked.page + 1) } : {}),
      ...(asked.page > 1 ? { first: link(1), prev: link(asked.page - 1) } : {}),
    },
    _embedded: { [name]: rows },
  })
}

/** A page of a small list that is held as a whole. */
export function smallListAnswer(
  address: Address,
  name: string,
  all: readonly JsonValue[],
  maxLimit = 250,
): Answer {
  const asked = readPage(address.query, maxLimit)
  if ('status' in asked) return asked
  const offset = (asked.page - 1) * asked.limit
  return pageAnswer(
    address,
    asked,
    name,
    all.slice(offset, offset + asked.limit),
    all.length > offset + asked.limit,
    { _total_items: all.length, _page_count: Math.ceil(all.length / asked.limit) },
  )
}
