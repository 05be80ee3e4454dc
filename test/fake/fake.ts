/** Both APIs on loopback, from the reference alone, with faults and with a hook at every request. */
import { createServer, type ServerResponse } from 'node:http'
import { isJsonObject, type JsonObject } from '../../src/json.js'
import { type Account, createAccount } from './account.js'
import { alaqanApi, type Gate } from './alaqan.js'
import { amocrmApi, documentedHabits, type Habits } from './amocrm.js'
import { type Answer, type Fault, nothing, problem, type Request, webPage } from './exchange.js'
import { createTokens, type Tokens } from './tokens.js'

/** What a test does meanwhile. Each can be replaced at any time. */
export interface Hooks {
  /** Before the request is looked at. */
  before: (request: Request) => void | Promise<void>
  /** When the request has had its effect and the answer is not yet sent. */
  decided: (request: Request, answer: Answer) => void | Promise<void>
  /** What goes wrong with the answer. */
  fault: (request: Request) => Fault | undefined
}

export interface Fake {
  readonly origin: string
  readonly account: Account
  readonly gate: Gate
  readonly habits: Habits
  readonly tokens: Tokens
  readonly hooks: Hooks
  /** Path and query of each request so far. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

export interface FakeOptions {
  /** Unix milliseconds. */
  readonly now: () => number
  /** Told at every request, for a clock that stands: an answer takes time. */
  readonly answering?: () => void
  readonly habits?: Partial<Habits>
  readonly doesRestoringTouch?: boolean
}

export async function startFake({
  now,
  habits: changes,
  answering = () => {},
  doesRestoringTouch = true,
}: FakeOptions): Promise<Fake> {
  const seconds = () => Math.floor(now() / 1000)
  const account = createAccount({ now: seconds, doesRestoringTouch })
  const gate: Gate = new Map()
  const habits: Habits = { ...documentedHabits, ...changes }
  const tokens = createTokens(seconds)
  const hooks: Hooks = { before: () => {}, decided: () => {}, fault: () => undefined }
  const requests: string[] = []
  const [amocrm, alaqan] = [amocrmApi(account, habits), alaqanApi(gate)]

  const answerTo = (request: Request): Answer => {
    const { url, method, headers } = request
    if (url.pathname.startsWith('/api/astanahub/')) return alaqan(request)
    if (url.pathname === '/oauth2/access_token' && method === 'POST') return tokens.exchange(request)
    if (!url.pathname.startsWith('/api/v4/')) return problem(404, 'Not found')
    return tokens.isGood(headers.authorization) ? amocrm(request) : problem(401, 'Unauthorized')
  }

  const server = createServer(async (incoming, outgoing) => {
    let text = ''
    for await (const chunk of incoming) text += String(chunk)
    const { method = 'GET', url = '/', headers } = incoming
    requests.push(url)
    const number = requests.length
    const request = { number, method, url: new URL(url, originOf(server)), headers, body: parsed(text) }
    answering()
    await hooks.before(request)
    const fault = hooks.fault(request)
    const answer = isRefused(fault) ? nothing : answerTo(request)
    await hooks.decided(request, answer)
    outgoing.setHeader('date', new Date(now()).toUTCString())
    outgoing.setHeader('x-request-id', `request-${number}`)
    send(outgoing, answer, fault)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: originOf(server),
    account,
    gate,
    habits,
    tokens,
    hooks,
    requests,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const refusals: readonly Fault[] = ['too many requests', 'blocked', 'server error', 'lost on the way']

/** Whether it never comes to what was asked for: a new pair of tokens, say. */
function isRefused(fault: Fault | undefined): boolean {
  return fault !== undefined && refusals.includes(fault)
}

function originOf(server: ReturnType<typeof createServer>): string {
  const address = server.address()
  return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : 'http://127.0.0.1'
}

function parsed(text: string): JsonObject {
  const value: unknown = text === '' ? {} : JSON.parse(text)
  return isJsonObject(value) ? value : {}
}

function send(outgoing: ServerResponse, answer: Answer, fault: Fault | undefined): void {
  const { status, type, body } = answer
  const half = body.slice(0, Math.floor(body.length / 2))
  switch (fault) {
    case undefined:
      whole(outgoing, answer)
      return
    case 'too many requests':
      whole(outgoing, webPage(429))
      return
    case 'blocked':
      whole(outgoing, webPage(403))
      return
    case 'server error':
      whole(outgoing, webPage(504))
      return
    case 'page instead of JSON':
      whole(outgoing, webPage(200))
      return
    case 'cut off':
      whole(outgoing, { status: 200, type, body: half })
      return
    case 'lost on the way':
    case 'reset before headers':
      outgoing.destroy()
      return
    case 'reset after headers':
      outgoing.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) + 1 })
      // Written first, so that the headers are on their way when the connection breaks.
      outgoing.write(half === '' ? ' ' : half, () => outgoing.destroy())
  }
}

function whole(outgoing: ServerResponse, { status, type, body }: Answer): void {
  outgoing.writeHead(status, type === '' ? {} : { 'content-type': type })
  outgoing.end(body)
}
