/** A server on loopback that answers JSON as a test says, and remembers what it was asked. */
import { createServer, type IncomingHttpHeaders } from 'node:http'

export interface SeenRequest {
  /** `POST /api/database/3/sync_schema`, with the query. */
  readonly what: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface JsonAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON; a text as it is. */
  readonly body?: unknown
}

export interface JsonServer {
  readonly url: string
  readonly seen: SeenRequest[]
  /** What was asked since the last look. */
  taken(): readonly string[]
  close(): Promise<void>
}

export async function startJsonServer(answer: (request: SeenRequest) => JsonAnswer): Promise<JsonServer> {
  const seen: SeenRequest[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(Buffer.from(chunk)))
    request.on('end', () => {
      const what = `${request.method} ${request.url}`
      const asked = { what, headers: request.headers, body: Buffer.concat(chunks).toString() }
      seen.push(asked)
      const { status = 200, headers = {}, body } = answer(asked)
      response
        .writeHead(status, headers)
        .end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    taken: () => seen.splice(0).map(({ what }) => what),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
