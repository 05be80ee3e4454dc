/** A way to a server on which what is asked can be looked at, changed, and broken off after. */
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

export interface ServerProxy {
  readonly port: number
  stop(): void
}

/** What becomes of bytes on their way to the server. */
export interface Passed {
  readonly bytes: Buffer
  /** Whether the connection breaks off when they are there. */
  readonly isLast?: boolean
}

export async function startProxy(
  target: { readonly host: string; readonly port: number },
  pass: (bytes: Buffer) => Passed,
): Promise<ServerProxy> {
  const server = createServer(near => {
    const far = connect(target.port, target.host)
    const end = () => {
      near.destroy()
      far.destroy()
    }
    near.on('data', asked => {
      const { bytes, isLast = false } = pass(asked)
      far.write(bytes, () => {
        if (isLast) end()
      })
    })
    far.on('data', bytes => near.write(bytes))
    for (const socket of [near, far]) socket.on('error', end).on('close', end)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.')
  return { port: address.port, stop: () => server.close() }
}
