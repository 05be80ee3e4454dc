import type { Reporter } from '../effects.js'
import { InterruptedError } from '../errors.js'
import { type Extraction, MalformedAnswerError } from '../extraction.js'
import type { JsonValue } from '../json.js'
import type { LoadPackage } from './load-package.js'
import type { Counts } from './manifest.js'
import type { PackageWriter } from './package-writer.js'

export interface LandOptions {
  readonly reporter: Reporter
  /** When aborted, the extraction ends at its next checkpoint, or at once where it is waiting. */
  readonly signal?: AbortSignal
  /**
   * An answer that cannot be used is kept as evidence; false where somebody was erased, for nobody can say whether that
   * person stands in it.
   */
  readonly keepsEvidence?: boolean
  /** Called after each answer, with everything the package holds so far. */
  readonly onAnswer?: (counts: Counts) => void
}

/**
 * Brings an extraction to disk, from the writer's cursor to the end, and makes the package whole. Whatever
 * stops it, the package stays at its last checkpoint.
 * @param extract starts the extraction at a cursor; null is the beginning
 * @throws InterruptedError when the signal was aborted; MalformedAnswerError naming the kept answer; whatever
 *   the extraction throws
 */
export async function land(
  writer: PackageWriter,
  extract: (cursor: JsonValue) => Extraction,
  options: LandOptions,
): Promise<LoadPackage> {
  const { reporter, signal } = options
  try {
    for await (const message of extract(writer.cursor)) {
      await writer.take(message)
      if (message.type === 'answer') options.onAnswer?.(writer.counts)
      if (message.type === 'notice') reporter[message.level](message.message)
      if (message.type === 'checkpoint' && signal?.aborted) throw new InterruptedError()
    }
    return await writer.finish()
  } catch (error) {
    if (signal?.aborted) throw new InterruptedError()
    if (error instanceof MalformedAnswerError && options.keepsEvidence !== false) {
      throw await withEvidence(error, writer)
    }
    throw error
  } finally {
    await writer.close()
  }
}

async function withEvidence(
  error: MalformedAnswerError,
  writer: PackageWriter,
): Promise<MalformedAnswerError> {
  const path = await writer.keepFailed(error.answer)
  const message = `${error.message} The answer is kept in ${path}.`
  return new MalformedAnswerError(error.code, message, error.answer, error)
}
