import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { gunzip as gunzipCallback } from 'node:zlib'
import type { Answer } from '../extraction.js'
import type { JsonObject } from '../json.js'
import { type IndexEntry, indexEntrySchema, sha256 } from './answer-index.js'
import { type LoadPackage, packageFiles } from './load-package.js'
import { damagedError } from './manifest.js'

const gunzip = promisify(gunzipCallback)

/** An answer from the archive, with its number in the package: what a reject's `answer` points to. */
export interface ArchivedAnswer extends Answer {
  readonly number: number
  /** Held whole, also where it was not when it was received. */
  readonly body: Buffer
  readonly facts: readonly JsonObject[]
  /** Where those of its records stand that another answer of the package brings, from 0. */
  readonly repeated: readonly number[]
  /** How many records it held of people who were erased; 0 where absent. */
  readonly erased?: number
}

/**
 * The answers of a package up to its last checkpoint, byte for byte, in the order of their arrival. One is in
 * memory at a time.
 * @throws UnavailableError `package_damaged` when the archive does not hold what its index says
 */
export async function* readAnswers(
  loadPackage: LoadPackage,
): AsyncGenerator<ArchivedAnswer, void, undefined> {
  const path = join(loadPackage.dir, packageFiles.answers)
  const archive = await open(path, 'r').catch((error: unknown) => {
    throw damagedError(`The archive ${path} cannot be opened`, error)
  })
  try {
    let number = 0
    for await (const entry of readIndex(loadPackage)) {
      const bytes = Buffer.alloc(entry.length)
      const { bytesRead } = await archive.read(bytes, 0, entry.length, entry.offset)
      const body = bytesRead === entry.length ? await gunzip(bytes).catch(() => undefined) : undefined
      if (body === undefined || sha256(body) !== entry.sha256) {
        throw damagedError(`Answer ${number} in ${path} is not what was received`)
      }
      const { request, status, receivedAt, facts, repeated, erased } = entry
      yield {
        number,
        request,
        status,
        receivedAt,
        body,
        facts,
        repeated,
        ...(erased === undefined ? {} : { erased }),
      }
      number += 1
    }
  } finally {
    await archive.close()
  }
}

/** The index alone: requests, times and facts, without the bodies. */
export async function* readIndex(loadPackage: LoadPackage): AsyncGenerator<IndexEntry, void, undefined> {
  const { index } = loadPackage.manifest.lengths
  if (index === 0) return
  const path = join(loadPackage.dir, packageFiles.index)
  // Beyond the checkpoint's length stands the unfinished work of a killed process.
  const lines = createInterface({ input: createReadStream(path, { end: index - 1 }), crlfDelay: Infinity })
  let number = 0
  for await (const line of lines) {
    number += 1
    try {
      yield indexEntrySchema.parse(JSON.parse(line))
    } catch (error) {
      throw damagedError(`Line ${number} of ${path} cannot be read`, error)
    }
  }
}
