/** Each mutant of the models is a test, which something that guards the models has to pass by catching it. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { modelFolder } from '../../src/models/definition.js'
import { equivalents } from './equivalent.js'
import { type Mutant, mutantsOf } from './mutants.js'
import type { Share } from './recording.js'
import type { Caught } from './rehearsal.js'
import { openTrial, type Trial } from './trial.js'

declare module 'vitest' {
  interface TaskMeta {
    /** What became of a mutant, for the table at the end. */
    mutant?: Pick<Mutant, 'model' | 'mutation' | 'file' | 'line'> & {
      readonly caught: Caught | null
      readonly isEquivalent: boolean
    }
  }
  interface ProvidedContext {
    /** Which of the cases, or of the mutants, are this project's. */
    readonly share: Share
    /** Folders of recorded cases. */
    readonly recordings: readonly string[]
  }
}

const share = inject('share')
const all = await mutantsOf(modelFolder)
const mine = everyNth(all, Number(process.env.MUTANTS ?? all.length)).filter(
  (_, index) => index % share.of === share.index,
)

const trials: Trial[] = []
beforeAll(async () => {
  trials.push(await openTrial(inject('recordings')))
}, 300_000)
afterAll(async () => {
  for (const trial of trials) await trial.close()
})

function trial(): Trial {
  const [opened] = trials
  if (!opened) throw new Error('Nothing has been recorded.')
  return opened
}

describe('the models as they are', () => {
  it('are caught by nothing', async () => {
    const caught = await trial().ofNothing(index => index % share.of === share.index)
    expect(caught.map(({ by, detail }) => `${by}: ${detail}`).join(', ')).toBe('')
  }, 300_000)

  it.runIf(share.index === 0)('have every mutant that is said to change nothing', () => {
    const names = new Set(all.map(({ name }) => name))
    expect([...equivalents.keys()].filter(name => !names.has(name))).toEqual([])
  })
})

describe('a mutant is caught', () => {
  for (const mutant of mine) {
    const { name, model, mutation, file, line } = mutant
    const reason = equivalents.get(name)
    it(name, async ({ task }) => {
      const { caught, unnoticed } = await trial().of(mutant)
      const isEquivalent = reason !== undefined
      task.meta.mutant = { model, mutation, file, line, caught: caught ?? null, isEquivalent }
      const where =
        unnoticed.length === 0 ? 'no case has data for it' : `nothing tells in ${unnoticed.join(', ')}`
      if (reason === undefined) expect(caught, `${file}:${line}: ${where}`).toBeDefined()
      else
        expect({ caught, unnoticed }, `is said to change nothing: ${reason}`).toEqual({
          caught: undefined,
          unnoticed: [],
        })
    })
  }
})

/** So many of them, from all parts of the list. */
function everyNth<T>(list: readonly T[], count: number): readonly T[] {
  const part = Math.min(1, count / list.length)
  return list.filter((_, index) => Math.floor((index + 1) * part) > Math.floor(index * part))
}
