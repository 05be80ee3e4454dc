/** Downloads that are kept between runs, whole or not at all. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where downloads are kept: `HUBDWH_CACHE`, else `hubdwh` in the user's cache. */
export function cacheFolder() {
  return process.env.HUBDWH_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hubdwh')
}

/**
 * A folder of the cache, filled first where it is not there. It is filled under another name and gets its own only then,
 * so that a process that is stopped leaves nothing half done, and of two that fill it at once the first one's stays.
 * @param {string} name names the contents: other contents, other name
 * @param {(folder: string) => Promise<void>} fill puts the contents into an empty folder; throws where they are not right
 * @returns {Promise<string>} the folder's path
 */
export async function kept(name, fill) {
  const folder = join(cacheFolder(), name)
  if (existsSync(folder)) return folder
  await mkdir(cacheFolder(), { recursive: true })
  await removeAbandoned()
  const filling = await mkdtemp(join(cacheFolder(), `filling-${process.pid}-`))
  try {
    await fill(filling)
    await rename(filling, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    await rm(filling, { recursive: true, force: true })
  }
  return folder
}

/** Removes what processes that were killed had begun to fill. */
async function removeAbandoned() {
  for (const name of await readdir(cacheFolder())) {
    const filler = /^filling-(\d+)-/.exec(name)?.[1]
    if (filler === undefined || isAlive(Number(filler))) continue
    await rm(join(cacheFolder(), name), { recursive: true, force: true })
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // A process of another user cannot be asked, and is alive.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
