import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openHub } from '../hub.js'
import { type Edit, edit, editor, gateDays, modelEntities, smallWorld } from './account-edits.js'
import { dumpOf, unaccounted } from './table-dump.js'

/** How many histories are tried; `FC_RUNS=200` looks harder. */
const numRuns = Number(process.env.FC_RUNS ?? 4)

const history = fc.array(fc.array(edit, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 })

describe('rebuilding only what changed', () => {
  it(
    'gives the same rows as rebuilding everything',
    async () => {
      await fc.assert(fc.asyncProperty(history, sameAsRebuilt), {
        numRuns,
        interruptAfterTimeLimit: numRuns * 30_000,
        markInterruptAsFailure: true,
        endOnFailure: true,
        verbose: fc.VerbosityLevel.Verbose,
      })
    },
    numRuns * 60_000,
  )
})

/** Edits, loads and rebuilds in turn, then rebuilds everything and compares. */
async function sameAsRebuilt(stretches: readonly (readonly Edit[])[]): Promise<void> {
  const world = smallWorld()
  const hub = await openHub({ world, now: '2025-03-01T05:00:00Z', startDate: gateDays[0] })
  try {
    const apply = editor(world, hub.clock)
    const loadAndBuild = async (): Promise<void> => {
      for (const argv of [['load', 'alaqan'], ['load', 'amocrm', ...modelEntities], ['transform']]) {
        const { exitCode, err } = await hub.hubdwh(...argv)
        expect(exitCode, err).toBe(0)
      }
    }
    await loadAndBuild()
    for (const edits of stretches) {
      for (const each of edits) apply(each)
      hub.clock.advance(60_000)
      await loadAndBuild()
    }
    const asIncrements = await dumpOf(hub, 'silver', 'gold')
    const rebuilt = await hub.hubdwh('transform', '--full')
    expect(rebuilt.exitCode, rebuilt.err).toBe(0)
    expect(asIncrements).toEqual(await dumpOf(hub, 'silver', 'gold'))
    expect(await unaccounted(hub)).toEqual([])
  } finally {
    await hub.close()
  }
}
