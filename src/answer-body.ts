/**
 * The body of an HTTP answer. A usual one is held as it is; one far larger than usual is packed while it arrives, into
 * the gzip member as which the archive keeps it, and is read through that as often as needed. JSON shrinks to a tenth,
 * nothing has to be cleaned up, and no personal data lies in a temporary file.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { pipeline, Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { constants, createGunzip, createGzip } from 'node:zlib'

export type AnswerBody = Buffer | PackedBody

export interface PackedBody {
  /** One gzip member, in pieces. */
  readonly member: readonly Buffer[]
  /** Of the body as it came, lower-case hex. */
  readonly sha256: string
  /** The first bytes of the body: enough to see what kind of thing it is. */
  readonly beginning: Buffer
}

/** So much of a body is looked at in one go, in bytes. */
const chunkBytes = 1 << 18
const beginningBytes = 100

/**
 * Takes in a body as it arrives.
 * @param packAbove a body of more bytes is packed instead of held
 * @throws whatever the chunks throw
 */
export async function receiveBody(chunks: AsyncIterable<Buffer>, packAbove: number): Promise<AnswerBody> {
  let held: Buffer[] = []
  let size = 0
  let packer: Packer | undefined
  try {
    for await (const chunk of chunks) {
      size += chunk.length
      if (packer) {
        await packer.add(chunk)
        continue
      }
      held.push(chunk)
      if (size <= packAbove) continue
      packer = openPacker()
      for (const early of held) await packer.add(early)
      held = []
    }
    return packer ? await packer.end() : Buffer.concat(held, size)
  } finally {
    packer?.close()
  }
}

/** The body from its beginning, in pieces of bounded size, of either kind and as often as wanted. */
export async function* bodyChunks(body: AnswerBody): AsyncGenerator<Buffer, void, undefined> {
  if (Buffer.isBuffer(body)) {
    for (let at = 0; at < body.length; at += chunkBytes) yield body.subarray(at, at + chunkBytes)
    return
  }
  const unpacked = createGunzip({ chunkSize: chunkBytes })
  // What goes wrong comes out of the loop below.
  pipeline(Readable.from(body.member), unpacked, () => {})
  for await (const chunk of unpacked) yield chunk
}

/** The first bytes, up to a hundred. */
export function beginningOf(body: AnswerBody): Buffer {
  return Buffer.isBuffer(body) ? body.subarray(0, beginningBytes) : body.beginning
}

interface Packer {
  add(chunk: Buffer): Promise<void>
  end(): Promise<PackedBody>
  close(): void
}

function openPacker(): Packer {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED })
  const hash = createHash('sha256')
  const member: Buffer[] = []
  let beginning = Buffer.alloc(0)
  gzip.on('data', (piece: Buffer) => member.push(piece))
  return {
    add: async chunk => {
      if (beginning.length < beginningBytes) {
        beginning = Buffer.concat([beginning, chunk.subarray(0, beginningBytes - beginning.length)])
      }
      hash.update(chunk)
      if (!gzip.write(chunk)) await once(gzip, 'drain')
    },
    end: async () => {
      gzip.end()
      await finished(gzip)
      return { member, sha256: hash.digest('hex'), beginning }
    },
    close: () => gzip.destroy(),
  }
}
