import { createServer, type RequestListener, type Server } from 'node:http'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { createTransport, type TransportAnswer, type TransportRequest } from './transport.js'

const transport = createTransport()
let server: Server | undefined
afterEach(async () => {
  server?.closeAllConnections()
  await new Promise(resolve => (server ? server.close(resolve) : resolve(undefined)))
  server = undefined
})

async function ask(
  listener: RequestListener,
  more: Partial<TransportRequest> = {},
): Promise<TransportAnswer> {
  const listening = createServer(listener)
  server = listening
  await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve))
  const address = listening.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return transport({
    method: 'GET',
    url: new URL(`http://127.0.0.1:${port}/x`),
    headers: {},
    timeoutMs: 30_000,
    ...more,
  })
}

test('a compressed answer is decoded', async () => {
  const answer = await ask((request, response) => {
    response.setHeader('content-encoding', 'gzip').end(gzipSync(request.headers['accept-encoding'] ?? ''))
  })
  expect(answer.body.toString()).toBe('gzip')
})

test.each(['gzip', 'br', 'deflate'])('an empty body is empty, whatever its encoding: %s', async encoding => {
  const answer = await ask((_, response) => response.setHeader('content-encoding', encoding).end())
  expect(answer.body).toEqual(Buffer.alloc(0))
})

test('an encoding that nobody asked for is a permanent failure', async () => {
  const odd = ask((_, response) => response.setHeader('content-encoding', 'zstd').end('x'))
  await expect(odd).rejects.toMatchObject({ isPermanent: true, message: 'unknown content encoding zstd' })
})

test.each(['gzip', 'identity'])('a body larger than wanted is packed: %s', async encoding => {
  const text = Buffer.from('Әлия '.repeat(1_000))
  const bytes = encoding === 'gzip' ? gzipSync(text) : text
  const answer = await ask((_, response) => response.setHeader('content-encoding', encoding).end(bytes), {
    packAbove: text.length - 1,
  })
  if (Buffer.isBuffer(answer.body)) throw new Error('held')
  expect(gunzipSync(Buffer.concat(answer.body.member)).equals(text)).toBe(true)
})

test('a body and its headers arrive', async () => {
  const answer = await ask(
    async (request, response) => {
      let text = ''
      for await (const chunk of request) text += chunk
      response.statusCode = 201
      response.setHeader('X-Request-Id', 'r1').end(`${request.method} ${text}`)
    },
    { method: 'POST', body: '{"a":1}' },
  )
  expect(answer).toMatchObject({
    status: 201,
    headers: { 'x-request-id': 'r1' },
    body: Buffer.from('POST {"a":1}'),
  })
})

test.each<[string, RequestListener]>([
  ['a connection reset before the headers', (_, response) => response.destroy()],
  [
    'a connection reset within the body',
    (_, response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('{"da')
      setImmediate(() => response.destroy())
    },
  ],
  [
    'a connection reset within a gzip body',
    (_, response) => {
      response.writeHead(200, { 'content-length': 100, 'content-encoding': 'gzip' })
      response.write(gzipSync('x'.repeat(1000)).subarray(0, 20))
      setImmediate(() => response.destroy())
    },
  ],
  [
    'a gzip body that is no gzip',
    (_, response) => response.setHeader('content-encoding', 'gzip').end('{"data":[]}'),
  ],
  [
    'a gzip body that is cut off',
    (_, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(1000)).subarray(0, 20)),
  ],
])('%s can be tried again', async (_, listener) => {
  await expect(ask(listener)).rejects.toMatchObject({ name: 'TransportError', isPermanent: false })
})

test('an answer that does not end in time is abandoned', async () => {
  const slow: RequestListener = (_, response) => void response.writeHead(200).write('{"da')
  await expect(ask(slow, { timeoutMs: 50 })).rejects.toThrow('no whole answer within 0.05 s')
})

test('an aborted request ends with the reason', async () => {
  const controller = new AbortController()
  const stopping: RequestListener = () => controller.abort(new Error('stopped'))
  await expect(ask(stopping, { signal: controller.signal })).rejects.toThrow('stopped')
})

test('nobody listening can be tried again', async () => {
  await ask((_, response) => response.end())
  const url = new URL('http://127.0.0.1:1/')
  await expect(transport({ method: 'GET', url, headers: {}, timeoutMs: 1_000 })).rejects.toMatchObject({
    isPermanent: false,
    message: 'ECONNREFUSED',
  })
})

test('redirections are answers, not followed', async () => {
  const answer = await ask((_, response) =>
    response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  )
  expect(answer).toMatchObject({ status: 302, headers: { location: 'http://127.0.0.1:1/' } })
})
