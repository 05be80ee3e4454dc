/** Superset's REST API: who we are, the token that it wants on every write, and lists read page by page. */
import { z } from 'zod'
import type { SupersetConfig } from '../config/config.js'
import { AuthorizationError, UnavailableError } from '../errors.js'
import type { PublishEffects } from './publisher.js'
import { type Ask, type ServiceAnswer, type ServiceRequest, serviceAt } from './service.js'

/** What Superset gives at most, whatever is asked for, where nobody has set it to less. */
const pageSize = 100

export interface SupersetSession {
  /** Signs in where that was not done or has run out. Throws as {@link serviceAt} says. */
  readonly ask: Ask
  /**
   * Everything that a list holds.
   * @param question in rison, beside the page: `columns:!(id,extra)`; the order has to be one that stays
   */
  list<T>(path: string, question: string, line: z.ZodType<T>, signal: AbortSignal): Promise<readonly T[]>
}

const loginSchema = z.object({ access_token: z.string().min(1) })
const csrfSchema = z.object({ result: z.string().min(1) })

export function supersetSession(config: SupersetConfig, effects: PublishEffects): SupersetSession {
  const { url, access } = config
  const credential = `publish.superset.${access.kind === 'token' ? 'token' : 'password'}`
  const service = serviceAt({ ...effects, name: 'Superset', url, credential })
  let entry: Promise<Entry> | undefined

  const ask: Ask = async (request, signal) => {
    const isNew = entry === undefined
    entry ??= signIn(access, service, signal)
    try {
      const { keep, headers } = await entry
      if (isNew) effects.keepSecret(keep)
      return await service(
        { ...request, headers: { ...headers, referer: `${url}/`, ...request.headers } },
        signal,
      )
    } catch (error) {
      const isRefused = error instanceof AuthorizationError
      if (isNew || isRefused) entry = undefined
      // Its tokens live for a quarter of an hour, which warming up many charts can take.
      if (isNew || !isRefused || access.kind === 'token') throw error
      return ask(request, signal)
    }
  }

  return {
    ask,
    list: async (path, question, line, signal) => {
      const pageSchema = z.object({ count: z.number(), result: z.array(line) })
      const lines: z.output<typeof line>[] = []
      for (let page = 0; ; page += 1) {
        const q = encodeURIComponent(`(page:${page},page_size:${pageSize},${question})`)
        const { json } = await ask({ method: 'GET', path: `${path}?q=${q}` }, signal)
        const { count, result } = understood(pageSchema, json, path)
        lines.push(...result)
        if (result.length === 0 || lines.length >= count) return lines
      }
    },
  }
}

/** What goes with every request from then on. */
interface Entry {
  readonly headers: Readonly<Record<string, string>>
  readonly keep: readonly string[]
}

async function signIn(access: SupersetConfig['access'], service: Ask, signal: AbortSignal): Promise<Entry> {
  const token = access.kind === 'token' ? access.token : await tokenFor(access, service, signal)
  const authorization = { authorization: `Bearer ${token}` }
  const asked: ServiceRequest = {
    ...{ method: 'GET', path: '/api/v1/security/csrf_token/', headers: authorization },
    accept: [422],
  }
  const answer = await service(asked, signal)
  if (answer.status === 422) throw noTokenOfIts()
  const csrf = understood(csrfSchema, answer.json, asked.path).result
  const cookie = cookiesIn(answer)
  // The token holds only together with the session that it was made for.
  const headers = {
    ...authorization,
    'x-csrftoken': csrf,
    ...(cookie === '' ? {} : { cookie }),
  }
  return { headers, keep: [token, csrf, ...(cookie === '' ? [] : [cookie])] }
}

async function tokenFor(
  { user, password, provider }: Extract<SupersetConfig['access'], { kind: 'login' }>,
  service: Ask,
  signal: AbortSignal,
): Promise<string> {
  const path = '/api/v1/security/login'
  const json = { username: user, password, provider, refresh: false }
  const answer = await service({ method: 'POST', path, json }, signal)
  return understood(loginSchema, answer.json, path).access_token
}

/** The cookies that an answer sets, as they are sent back. Several come in one line. */
function cookiesIn({ headers }: ServiceAnswer): string {
  const set = headers['set-cookie'] ?? ''
  return [...set.matchAll(/(?:^|, )([^\s=;,]+=[^;,]*)/g)].map(([, pair]) => pair).join('; ')
}

/** A text that is no token, or one that another Superset has signed. */
function noTokenOfIts(): AuthorizationError {
  return new AuthorizationError(
    'publish_credential_rejected',
    'Superset does not know the token as one of its own.',
    { advice: 'Get a new one for publish.superset.token, or name user and password instead: hubdwh check.' },
  )
}

/** @throws UnavailableError where something else answers than the Superset that is known */
export function understood<T>(schema: z.ZodType<T>, json: unknown, path: string): T {
  const read = schema.safeParse(json)
  if (read.success) return read.data
  throw new UnavailableError('publish_unavailable', `Superset answered ${path} in a way that is not known.`, {
    advice: 'Check the address under publish.superset.url; if it is right, report the version of Superset.',
  })
}
