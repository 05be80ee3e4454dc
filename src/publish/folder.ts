import { chmod, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Makes a folder, and those above it that are missing, with a mode that the process's umask does not narrow. */
export async function createFolder(path: string, mode: number): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return
  for (let folder = path; ; folder = dirname(folder)) {
    await chmod(folder, mode)
    if (folder === first || folder === dirname(folder)) return
  }
}
