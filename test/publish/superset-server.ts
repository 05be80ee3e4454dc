/**
 * A server that behaves as Superset 6.1 was seen to, on loopback: what it asks for on a write, what it keeps of answers and
 * what makes them void, and how it refuses.
 */
import { createServer, type IncomingMessage } from 'node:http'
import { z } from 'zod'

export const account = { user: 'hub', password: 'invented-password' }

export interface FakeDataset {
  readonly id: number
  readonly table_name: string
  /** Default `gold`. */
  readonly schema?: string
  readonly sql?: string
  /** Default `marts`. */
  readonly database?: string
  extra?: string
  /** Default the account and somebody else. */
  readonly owners?: readonly number[]
  /** Its table cannot be found. */
  readonly isBroken?: boolean
}

export interface FakeChart {
  readonly id: number
  readonly name: string
  readonly dataset: number
  /** Default the first. */
  readonly dashboards?: readonly number[]
  /** What is wrong with it. */
  readonly error?: string
}

/** How it answers: `page` is a proxy's HTML, `sign in` a redirection to its login page. */
export type Mood = 'fault' | 'page' | 'sign in' | { readonly wait: number }

export interface SupersetServer {
  readonly url: string
  readonly datasets: FakeDataset[]
  readonly charts: FakeChart[]
  /** Moods for the next requests whose method and path fit, one each. */
  readonly moods: { readonly on: RegExp; readonly mood: Mood }[]
  /** Method and path of each request, without the question. */
  readonly requests: string[]
  /** So many lines it gives at most, whatever is asked for. */
  pageLimit: number
  /** Whether the user may warm charts up. */
  mayWarmUp: boolean
  /** What the warehouse holds: every chart shows it, unless Superset has kept an answer. */
  number: number
  /** Opens a chart as a person does. */
  look(chart: number, filter?: string): { readonly shows: number; readonly isKept: boolean }
  /** A token as the login hands it out. */
  token(): string
  /** Lets every token that was handed out run out. */
  expire(): void
  /** Lets them run out when a request comes whose method and path fit. */
  expireOn(request: RegExp): void
  close(): Promise<void>
}

interface Reply {
  readonly status: number
  readonly headers: Record<string, string | string[]>
  readonly body: string
}

const me = 1
const somebody = 7

