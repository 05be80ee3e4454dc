/** Every case of this folder through the real command; README.md says how to read and write one. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type ExpectStatic, it } from 'vitest'
import type { Hub } from '../hub.js'
import { runningServers } from '../warehouse/servers.js'
import { compareAll } from './expected.js'
import { readInput } from './input.js'
import { chosenFrom } from './on-servers.js'
import { openCase, takeStep } from './play.js'

const cases = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name)
  .sort()

const suite = runningServers()?.suite

// Servers take long over each statement, and can do several at once.
describe('golden case', { concurrent: suite !== undefined }, () => {
  it.for(chosenFrom(cases, suite))('%s', async (name, { expect, onTestFinished }) => {
    const folder = join(import.meta.dirname, name)
    const input = await readInput(join(folder, 'input.json'))
    const expected = join(folder, 'expected')
    expect(foldersIn(expected), 'folders that no step names').toEqual(
      input.steps.flatMap(step => ('expect' in step ? [step.expect] : [])).sort(),
    )
    const opened = await openCase(input)
    onTestFinished(() => opened.close())
    for (const step of input.steps) {
      if ('expect' in step) await compare(expect, opened, join(expected, step.expect))
      else await takeStep(opened, step)
    }
    if (filesIn(expected).length > 0) await compare(expect, opened, expected)
  })
})

function foldersIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries.flatMap(entry => (entry.isDirectory() ? [entry.name] : [])).sort()
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).filter(name => name.includes('.'))
}

/** Fails with every file that differs, not only with the first. */
async function compare(expect: ExpectStatic, opened: Hub, folder: string): Promise<void> {
  const compared = await compareAll(opened, folder)
  expect(compared, `nothing to compare with in ${folder}`).not.toEqual([])
  for (const { file, expected, actual } of compared) {
    expect.soft(actual, `${folder.slice(import.meta.dirname.length + 1)}/${file}`).toBe(expected)
  }
}
