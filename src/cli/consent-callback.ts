/** Waiting on this machine for the browser that amoCRM sends back after consent. */
import { createServer, type Server, type ServerResponse } from 'node:http'
import { UsageError } from '../errors.js'
import { type Consent, consentIn } from './consent-link.js'

export interface ConsentCallback {
  /** Settles when the browser comes back: with the consent, or with what is wrong about it. */
  readonly consent: Promise<Consent>
  /** Tells the person in the browser how it ended, and stops listening. */
  close(isDone: boolean): Promise<void>
}

/** Whether amoCRM can send the browser to a listener of ours: only http, only this machine. */
export function canListen(redirectUri: string): boolean {
  const { protocol, hostname } = new URL(redirectUri)
  return protocol === 'http:' && hostsOf(hostname).length > 0
}

/**
 * Listens where the integration's redirect URI points.
 * @param state see consentIn
 * @throws UsageError `callback_unavailable` where the port is taken or may not be used
 */
export async function listenForConsent(redirectUri: string, state: string): Promise<ConsentCallback> {
  const { hostname, port, pathname } = new URL(redirectUri)
  let waiting: ServerResponse | undefined
  let settle: { resolve(consent: Consent): void; reject(error: unknown): void } | undefined
  const consent = new Promise<Consent>((resolve, reject) => {
    settle = { resolve, reject }
  })
  // It is awaited once everything is ready; until then it is nobody's unhandled rejection.
  consent.catch(() => {})
  const answer = (path: string, response: ServerResponse): void => {
    const query = waiting ? undefined : queryAt(path, pathname)
    if (query === undefined) {
      endWith(response, 404, pages.nothing)
      return
    }
    try {
      const found = consentIn(query, state)
      if (found) settle?.resolve(found)
      else {
        endWith(response, 400, pages.nothing)
        return
      }
    } catch (error) {
      settle?.reject(error)
    }
    waiting = response
  }
  const servers = await listenAt(hostsOf(hostname), Number(port || 80), answer)
  return {
    consent,
    close: async isDone => {
      if (waiting && !waiting.destroyed) {
        const { promise, resolve } = withResolvers()
        waiting.once('close', resolve)
        endWith(waiting, isDone ? 200 : 400, isDone ? pages.done : pages.failed)
        await promise
      }
      for (const server of servers) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}

/** The query of a request to a path; undefined where the request goes elsewhere, or makes no sense. */
function queryAt(target: string, pathname: string): URLSearchParams | undefined {
  const base = 'http://localhost'
  const url = URL.canParse(target, base) ? new URL(target, base) : undefined
  return url?.pathname === pathname ? url.searchParams : undefined
}

/** `localhost` can be either; a browser tries one after the other. */
function hostsOf(hostname: string): readonly string[] {
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return ['127.0.0.1', '::1']
  if (hostname === '[::1]') return ['::1']
  return /^127(\.\d+){3}$/.test(hostname) ? [hostname] : []
}

async function listenAt(
  hosts: readonly string[],
  port: number,
  answer: (path: string, response: ServerResponse) => void,
): Promise<readonly Server[]> {
  const servers: Server[] = []
  let failure: unknown
  for (const host of hosts) {
    const server = createServer((request, response) => answer(request.url ?? '/', response))
    try {
      await listen(server, host, port)
      servers.push(server)
    } catch (error) {
      failure ??= error
    }
  }
  if (servers.length > 0) return servers
  throw new UsageError(
    'callback_unavailable',
    `Port ${port} of this machine, where redirect_uri points, cannot be listened at.`,
    {
      advice:
        'End the program that uses it, or choose another port from 1024 up, in the integration’s redirect URI and in amocrm.auth.redirect_uri alike; or use --code.',
      cause: failure,
    },
  )
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}

const pages = {
  done: 'Доступ получен. Это окно можно закрыть. — Done. You can close this window.',
  failed: 'Не получилось: подробности в терминале. — It did not work: the terminal says why.',
  nothing: 'Здесь ничего нет. — There is nothing here.',
}

function endWith(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    // The address holds the code.
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  })
  response.end(`<!doctype html><meta charset="utf-8"><title>hubdwh</title><p>${text}</p>\n`)
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let settle: (() => void) | undefined
  const promise = new Promise<void>(resolve => {
    settle = resolve
  })
  return { promise, resolve: () => settle?.() }
}