export async function startSuperset(): Promise<SupersetServer> {
  const kept = new Map<string, number>()
  const editedAt = new Map<number, number>()
  const tokens = new Map<string, 'good' | 'expired'>()
  const csrfOf = new Map<string, string>()
  let edits = 0
  let expiresOn: RegExp | undefined

  const issue = (): string => {
    const token = `header.token-${tokens.size + 1}.signature`
    tokens.set(token, 'good')
    return token
  }
  const look = (chart: number, filter = '') => {
    const dataset = state.charts.find(({ id }) => id === chart)?.dataset ?? 0
    const key = `${chart} ${filter} ${editedAt.get(dataset) ?? 0}`
    const known = kept.get(key)
    if (known !== undefined) return { shows: known, isKept: true }
    kept.set(key, state.number)
    return { shows: state.number, isKept: false }
  }
  const expire = (): void => {
    for (const token of tokens.keys()) tokens.set(token, 'expired')
  }
  const warm = ({ id, dataset, error }: FakeChart) => {
    if (error === undefined) kept.set(`${id}  ${editedAt.get(dataset) ?? 0}`, state.number)
    return { chart_id: id, viz_error: error ?? null, viz_status: error === undefined ? 'success' : null }
  }

  const answer = (request: IncomingMessage, body: string): Reply => {
    const url = new URL(request.url ?? '/', 'http://superset')
    const line = `${request.method} ${url.pathname}`
    state.requests.push(line)
    const send = (status: number, value: object, headers = {}): Reply => ({
      ...{ status, body: JSON.stringify(value) },
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    })
    const errors = (message: string) => ({ errors: [{ message, error_type: 'GENERIC_BACKEND_ERROR' }] })
    const signIn = (): Reply => ({ status: 302, headers: { location: '/login/' }, body: '' })

    const moody = state.moods.findIndex(({ on }) => on.test(line))
    const [found] = moody < 0 ? [] : state.moods.splice(moody, 1)
    if (found?.mood === 'fault') return send(500, { message: 'Fatal error' })
    if (found?.mood === 'sign in') return signIn()
    if (found?.mood === 'page') {
      return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Maintenance</html>' }
    }
    if (found) return send(503, {}, { 'retry-after': String(found.mood.wait) })

    if (line === 'POST /api/v1/security/login') {
      const { username, password, provider } = loginSchema.parse(JSON.parse(body))
      if (username !== account.user || password !== account.password || provider !== 'db') {
        return send(401, { message: 'Not authorized' })
      }
      return send(200, { access_token: issue() })
    }
    const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
    if (token === undefined) return send(401, { msg: 'Missing Authorization Header' })
    if (!tokens.has(token)) return send(422, { msg: 'Signature verification failed' })
    if (expiresOn?.test(line)) {
      expiresOn = undefined
      expire()
    }
    if (tokens.get(token) === 'expired') return send(401, { msg: 'Token has expired' })
    if (line === 'GET /api/v1/security/csrf_token/') {
      const session = `session=s${csrfOf.size + 1}`
      const csrf = `csrf-${csrfOf.size + 1}`
      csrfOf.set(session, csrf)
      const set = [
        `${session}; HttpOnly; Path=/; SameSite=Lax`,
        'node=a; Expires=Wed, 21 Oct 2026 07:28:00 GMT',
      ]
      return send(200, { result: csrf }, { 'set-cookie': set })
    }
    if (request.method !== 'GET') {
      // Something that is not JSON is taken for a form of the pages, which leads to their login.
      const refuse = (why: string) =>
        request.headers['content-type']?.startsWith('application/json') ? send(400, errors(why)) : signIn()
      const sent = request.headers['x-csrftoken']
      if (sent === undefined) return refuse('400 Bad Request: The CSRF token is missing.')
      const cookies = (request.headers.cookie ?? '').split('; ')
      if (!cookies.includes('node=a') || !cookies.some(cookie => csrfOf.get(cookie) === sent)) {
        return refuse('400 Bad Request: The CSRF session token is missing.')
      }
      // Asked of every write over https.
      if (!request.headers.referer?.startsWith(state.url)) {
        return refuse('400 Bad Request: The referrer header is missing.')
      }
    }

    const [, kind, id] = /^\/api\/v1\/(dataset|chart)\/(\d*)/.exec(url.pathname) ?? []
    const question = url.searchParams.get('q') ?? ''
    const numberIn = (pattern: RegExp) => Number(pattern.exec(question)?.[1] ?? 0)
    if (request.method === 'GET') {
      const size = Math.min(numberIn(/page_size:(\d+)/), state.pageLimit)
      const first = numberIn(/[(,]page:(\d+)/) * size
      const of = numberIn(/datasource_id,opr:eq,value:(\d+)/)
      const lines =
        kind === 'dataset'
          ? state.datasets.map(datasetLine)
          : state.charts.filter(each => each.dataset === of).map(chartLine)
      return send(200, { count: lines.length, result: lines.slice(first, first + size) })
    }
    if (line === 'PUT /api/v1/chart/warm_up_cache') {
      if (!state.mayWarmUp) return send(403, { message: 'Forbidden' })
      const chart = state.charts.find(each => each.id === warmUpSchema.parse(JSON.parse(body)).chart_id)
      return chart ? send(200, { result: [warm(chart)] }) : send(404, { message: 'Chart not found' })
    }
    const dataset = state.datasets.find(each => each.id === Number(id))
    if (kind !== 'dataset' || !dataset) return send(404, { message: 'Not found' })
    if (!(dataset.owners ?? [me]).includes(me)) return send(403, { message: 'Forbidden' })
    if (url.pathname.endsWith('/refresh')) {
      if (dataset.isBroken) return send(422, { message: 'Dataset could not be updated.' })
      return send(200, { message: 'OK' })
    }
    const { extra, owners } = editSchema.parse(JSON.parse(body))
    if (
      owners.join() !==
      datasetLine(dataset)
        .owners.map(owner => owner.id)
        .join()
    ) {
      return send(422, { message: { owners: ['Owners are invalid'] } })
    }
    // An edit that changes nothing is none.
    if (dataset.extra !== extra) editedAt.set(dataset.id, ++edits)
    dataset.extra = extra
    return send(200, { id: dataset.id, result: { extra } })
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(Buffer.from(chunk)))
    request.on('end', () => {
      const { status, headers, body } = answer(request, Buffer.concat(chunks).toString())
      response.writeHead(status, headers).end(body)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const state: SupersetServer = {
    url: `http://127.0.0.1:${port}`,
    datasets: [],
    charts: [],
    moods: [],
    requests: [],
    pageLimit: 100,
    mayWarmUp: true,
    number: 0,
    look,
    token: issue,
    expire,
    expireOn: request => {
      expiresOn = request
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return state
}

const loginSchema = z.object({ username: z.string(), password: z.string(), provider: z.enum(['db', 'ldap']) })
const editSchema = z.strictObject({ extra: z.string(), owners: z.array(z.number()) })
const warmUpSchema = z.strictObject({ chart_id: z.number() })

function datasetLine(dataset: FakeDataset) {
  const { id, table_name, schema = 'gold', sql = null, database = 'marts', extra = null } = dataset
  const owners = (dataset.owners ?? [me, somebody]).map(owner => ({ id: owner }))
  return { id, table_name, schema, sql, extra, owners, database: { database_name: database } }
}

function chartLine({ id, name, dashboards = [1] }: FakeChart) {
  return { id, slice_name: name, dashboards: dashboards.map(dashboard => ({ id: dashboard })) }
}
