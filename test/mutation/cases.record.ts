/** Plays the cases of this share; mutants are then tried on what was recorded. */
import { existsSync } from 'node:fs'
import { expect, inject, it } from 'vitest'
import { recordShare } from './recording.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder in which cases are recorded. */
    readonly recordingFolder: string
  }
}

const share = inject('share')

// Not in a test: a pattern of names chooses among mutants, and these need the cases all the same.
await recordShare(inject('recordingFolder'), share)

it('has every case of its share', () => {
  const mine = inject('recordings').filter((_, index) => index % share.of === share.index)
  expect(mine.filter(folder => !existsSync(folder))).toEqual([])
})
