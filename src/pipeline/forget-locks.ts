import { join } from 'node:path'
import { createPrivateFolder } from '../durable-file.js'
import { withScratch } from '../landing/scratch.js'
import { acquireLock, type Lock } from '../lock.js'
import { entityNames } from '../sources/amocrm/entities.js'
import type { PipelineContext } from './context.js'

/** Everything that is loaded under a lock of its own. */
const loadable: readonly (readonly [source: string, entity: string])[] = [
  ['alaqan', 'visits'],
  ['alaqan', 'visits_of_person'],
  ...entityNames.map(name => ['amocrm', name] as const),
]

const patienceMs = 60_000

/**
 * Carries out work while nothing is loaded: with the locks of all entities, which loads take one at a time.
 * @throws UnavailableError `locked`
 */
export async function withoutLoads<T>(context: PipelineContext, work: () => Promise<T>): Promise<T> {
  const { config, clock, signal } = context
  const held: Lock[] = []
  try {
    for (const [source, entity] of loadable) {
      const folder = join(config.landing.path, source)
      await createPrivateFolder(folder)
      const purpose = `loading ${source} ${entity}`
      held.push(
        await acquireLock(join(folder, `${entity}.lock`), { purpose, clock, signal, waitMs: patienceMs }),
      )
    }
    const waiting = { clock, signal, waitMs: patienceMs }
    // Nor may the archive be read again meanwhile; what a killed replay has left on disk goes with it.
    return await withScratch(config.landing.path, waiting, work)
  } finally {
    for (const lock of held.reverse()) await lock.release()
  }
}
