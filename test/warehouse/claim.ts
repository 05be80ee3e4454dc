import { mkdir, rmdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Takes one of several names for this process alone.
 * @param folder notes what is taken; all processes share it
 * @returns the name, until it is released
 * @throws Error where all are taken
 */
export async function claimOne(
  folder: string,
  names: readonly string[],
): Promise<{ readonly name: string; readonly release: () => Promise<void> }> {
  for (const name of names) {
    const claim = join(folder, name)
    try {
      await mkdir(claim)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue
      throw error
    }
    return { name, release: () => rmdir(claim) }
  }
  throw new Error(`All ${names.length} are taken: close hubs that are not needed any more.`)
}
