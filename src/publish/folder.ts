import { chmod, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ReadableBy } from '../config/config.js'
import { diskError } from '../durable-file.js'
import { UsageError } from '../errors.js'

/** Modes of published files, and of folders that are made for them, by who may read them. */
export const fileModes: Readonly<Record<ReadableBy, number>> = { owner: 0o600, group: 0o640, everyone: 0o644 }
export const folderModes: Readonly<Record<ReadableBy, number>> = {
  owner: 0o700,
  group: 0o750,
  everyone: 0o755,
}

/** Makes a folder, and those above it that are missing, with a mode that the process's umask does not narrow. */
export async function createFolder(path: string, mode: number): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return
  for (let folder = path; ; folder = dirname(folder)) {
    await chmod(folder, mode)
    if (folder === first || folder === dirname(folder)) return
  }
}

/** What went wrong with a file, in words that a person can act on; a bug as it is. */
export function fileError(error: unknown, path: string): unknown {
  const known = diskError(error, path)
  if (known !== error || !(error instanceof Error) || !('syscall' in error)) return known
  return new UsageError(
    'not_writable',
    `${path} cannot be written: ${'code' in error ? error.code : 'no reason given'}.`,
    {
      advice: 'Name another path under publish in the configuration, in a folder that can be made.',
      cause: error,
    },
  )
}
