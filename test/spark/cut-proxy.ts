/** A way to a server that breaks off in the middle of a statement. */
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

export interface CutProxy {
  readonly port: number
  /** How often it has broken off. */
  cuts(): number
  stop(): void
}

/**
 * Passes on everything, until a text comes by on its way to the server: then the text is passed on, and the connection breaks
 * off at once, so that whoever asked never hears what became of it.
 * @param texts each breaks the connection off once, in this order
 * @param onCut called at each
 */
export async function startCutProxy(
  target: { readonly host: string; readonly port: number },
  texts: readonly string[],
  onCut: () => void = () => {},
): Promise<CutProxy> {
  const waiting = [...texts]
  let cuts = 0
  const server = createServer(near => {
    const far = connect(target.port, target.host)
    const end = () => {
      near.destroy()
      far.destroy()
    }
    near.on('data', bytes => {
      const [next] = waiting
      const isCut = next !== undefined && bytes.includes(next)
      far.write(bytes, () => {
        if (isCut) end()
      })
      if (isCut) {
        waiting.shift()
        cuts += 1
        onCut()
      }
    })
    far.on('data', bytes => near.write(bytes))
    for (const socket of [near, far]) socket.on('error', end).on('close', end)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.')
  return { port: address.port, cuts: () => cuts, stop: () => server.close() }
}
