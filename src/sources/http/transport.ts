/** One request, one whole answer, over undici. What to do about a failure is decided in http-client.ts. */
import { createRequire } from 'node:module'
import { pipeline, type Readable, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Agent, Dispatcher, request } from 'undici'
import { type AnswerBody, receiveBody } from '../../answer-body.js'
import { isPermanentCode } from './retry.js'

export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** For the whole answer, from connecting to the last byte. Milliseconds. */
  readonly timeoutMs: number
  /** A body of more bytes is packed while it arrives; absent: it is held, however large. */
  readonly packAbove?: number
  readonly signal?: AbortSignal
}

export interface TransportAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Decoded: what the server meant, not how it was compressed. */
  readonly body: AnswerBody
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
  let opened: Undici | undefined
  const send: Transport = wanted =>
    withDeadline(wanted, async signal => {
      opened ??= openUndici(options)
      return sendOnce(wanted, opened, signal)
    })
  return Object.assign(send, {
    close: async () => {
      await Promise.all([opened?.direct.close(), opened?.proxied.close()])
    },
  })
}

interface Undici {
  readonly request: typeof request
  readonly direct: Dispatcher
  readonly proxied: Dispatcher
}

const requireHere = createRequire(import.meta.url)

/**
 * Loaded with the first request: many commands send none. Required and not imported: Node first reads through all of a CommonJS
 * module that it imports.
 */
function openUndici(options: Agent.Options): Undici {
  const { Agent, EnvHttpProxyAgent, request }: typeof import('undici') = requireHere('undici')
  return { request, direct: new Agent(options), proxied: new EnvHttpProxyAgent(options) }
}

/** A transport for the work, whose connections are closed after it. */
export async function withTransport<T>(work: (transport: Transport) => Promise<T>): Promise<T> {
  const transport = createTransport()
  try {
    return await work(transport)
  } finally {
    await transport.close()
  }
}

async function sendOnce(
  wanted: TransportRequest,
  { request, direct, proxied }: Undici,
  signal: AbortSignal,
): Promise<TransportAnswer> {
  const answer = await request(wanted.url, {
    dispatcher: isLoopback(wanted.url) ? direct : proxied,
    signal,
    method: wanted.method,
    headers: { 'accept-encoding': 'gzip', ...wanted.headers },
    ...(wanted.body === undefined ? {} : { body: wanted.body }),
  })
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  const bytes = limited(decoded(answer.body, headers['content-encoding']))
  const body = await receiveBody(bytes, wanted.packAbove ?? Number.POSITIVE_INFINITY)
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

const decoders = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
])

/** What the server meant, not how it was compressed. */
async function* decoded(
  raw: Readable,
  encoding: string | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  const name = encoding?.trim().toLowerCase() ?? 'identity'
  if (name === 'identity' || name === '') {
    yield* raw
    return
  }
  const create = decoders.get(name)
  if (!create) {
    // Unless there is nothing to decode.
    for await (const _ of raw) {
      throw new TransportError(`unknown content encoding ${name}`, { isPermanent: true })
    }
    return
  }
  const decoder = create()
  let size = 0
  let lost: unknown
  async function* received(): AsyncGenerator<Buffer, void, undefined> {
    try {
      for await (const chunk of raw) {
        size += chunk.length
        yield chunk
      }
    } catch (error) {
      lost = error
      throw error
    }
  }
  // What goes wrong on either side comes out of the decoder.
  pipeline(received, decoder, () => {})
  try {
    yield* decoder
  } catch (error) {
    if (error === lost) throw error
    // No body at all is compressed as nothing.
    if (size === 0) return
    throw new TransportError(`the ${name} body is broken or cut off`, { isPermanent: false, cause: error })
  }
}

async function* limited(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > maxBodyBytes) {
      throw new TransportError(`the answer is larger than ${maxBodyBytes} bytes`, { isPermanent: true })
    }
    yield chunk
  }
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
