/** What waits in the landing, and who is at work there. Only looks. */
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Clock } from '../../effects.js'
import { listWaiting } from '../../landing/load-package.js'
import { lockHolder } from '../../lock.js'
import type { LandingFacts, Loader } from './status.js'

const lockSuffix = '.lock'

export async function readLanding(root: string, clock: Clock): Promise<LandingFacts> {
  const { packages, damaged } = await listWaiting(root)
  const loaders = await loadersIn(root, clock)
  const busy = new Set(
    loaders.filter(({ isDead }) => !isDead).map(({ source, entity }) => `${source}/${entity}`),
  )
  return {
    packages: packages.map(({ manifest }) => ({
      loadId: manifest.loadId,
      source: manifest.source,
      entity: manifest.entity,
      state: manifest.state === 'extracting' ? 'extracting' : 'extracted',
      createdAt: manifest.createdAt,
      isUnderWay: busy.has(`${manifest.source}/${manifest.entity}`),
    })),
    damaged: damaged.map(({ dir }) => dir),
    loaders,
  }
}

async function loadersIn(root: string, clock: Clock): Promise<readonly Loader[]> {
  const found: Loader[] = []
  for (const source of await namesIn(root)) {
    for (const name of await namesIn(join(root, source))) {
      if (!name.endsWith(lockSuffix)) continue
      const holder = await lockHolder(join(root, source, name), clock)
      if (!holder) continue
      const { pid = null, host = null, isDead } = holder
      found.push({ source, entity: basename(name, lockSuffix), pid, host, isDead })
    }
  }
  return found
}

/** The names in a folder, sorted; none where there is no such folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return []
    throw error
  }
}
