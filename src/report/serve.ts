/** The report on this machine's loopback, made anew for every reload. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { messageOf, UsageError } from '../errors.js'

const host = '127.0.0.1'

export interface ReportPages {
  /** The page as it is now. */
  readonly page: () => Promise<string>
  /** What a person in the browser reads where the page could not be made. */
  readonly failure: (error: unknown) => string
}

export interface ReportServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  close(): Promise<void>
}

/**
 * Serves the report until it is closed.
 * @param port 0: any that is free
 * @throws UsageError `report_port` where the port cannot be had
 */
export async function serveReportOn(port: number, pages: ReportPages): Promise<ReportServer> {
  const oneByOne = { ...pages, page: inTurn(pages.page) }
  const server = createServer((request, response) => void answer(request, response, oneByOne))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  }).catch((cause: unknown) => {
    throw new UsageError(
      'report_port',
      `The report cannot be shown on ${host}:${port}: ${messageOf(cause)}.`,
      {
        advice: 'Choose another port after --serve, or 0 for any that is free.',
        cause,
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

/** Tabs that are reloaded together wait for each other rather than for the warehouse. */
function inTurn<T>(work: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return () => {
    const next = last.then(work)
    last = next.catch(() => {})
    return next
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, pages: ReportPages): Promise<void> {
  // A page of elsewhere can bring a browser here under a name of its own: it must not read the answer.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(request.headers.host ?? '')) {
    return end(response, 403, 'text/plain', 'The report is shown to this machine alone.\n')
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return end(response, 405, 'text/plain', 'The report can only be read.\n')
  }
  const [path] = (request.url ?? '/').split('?')
  if (path !== '/') return end(response, 404, 'text/plain', 'There is nothing here. The report is at /.\n')
  try {
    end(response, 200, 'text/html', await pages.page())
  } catch (error) {
    end(response, 503, 'text/plain', `${pages.failure(error)}\n`)
  }
}

function end(response: ServerResponse, status: number, type: string, body: string): void {
  if (response.destroyed) return
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}
