import { promisify } from 'node:util'
import { constants, gzip as gzipCallback } from 'node:zlib'
import type { AnswerBody } from '../answer-body.js'
import type { JsonValue } from '../json.js'
import { jsonText } from '../json-text.js'
import type { AppendedFile } from './appended-file.js'

const gzipAsync = promisify(gzipCallback)

/** Fast gzip on zlib's thread pool. JSON shrinks to a tenth already at the lowest level. */
export function gzip(bytes: Uint8Array | string): Promise<Buffer> {
  return gzipAsync(bytes, { level: constants.Z_BEST_SPEED })
}

/** A body as one gzip member, in pieces. */
export async function memberOf(body: AnswerBody): Promise<readonly Buffer[]> {
  return Buffer.isBuffer(body) ? [await gzip(body)] : body.member
}

/** So much text is gathered before it is compressed: memory stays bounded, members stay few. */
const gatheredBytes = 1 << 20
/** In UTF-8, of one unit of a text in UTF-16. */
const mostBytesOfUnit = 3

/** Lines of JSON that every engine can read, gathered in memory and appended in batches. */
export interface LineFile {
  add(value: JsonValue | object): Promise<void>
  /** Appends what has been gathered. */
  flush(): Promise<void>
  /** No line that was added is longer, in bytes: an upper bound. */
  readonly longest: number
}

/** @param encode how a batch is stored: compressed as a gzip member, or as it is */
export function lineFile(file: AppendedFile, encode: (text: string) => Promise<Uint8Array>): LineFile {
  let gathered: string[] = []
  let size = 0
  let longest = 0
  const flush = async (): Promise<void> => {
    if (gathered.length === 0) return
    const text = gathered.join('')
    gathered = []
    size = 0
    await file.append(await encode(text))
  }
  return {
    add: async value => {
      const line = `${jsonText(value)}\n`
      gathered.push(line)
      size += line.length
      longest = Math.max(longest, line.length * mostBytesOfUnit)
      if (size >= gatheredBytes) await flush()
    },
    flush,
    get longest() {
      return longest
    },
  }
}
