/** Every case of this folder through the real command; README.md says how to read and write one. */
import { readdirSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { compareAll } from './expected.js'
import { type Input, readInput, type Step } from './input.js'

const cases = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name)
  .sort()

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

describe('golden case', () => {
  it.each(cases)(
    '%s',
    async name => {
      const folder = join(import.meta.dirname, name)
      const input = await readInput(join(folder, 'input.json'))
      const expected = join(folder, 'expected')
      expect(foldersIn(expected), 'folders that no step names').toEqual(
        input.steps.flatMap(step => ('expect' in step ? [step.expect] : [])).sort(),
      )
      hub = await open(input)
      for (const step of input.steps) await take(hub, step, expected)
      if (filesIn(expected).length > 0) await compare(hub, expected)
    },
    180_000,
  )
})

function foldersIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries.flatMap(entry => (entry.isDirectory() ? [entry.name] : [])).sort()
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).filter(name => name.includes('.'))
}

async function open(input: Input): Promise<Hub> {
  const { now, world, startDate, amocrm, alaqan, privacy, config, files } = input
  const opened = await openHub({
    now,
    world: listedWorld(world),
    ...(startDate === undefined ? {} : { startDate }),
    ...(amocrm === false ? { withoutAmocrm: true } : { amocrm }),
    ...(privacy === undefined ? {} : { privacy }),
    alaqan,
  })
  await opened.configure(text => [text.trimEnd(), ...config, ''].join('\n'))
  for (const [file, lines] of Object.entries(files)) await write(opened, file, lines)
  return opened
}

async function take(opened: Hub, step: Step, expected: string): Promise<void> {
  const { world, clock } = opened
  if ('hubdwh' in step) {
    const { exitCode, err } = await opened.hubdwh(...step.hubdwh.split(' '))
    expect(exitCode, `hubdwh ${step.hubdwh}\n${err}`).toBe(step.exit)
  } else if ('now' in step) clock.set(Date.parse(step.now))
  else if ('expect' in step) await compare(opened, join(expected, step.expect))
  else if ('edit' in step) world.edit(...step.edit)
  else if ('put' in step) {
    const [entity, record, place] = step.put
    world.collections[entity].put(record.id, record, place)
  } else if ('remove' in step) world.remove(...step.remove)
  else if ('purge' in step) world.purge(...step.purge)
  else if ('restore' in step) world.restore(...step.restore)
  else if ('renameUser' in step) world.renameUser(...step.renameUser)
  else if ('removeUser' in step) world.removeUser(step.removeUser)
  else if ('renamePipeline' in step) world.renamePipeline(...step.renamePipeline)
  else if ('removePipeline' in step) world.removePipeline(step.removePipeline)
  else if ('renameStatus' in step) world.renameStatus(...step.renameStatus)
  else if ('removeStatus' in step) world.removeStatus(...step.removeStatus)
  else if ('setLossReasons' in step) world.dictionaries.lossReasons = step.setLossReasons
  else if ('write' in step) await write(opened, ...step.write)
  else if ('erase' in step) await rm(join(opened.folder, step.erase))
  else if ('configure' in step) await configure(opened, ...step.configure)
  else if ('sql' in step) await opened.write(step.sql)
  else world.setVisits(...step.setVisits)
}

function write(opened: Hub, file: string, lines: readonly string[]): Promise<void> {
  return writeFile(join(opened.folder, file), `${lines.join('\n')}\n`)
}

function configure(opened: Hub, before: string, after: string): Promise<void> {
  return opened.configure(text => {
    expect(text).toContain(before)
    return text.replace(before, after)
  })
}

/** Fails with every file that differs, not only with the first. */
async function compare(opened: Hub, folder: string): Promise<void> {
  const compared = await compareAll(opened, folder)
  expect(compared, `nothing to compare with in ${folder}`).not.toEqual([])
  for (const { file, expected, actual } of compared) {
    expect.soft(actual, `${folder.slice(import.meta.dirname.length + 1)}/${file}`).toBe(expected)
  }
}
