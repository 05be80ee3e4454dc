/** One request, one whole answer, over undici. What to do about a failure is decided in http-client.ts. */
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici'
import { isPermanentCode } from './retry.js'

export interface TransportRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** For the whole answer, from connecting to the last byte. Milliseconds. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export interface TransportAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Decoded: what the server meant, not how it was compressed. */
  readonly body: Buffer
}

/** @throws TransportError, or the signal's reason when it is aborted */
export type Transport = (request: TransportRequest) => Promise<TransportAnswer>

/** No whole answer came. */
export class TransportError extends Error {
  /** Another try cannot change it. */
  readonly isPermanent: boolean
  /** The whole answer took too long. */
  readonly isTimeout: boolean

  constructor(
    message: string,
    options: { readonly isPermanent: boolean; readonly isTimeout?: boolean; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause })
    this.name = 'TransportError'
    this.isPermanent = options.isPermanent
    this.isTimeout = options.isTimeout ?? false
  }
}

const connectTimeoutMs = 10_000
/** No page comes near this; a server that sends without end must not fill the memory. */
const maxBodyBytes = 512 * 1024 * 1024

/** The real transport. Proxies come from `HTTPS_PROXY` and `NO_PROXY`, except for loopback. */
export function createTransport(): Transport & { close(): Promise<void> } {
  const options: Agent.Options = {
    connect: { timeout: connectTimeoutMs },
    // One deadline stands over the whole answer, below.
    headersTimeout: 0,
    bodyTimeout: 0,
  }
  const direct = new Agent(options)
  const proxied = new EnvHttpProxyAgent(options)
  const send: Transport = wanted =>
    withDeadline(wanted, signal => sendOnce(wanted, isLoopback(wanted.url) ? direct : proxied, signal))
  return Object.assign(send, {
    close: async () => {
      await Promise.all([direct.close(), proxied.close()])
    },
  })
}

async function sendOnce(
  wanted: TransportRequest,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<TransportAnswer> {
  const answer = await request(wanted.url, {
    dispatcher,
    signal,
    method: wanted.method,
    headers: { 'accept-encoding': 'gzip', ...wanted.headers },
    ...(wanted.body === undefined ? {} : { body: wanted.body }),
  })
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer.body) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk)
    size += bytes.length
    if (size > maxBodyBytes) throw tooLarge()
    chunks.push(bytes)
  }
  const body = await decoded(Buffer.concat(chunks, size), headers['content-encoding'])
  return { status: answer.statusCode, headers, body }
}

async function withDeadline<T>(
  wanted: TransportRequest,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, timeoutMs } = wanted
  signal?.throwIfAborted()
  const controller = new AbortController()
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    controller.abort()
  }, timeoutMs)
  const onAbort = (): void => controller.abort()
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    return await work(controller.signal)
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (isLate) {
      const message = `no whole answer within ${timeoutMs / 1000} s`
      throw new TransportError(message, { isPermanent: false, isTimeout: true })
    }
    if (error instanceof TransportError) throw error
    const code = codeOf(error)
    throw new TransportError(code ?? 'the connection failed', {
      isPermanent: isPermanentCode(code),
      cause: error,
    })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

const limit = { maxOutputLength: maxBodyBytes }
const decoders = new Map<string, (bytes: Buffer) => Promise<Buffer>>([
  ['gzip', bytes => promisify<Buffer, typeof limit, Buffer>(gunzip)(bytes, limit)],
  ['x-gzip', bytes => promisify<Buffer, typeof limit, Buffer>(gunzip)(bytes, limit)],
  ['deflate', bytes => promisify<Buffer, typeof limit, Buffer>(inflate)(bytes, limit)],
  ['br', bytes => promisify<Buffer, typeof limit, Buffer>(brotliDecompress)(bytes, limit)],
])

async function decoded(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() ?? 'identity'
  if (name === 'identity' || name === '' || bytes.length === 0) return bytes
  const decode = decoders.get(name)
  if (!decode) throw new TransportError(`unknown content encoding ${name}`, { isPermanent: true })
  try {
    return await decode(bytes)
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
    throw new TransportError(`the ${name} body is broken or cut off`, { isPermanent: false, cause: error })
  }
}

function tooLarge(): TransportError {
  return new TransportError(`the answer is larger than ${maxBodyBytes} bytes`, { isPermanent: true })
}

/** The first code along the chain of causes: undici and Node wrap each other's errors. */
function codeOf(error: unknown): string | undefined {
  for (let link = error; link instanceof Error; link = link.cause) {
    if ('code' in link && typeof link.code === 'string') return link.code
  }
  return undefined
}

export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\./.test(url.hostname)
}
