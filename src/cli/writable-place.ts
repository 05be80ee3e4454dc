import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UsageError } from '../errors.js'

/**
 * Sees, before anything is looked at, that a file that was asked for has a folder to be written into.
 * @throws UsageError `file_not_written`
 */
export async function requireWritablePlace(
  path: string,
  { content, advice }: { readonly content: string; readonly advice: string },
): Promise<void> {
  const folder = dirname(path)
  const isFolder = (await stat(folder).catch(() => undefined))?.isDirectory() === true
  const isTaken = (await stat(path).catch(() => undefined))?.isDirectory() === true
  if (isFolder && !isTaken) return
  throw new UsageError(
    'file_not_written',
    isTaken ? `${path} is a folder.` : `There is no folder ${folder} to write ${content} into.`,
    { advice },
  )
}
