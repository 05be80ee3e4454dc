/** What DuckDB may take of the machine, and what it says where that is not enough. */
import { messageOf, UnavailableError } from '../../errors.js'
import type { OpenOptions } from '../warehouse.js'

/** What DuckDB is given for work that lets its rows pass through: a row group of wide rows and what reads them have room in it. */
const littleMemory = '128MB'

/**
 * The options of a session, with as much memory as its work is given.
 * @param how as the session is opened
 */
export function withMemoryFor<Options extends { readonly memoryLimit?: string | undefined }>(
  options: Options,
  { memory }: OpenOptions,
): Options {
  return memory === 'little' ? { ...options, memoryLimit: littleMemory } : options
}

/**
 * The settings of an instance.
 * @param options.memoryLimit as DuckDB is told it; undefined: four fifths of the machine's memory
 * @param options.spill where what has no room in memory is put meanwhile
 */
export function instanceSettings(options: {
  readonly memoryLimit?: string | undefined
  readonly spill: string
}): Record<string, string> {
  const { memoryLimit, spill } = options
  return { temp_directory: spill, ...(memoryLimit === undefined ? {} : { memory_limit: memoryLimit }) }
}

/**
 * The error of a disk or a memory that is full, with what a person can do.
 * @param place the warehouse, as a person knows it
 * @returns undefined where it is another error
 */
export function shortageIn(error: unknown, place: string): UnavailableError | undefined {
  const message = messageOf(error)
  if (/no space left|disk full|max_temp_directory_size|failed to offload/i.test(message)) {
    return new UnavailableError('disk_full', `The disk is full; nothing was half-written in ${place}.`, {
      advice: 'Free some space and run the same command again.',
      cause: error,
    })
  }
  if (/^Out of Memory Error/.test(message)) {
    const [, used] = /\(([^()]* used)\)/.exec(message) ?? []
    return new UnavailableError(
      'memory_full',
      `DuckDB has too little memory for this${used === undefined ? '' : ` (${used})`}; nothing was half-written in ${place}.`,
      {
        advice:
          'Raise warehouse.memory_limit, or give the machine more memory where it is not set; then run the same command again.',
        cause: error,
      },
    )
  }
  return undefined
}
