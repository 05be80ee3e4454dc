/** Stands before a REST catalog on loopback: hides what it offers, and lets a test do something at each request. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Hub } from '../hub.js'

export interface CatalogRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
}

export interface Refusal {
  readonly status: number
  readonly message: string
}

export interface CatalogHooks {
  /** Before the catalog hears of it: it is held back meanwhile, or refused, or `cut` without an answer. */
  before: (request: CatalogRequest) => Promise<Refusal | 'cut' | undefined> | Refusal | 'cut' | undefined
  /** When the catalog has done it, and who asked does not know yet. */
  done: (request: CatalogRequest) => Promise<void> | void
}

export interface CatalogProxy {
  readonly uri: string
  /** What was asked so far, as `GET /v1/config`. */
  readonly requests: readonly string[]
  readonly hooks: CatalogHooks
  close(): Promise<void>
}

const severalTables = 'transactions/commit'

/** Whether it changes what tables hold. */
export function isCommit({ method, path }: CatalogRequest): boolean {
  return method === 'POST' && (path.endsWith(severalTables) || /\/tables\/[^/]+$/.test(path))
}

/** Whether it changes what this table holds, and no other's. */
export function isCommitOf(table: string): (request: CatalogRequest) => boolean {
  return ({ method, path }) => method === 'POST' && path.endsWith(pathOf(table))
}

const pathOf = (table: string) => `/namespaces/${table.replace('.', '/tables/')}`

/**
 * Puts a proxy between a hub's configuration and its catalog. What the test itself asks goes past it.
 * @param commitsTogether false for a catalog that commits each table by itself
 */
export async function behindProxy(hub: Hub, { commitsTogether = true } = {}): Promise<CatalogProxy> {
  let catalog = ''
  await hub.configure(text => {
    catalog = catalogOf(text)
    return text
  })
  const hooks: CatalogHooks = { before: () => undefined, done: () => {} }
  const requests: string[] = []
  const server = createServer((asked, response) => {
    pass(asked, response).catch(() => response.destroy())
  })

  async function pass(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '/', method = 'GET' } = asked
    const request = { method, path: new URL(url, catalog).pathname }
    requests.push(`${method} ${request.path}`)
    const body = await bodyOf(asked)
    const refusal = commitsTogether ? undefined : unsupported(request)
    const met = refusal ?? (await hooks.before(request))
    if (met === 'cut') return void response.destroy()
    if (met) return reply(response, met.status, errorText(met))
    const answer = await fetch(`${catalog}${url}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body.length === 0 ? {} : { body }),
    })
    const text = await answer.text()
    await hooks.done(request)
    const isConfig = request.path.endsWith('/v1/config')
    reply(response, answer.status, isConfig && !commitsTogether ? withoutSeveralTables(text) : text)
  }

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await hub.configure(text => text.replace(catalog, uri))
  return {
    uri,
    requests,
    hooks,
    close: async () => {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** The catalog's address in the text of a configuration. */
export function catalogOf(config: string): string {
  const uri = /^ +uri: (\S+)$/m.exec(config)?.[1]
  if (uri === undefined) throw new Error('The configuration names no catalog.')
  return uri
}

async function bodyOf(asked: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of asked) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

function unsupported({ path }: CatalogRequest): Refusal | undefined {
  return path.endsWith(severalTables) ? { status: 404, message: 'No route for the request' } : undefined
}

function withoutSeveralTables(config: string): string {
  const told: { readonly endpoints?: readonly string[] } = JSON.parse(config)
  const endpoints = told.endpoints?.filter(endpoint => !endpoint.endsWith(severalTables))
  return JSON.stringify({ ...told, endpoints })
}

function errorText({ status, message }: Refusal): string {
  return JSON.stringify({ error: { message, type: 'Refused', code: status } })
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(text)
}
