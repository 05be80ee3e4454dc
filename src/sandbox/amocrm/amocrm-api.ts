/** amoCRM's REST API v4, reading side (reference/amocrm-api.md). */
import { isJsonObject, type JsonValue } from '../../json.js'
import { type Answer, json, noContent, problem } from '../answer.js'
import { accountId } from '../generated/dictionaries.js'
import { parseQuery } from '../query.js'
import type { Collection } from '../world/collection.js'
import type { FieldOwner, World } from '../world/world.js'
import { type ListBehaviour, readListing } from './listing.js'
import { type ListEndpoint, listEndpoints } from './lists.js'
import { authorize, currentSubdomain, exchange, type Integration } from './oauth.js'
import { type Address, invalid, pageAnswer, readPage, smallListAnswer } from './pages.js'
import { binRow, presentedAccount, presenter } from './presentation.js'
import type { Tokens } from './tokens.js'

export interface AmocrmRequest {
  readonly method: string
  readonly path: string
  readonly search: string
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** The account as the sandbox was told to play it. */
export interface AmocrmAccount {
  readonly origin: string
  readonly integration: Integration
  readonly tokens: Tokens
  readonly behaviour: ListBehaviour
  readonly isAdmin: boolean
  /** Where the account has moved to; then nothing but the question where it is gets an answer. */
  readonly movedTo?: string
}

const apiPrefix = '/api/v4/'

function listAnswer(
  endpoint: ListEndpoint,
  records: Collection,
  world: World,
  address: Address,
  account: AmocrmAccount,
): Answer {
  const asked = readPage(address.query, endpoint.maxLimit)
  if ('status' in asked) return asked
  const read = readListing(endpoint, address.query, account.behaviour)
  switch (read.kind) {
    case 'nothing':
      return noContent
    case 'invalid':
      return invalid(read.path, read.detail)
    case 'listing': {
      const { rows, hasMore } = records.list(read.listing, (asked.page - 1) * asked.limit, asked.limit)
      const present = world.isLiteral
        ? (value: JsonValue) => value
        : presenter(endpoint, address.query.words('with'), id => `${account.origin}${address.path}/${id}`)
      const shown = rows.map(read.listing.place === 'bin' ? binRow : present)
      return pageAnswer(address, asked, endpoint.entity, shown, hasMore)
    }
  }
}

function oneAnswer(
  endpoint: ListEndpoint,
  records: Collection,
  world: World,
  id: string,
  address: Address,
  account: AmocrmAccount,
): Answer {
  const found = records.get(endpoint.entity === 'events' ? id : Number(id))
  const isHidden =
    account.behaviour.onlyOf !== undefined &&
    endpoint.entity !== 'events' &&
    found?.record.responsible_user_id !== account.behaviour.onlyOf
  if (found?.place !== 'list' || isHidden) return noContent
  if (world.isLiteral) return json(200, found.record)
  const self = `${account.origin}${address.path}`
  return json(200, presenter(endpoint, address.query.words('with'), () => self)(found.record))
}

function memberAnswer(list: readonly JsonValue[], id: string): Answer {
  const found = list.filter(isJsonObject).find(item => String(item.id) === id)
  return found ? json(200, found) : noContent
}

function usersAnswer(world: World, id: string | undefined, address: Address, account: AmocrmAccount): Answer {
  if (!account.isAdmin) return problem(403, 'Доступ запрещен')
  const { users } = world.dictionaries
  if (id !== undefined) return memberAnswer(users, id)
  const asked = address.query.words('with')
  const wanted: Readonly<Record<string, string>> = { roles: 'role', groups: 'group' }
  const shown = world.isLiteral
    ? users
    : users.filter(isJsonObject).map(({ uuid, _embedded, ...user }) => ({
        ...user,
        ...(asked.has('uuid') && uuid !== undefined ? { uuid } : {}),
        _embedded: Object.fromEntries(
          Object.entries(_embedded ?? {}).filter(([name]) => asked.has(wanted[name] ?? name)),
        ),
      }))
  return smallListAnswer(address, 'users', shown)
}

function isFieldOwner(name: string): name is FieldOwner {
  return ['leads', 'contacts', 'companies'].includes(name) || name.startsWith('catalogs/')
}

function isListed(name: string): name is keyof typeof listEndpoints {
  return Object.hasOwn(listEndpoints, name)
}

/** Answers a request to `/api/v4/…` that carries a valid token. */
function answerApi(path: string, world: World, address: Address, account: AmocrmAccount): Answer {
  const { dictionaries } = world
  const parts = path.split('/')
  const [first = '', second, third] = parts
  if (path === 'account') {
    const { behaviour } = account
    return json(
      200,
      presentedAccount(
        {
          ...dictionaries.account,
          ...(behaviour.onlyOf === undefined ? {} : { current_user_id: behaviour.onlyOf }),
        },
        address.query.words('with'),
        behaviour.filterAddOn,
        world.isLiteral,
      ),
    )
  }
  if (path === 'leads/pipelines') {
    return json(200, {
      _total_items: dictionaries.pipelines.length,
      _links: { self: { href: `${account.origin}${address.path}` } },
      _embedded: { pipelines: dictionaries.pipelines },
    })
  }
  if (first === 'leads' && second === 'pipelines' && third !== undefined && parts.length === 3) {
    return memberAnswer(dictionaries.pipelines, third)
  }
  if (path === 'leads/loss_reasons') return smallListAnswer(address, 'loss_reasons', dictionaries.lossReasons)
  if (first === 'users' && parts.length <= 2) return usersAnswer(world, second, address, account)
  if (path === 'catalogs') return smallListAnswer(address, 'catalogs', dictionaries.catalogs)
  if (parts.at(-1) === 'custom_fields') {
    const owner = parts.slice(0, -1).join('/')
    if (isFieldOwner(owner)) {
      return smallListAnswer(address, 'custom_fields', dictionaries.customFields[owner] ?? [])
    }
  }
  if (first === 'catalogs' && second !== undefined) {
    if (parts.length === 2) return memberAnswer(dictionaries.catalogs, second)
    if (parts.length === 3 && third === 'elements') {
      return smallListAnswer(address, 'elements', dictionaries.catalogElements[second] ?? [])
    }
  }
  if (isListed(first)) {
    const records = world.collections[first]
    if (parts.length === 1) return listAnswer(listEndpoints[first], records, world, address, account)
    if (parts.length === 2 && second) {
      return oneAnswer(listEndpoints[first], records, world, second, address, account)
    }
  }
  return problem(404, 'The requested resource was not found.')
}

/** Whether a path is amoCRM's. */
export function isAmocrmPath(path: string): boolean {
  return path.startsWith(apiPrefix) || path === '/oauth' || path.startsWith('/oauth2/')
}

/** Whether the rate limit counts a path: the API itself, not authorization. */
export function isLimited(path: string): boolean {
  return path.startsWith(apiPrefix)
}

/** Answers a request to amoCRM. */
export function answerAmocrm(request: AmocrmRequest, world: World, account: AmocrmAccount): Answer {
  const { tokens, integration, origin } = account
  const host = new URL(origin).host
  const query = parseQuery(request.search)
  if (request.path === '/oauth2/account/current/subdomain') {
    return currentSubdomain(request.headers['x-refresh-token'], accountId, account.movedTo ?? host, tokens)
  }
  if (account.movedTo !== undefined) return problem(404, 'Account not found')
  if (request.path === '/oauth2/access_token') {
    if (request.method !== 'POST') return problem(405, 'Method not allowed')
    return exchange(request.headers['content-type'] ?? '', request.body, integration, tokens)
  }
  if (request.path === '/oauth') return authorize(query, integration, host, tokens)
  if (!request.path.startsWith(apiPrefix)) return problem(404, 'The requested resource was not found.')

  const [, token = ''] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (!tokens.isValidAccessToken(token)) return problem(401, 'Неверный логин или пароль')
  if (request.method !== 'GET') return problem(405, 'The sandbox is read only.')
  const path = request.path.slice(apiPrefix.length).replace(/\/$/, '')
  return answerApi(path, world, { origin, path: request.path, query }, account)
}
