/** A way to a Spark Thrift server that sees each statement go by and knows how long it took. */
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** How the message begins by which the protocol asks for a statement. */
const asked = Buffer.from('\x80\x01\x00\x01\x00\x00\x00\x10ExecuteStatement', 'latin1')
/** A text as a second field, and its length: in the message first the secret of the session, then the statement. */
const secondText = { mark: Buffer.from([0x0b, 0x00, 0x02]), length: 7 }
const secretLength = 16

/**
 * @typedef {object} Sent
 * @property {string} statement its beginning
 * @property {number} ms until the next one, or until the connection was closed: with what the program did between
 */

/**
 * @param {{ host: string, port: number }} target
 * @returns {Promise<{ port: number, sent: () => readonly Sent[], forget: () => void, stop: () => void }>} `sent`: since the
 *   last `forget`
 */
export async function startStatementProxy(target) {
  /** @type {Sent[]} */
  let sent = []
  const server = createServer(near => {
    const far = connect(target.port, target.host)
    /** @type {{ statement: string, at: number } | undefined} */
    let last
    const note = () => {
      if (last) sent.push({ statement: last.statement, ms: performance.now() - last.at })
      last = undefined
    }
    near.on('data', bytes => {
      const statement = statementIn(bytes)
      if (statement !== undefined) {
        note()
        last = { statement, at: performance.now() }
      }
      far.write(bytes)
    })
    far.on('data', bytes => near.write(bytes))
    const end = () => {
      note()
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) socket.on('error', end).on('close', end)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.')
  return {
    port: address.port,
    sent: () => sent,
    forget: () => {
      sent = []
    },
    stop: () => server.close(),
  }
}

/** @param {Buffer} bytes one write of the client: it writes a message at once, and the system may hand over a part of it */
function statementIn(bytes) {
  const message = bytes.indexOf(asked)
  if (message < 0) return undefined
  const secret = bytes.indexOf(secondText.mark, message + asked.length)
  const text = bytes.indexOf(secondText.mark, secret + secondText.length + secretLength)
  const begin = text + secondText.length
  return secret < 0 || text < 0 ? '' : bytes.toString('utf8', begin, begin + 200)
}
