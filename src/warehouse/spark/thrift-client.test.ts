import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, it } from 'vitest'
import { openThrift } from './thrift-client.js'
import { ThriftUnsafeError } from './thrift-errors.js'

it('a connection that cannot be made safe is no answer of the server', async () => {
  const server = createServer(socket => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const address = { host: '127.0.0.1', port, user: { name: 'hub', password: '' }, isTls: true }
  try {
    const opening = openThrift(address, { settings: {}, catalog: 'iceberg' })
    await expect(opening).rejects.toBeInstanceOf(ThriftUnsafeError)
  } finally {
    server.close()
  }
})
