/** The rows and rejects of a package, as they lie on disk. */
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import type { RejectedRecord } from '../extraction.js'
import type { JsonObject } from '../json.js'
import { jsonObjectSchema } from './answer-index.js'
import type { LoadPackage } from './load-package.js'
import { damagedError, type Manifest } from './manifest.js'

/** A reject with the number of the answer that holds its record. */
export interface KeptReject extends RejectedRecord {
  readonly answer: number
}

const rejectSchema: z.ZodType<KeptReject> = z.object({
  rule: z.string(),
  detail: z.string(),
  record: z.string(),
  position: z.number(),
  answer: z.number(),
})

/**
 * The rows of a package, in order: up to its last checkpoint, or all of them once it is whole.
 * @throws UnavailableError `package_damaged`
 */
export function readRows({ rowsPath, manifest }: LoadPackage): AsyncGenerator<JsonObject, void, undefined> {
  return readLines(rowsPath, lengthOf(manifest, 'rows'), jsonObjectSchema)
}

/**
 * The rejects of a package, in order, likewise.
 * @throws UnavailableError `package_damaged`
 */
export function readRejects({
  rejectsPath,
  manifest,
}: LoadPackage): AsyncGenerator<KeptReject, void, undefined> {
  return readLines(rejectsPath, lengthOf(manifest, 'rejects'), rejectSchema)
}

/** Beyond the last checkpoint stands the unfinished work of a killed process; a whole package has none. */
function lengthOf({ state, lengths }: Manifest, file: 'rows' | 'rejects'): number {
  return state === 'extracting' ? lengths[file] : Number.POSITIVE_INFINITY
}

async function* readLines<T>(
  path: string,
  length: number,
  schema: z.ZodType<T>,
): AsyncGenerator<T, void, undefined> {
  if (length === 0) return
  const unpacked = createGunzip()
  // What goes wrong comes out of the loop below.
  pipeline(createReadStream(path, { end: length - 1 }), unpacked, () => {})
  try {
    for await (const line of linesIn(unpacked)) yield schema.parse(JSON.parse(line))
  } catch (error) {
    throw damagedError(`${path} cannot be read`, error)
  } finally {
    unpacked.destroy()
  }
}

/** Only a line feed ends a line: JSON text may hold the line separators of Unicode. */
async function* linesIn(chunks: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  let begun: Buffer[] = []
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...begun, chunk.subarray(start, end)]).toString()
      begun = []
      start = end + 1
    }
    begun.push(chunk.subarray(start))
  }
  const rest = Buffer.concat(begun).toString()
  if (rest !== '') yield rest
}
