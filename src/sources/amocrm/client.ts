/** amoCRM as it answers: pages of records, and what the account is. */
import { UnavailableError } from '../../errors.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../../json.js'
import { createHttpClient, type HttpOptions } from '../http/http-client.js'
import type { HttpAnswer } from '../http/http-request.js'
import { type AmocrmAccess, createAuthorization } from './authorization.js'
import { smallerPage } from './smaller-page.js'

/** A page of a list. */
export interface Page {
  readonly answer: HttpAnswer
  readonly records: readonly JsonValue[]
  /**
   * The same records as they may be kept, where the page shows erased people: undefined in place of a record that is
   * theirs. The answer's body holds only these.
   */
  readonly kept?: readonly (JsonValue | undefined)[]
  /** Path and query of the next page; undefined on the last, which nothing else tells. */
  readonly next: string | undefined
}

export interface Account {
  readonly id: number | undefined
  readonly subdomain: string | undefined
  /** Whose token it is. */
  readonly currentUserId: number | undefined
  /** Whether the paid filter add-on is on. Undefined where the account does not say. */
  readonly isFilterEnabled: boolean | undefined
  /** IANA name of the account's zone. */
  readonly timezone: string | undefined
  /** What its prices are in, ISO 4217. */
  readonly currency: string | undefined
  /** The server's clock, Unix milliseconds; undefined where it does not say. */
  readonly serverTime: number | undefined
}

export interface AmocrmClient {
  /** What the account is and has. */
  account(signal?: AbortSignal): Promise<Account>
  /**
   * One page.
   * @param target path and query, as {@link target} makes them or a page's `next` says
   * @param embedded the name of the records under `_embedded`
   */
  page(target: string, embedded: string, signal?: AbortSignal): Promise<Page>
  /**
   * One record by its own address; `json` is undefined where there is no such record (204, or 404).
   * @param target path and query
   */
  record(target: string, signal?: AbortSignal): Promise<HttpAnswer>
}

/** @throws as HttpClient.send does; AuthorizationError when a person must authorize again */
export function createAmocrmClient(access: AmocrmAccess, options: HttpOptions): AmocrmClient {
  const authorization = createAuthorization(access, options)
  const http = createHttpClient({ source: 'amoCRM', ...authorization }, options)

  async function get(
    path: string,
    problemWith: (json: JsonValue) => string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<HttpAnswer> {
    const origin = await authorization.origin()
    const ask = (at: URL): Promise<HttpAnswer> =>
      http.send({
        url: new URL(path, at),
        problemWith,
        less: smallerPage,
        ...(signal ? { signal } : {}),
      })
    try {
      return await ask(origin)
    } catch (error) {
      // An account that has moved is not found where it was; it may also be pointed to elsewhere.
      const mayHaveMoved =
        error instanceof UnavailableError && ['not_found', 'redirected'].includes(error.code)
      if (!mayHaveMoved || !(await authorization.relocate?.(origin, signal))) throw error
      return ask(await authorization.origin())
    }
  }

  const account = async (signal?: AbortSignal): Promise<Account> =>
    accountIn(
      await get('/api/v4/account?with=is_api_filter_enabled,datetime_settings', problemWithRecord, signal),
    )

  return {
    account,
    page: async (path, embedded, signal) => {
      const answer = byServerClock(await get(path, json => problemWithPage(json, embedded), signal))
      const next = nextOf(answer.json)
      if (next !== undefined && isSame(next, path)) {
        throw new UnavailableError(
          'endless_list',
          `amoCRM says that ${answer.request} is followed by itself.`,
          {
            advice: 'Run again later; if it stays, report it to amoCRM.',
          },
        )
      }
      return { answer, records: recordsOf(answer.json, embedded) ?? [], next }
    },
    record: async (path, signal) => {
      const ask = async (): Promise<HttpAnswer> =>
        http.send({
          url: new URL(path, await authorization.origin()),
          accept: [404],
          problemWith: problemWithRecord,
          ...(signal ? { signal } : {}),
        })
      let answer = await ask()
      if (answer.status === 404) {
        // An account that has moved answers 404 to everything: only where it is at home does 404 speak of the record.
        await account(signal)
        answer = await ask()
      }
      return byServerClock(answer.status === 404 ? { ...answer, json: undefined } : answer)
    },
  }
}

/** Clocks that are closer are taken for the same: the server tells only the second. */
const sameClockMs = 2_000

/**
 * When the answer was true, by the server's clock where ours is another: what is compared with it, as the time of a
 * deletion, is the server's too.
 */
function byServerClock(answer: HttpAnswer): HttpAnswer {
  const serverTime = Date.parse(answer.headers.date ?? '')
  const isSame = Number.isNaN(serverTime) || Math.abs(serverTime - answer.receivedAt) <= sameClockMs
  return isSame ? answer : { ...answer, receivedAt: serverTime }
}

/** Path and query of a list's page, with the parameters in the order given. */
export function target(path: string, query: readonly (readonly [name: string, value: string])[]): string {
  const search = new URLSearchParams()
  for (const [name, value] of query) search.append(name, value)
  return search.size === 0 ? path : `${path}?${search}`
}

function problemWithRecord(json: JsonValue): string | undefined {
  return isJsonObject(json) ? undefined : 'JSON that is not an object'
}

function problemWithPage(json: JsonValue, embedded: string): string | undefined {
  return recordsOf(json, embedded) ? undefined : `JSON without _embedded.${embedded}`
}

/** The records of a page; undefined where it is none. */
export function recordsOf(json: JsonValue | undefined, embedded: string): readonly JsonValue[] | undefined {
  const lists = member(json, '_embedded')
  const records = member(lists, embedded)
  return Array.isArray(records) ? records : undefined
}

/** Only path and query of the link count: where a token goes is not for an answer to say. */
function nextOf(json: JsonValue | undefined): string | undefined {
  const href = member(member(member(json, '_links'), 'next'), 'href')
  if (typeof href !== 'string' || !URL.canParse(href, 'https://amocrm.invalid')) return undefined
  const url = new URL(href, 'https://amocrm.invalid')
  return url.pathname + url.search
}

/** Whether two targets ask for the same, however they are escaped. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map(text => new URL(text, 'https://amocrm.invalid'))
  return a?.pathname === b?.pathname && a?.searchParams.toString() === b?.searchParams.toString()
}

function accountIn({ json, headers }: HttpAnswer): Account {
  const serverTime = Date.parse(headers.date ?? '')
  const timezone = member(member(member(json, '_embedded'), 'datetime_settings'), 'timezone')
  return {
    id: numberIn(member(json, 'id')),
    subdomain: textIn(member(json, 'subdomain')),
    currentUserId: numberIn(member(json, 'current_user_id')),
    isFilterEnabled: booleanIn(member(json, 'is_api_filter_enabled')),
    timezone: textIn(timezone),
    currency: textIn(member(json, 'currency')),
    serverTime: Number.isNaN(serverTime) ? undefined : serverTime,
  }
}

function member(value: JsonValue | undefined, name: string): JsonValue | undefined {
  const object: JsonObject = isJsonObject(value) ? value : {}
  return object[name]
}

function numberIn(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function textIn(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function booleanIn(value: JsonValue | undefined): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}
