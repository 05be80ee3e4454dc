/** The HTTP under the sandbox: reads requests, sends answers, and breaks connections where it is told to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { messageOf, UsageError } from '../errors.js'
import type { Answer } from './answer.js'

export interface Received {
  readonly method: string
  readonly path: string
  /** What follows the `?`, as sent. */
  readonly search: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** What to do with a request. `n` becomes `X-Request-Id`. */
export type Reaction =
  | { readonly kind: 'whole' | 'half'; readonly answer: Answer; readonly n: number }
  | { readonly kind: 'reset' }

const longestBody = 1_000_000

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length <= longestBody) chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function receive(request: IncomingMessage): Promise<Received> {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    search: mark < 0 ? '' : url.slice(mark + 1),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
    ),
    body: await readBody(request),
  }
}

function firstPiece(body: Answer['body']): string {
  if (typeof body === 'string') return body
  for (const piece of body) return piece
  return ''
}

async function send(response: ServerResponse, reaction: Reaction): Promise<void> {
  if (reaction.kind === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  const { answer, kind, n } = reaction
  const headers = { ...answer.headers, 'x-request-id': `sandbox-${n}` }
  if (kind === 'half') {
    // The length of the whole is promised, so that the client can see that something is missing.
    const bytes = Buffer.from(firstPiece(answer.body))
    response.writeHead(answer.status, { ...headers, 'content-length': Math.max(2, bytes.length) })
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.resetAndDestroy())
    return
  }
  if (typeof answer.body === 'string') {
    const bytes = Buffer.from(answer.body)
    const length = answer.status === 204 ? {} : { 'content-length': bytes.length }
    response.writeHead(answer.status, { ...headers, ...length })
    response.end(bytes)
    return
  }
  response.writeHead(answer.status, headers)
  await pipeline(Readable.from(answer.body), response)
}

export interface Listening {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string
  close(): Promise<void>
}

/**
 * Listens until it is closed. What `react` throws is answered with 500, so that a mistake in a test's
 * `beforeRequest` is seen there. Throws `UsageError` where the port cannot be had.
 */
export async function serve(
  port: number,
  host: string,
  react: (request: Received) => Promise<Reaction>,
): Promise<Listening> {
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      await send(response, await react(await receive(request)))
    } catch (error) {
      // A client that went away is no mistake of anybody's.
      if (response.headersSent || response.destroyed) response.destroy()
      else response.writeHead(500, { 'content-type': 'text/plain' }).end(`Sandbox: ${messageOf(error)}`)
    }
  }
  const server = createServer((request, response) => void handle(request, response))
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  }).catch((error: unknown) => {
    throw new UsageError(
      'sandbox_port',
      `The sandbox cannot listen on ${host}:${port}: ${messageOf(error)}`,
      {
        advice: 'Choose another --port, or 0 for any that is free.',
        cause: error,
      },
    )
  })
  const address = server.address()
  const actualPort = typeof address === 'object' && address ? address.port : port
  return {
    origin: `http://${host}:${actualPort}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
