/** What --help promises: every command has a summary and examples, and the examples are commands that there are. */
import { type Command, CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { fakeIo } from './fake-io.js'
import { main } from './main.js'
import { createProgram } from './program.js'

/** A program whose commands do nothing but note that they were understood. */
function understanding(): { readonly program: Command; readonly understood: string[] } {
  const understood: string[] = []
  const program = createProgram('0', async command => {
    understood.push(pathOf(command))
  })
  for (const command of everyCommand(program)) {
    command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} })
  }
  return { program, understood }
}

function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)]
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}`.trim() : ''
}

async function helpOf(path: string): Promise<string> {
  const io = fakeIo({ columns: 200 })
  expect(await main([...path.split(' ').filter(Boolean), '--help'], io)).toBe(0)
  return io.out()
}

/** The lines of the examples: the command, without what is said about it. */
function examplesIn(help: string): readonly string[] {
  const [, section = ''] = /^Examples:\n((?: {2}.+\n?)+)/m.exec(help) ?? []
  return section
    .split('\n')
    .map(line => line.trim().split(/ {2,}/)[0] ?? '')
    .filter(line => line !== '')
}

/** The words of a command line as a shell would part them, until the output goes elsewhere. */
function wordsOf(line: string): readonly string[] {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  )
  const end = words.findIndex(word => word === '>' || word === '|')
  return end < 0 ? words : words.slice(0, end)
}

const paths = everyCommand(understanding().program).map(pathOf)

describe.each(paths)('hubdwh %s --help', path => {
  it('says in a line what the command is for, and in a sentence what it does', async () => {
    const command = everyCommand(understanding().program).find(candidate => pathOf(candidate) === path)
    expect(command?.description()).toMatch(/^[A-Z].+\.$/)
    // The program stands in no list of commands.
    if (path !== '') expect(command?.summary()).toMatch(/^.{6,}[^.]$/)
  })

  it('has examples, and the program understands each of them', async () => {
    const examples = examplesIn(await helpOf(path))
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) {
      const { program, understood } = understanding()
      const [name, ...argv] = wordsOf(example)
      expect(name).toBe('hubdwh')
      try {
        await program.parseAsync(argv, { from: 'user' })
      } catch (error) {
        const isHelp = error instanceof CommanderError && error.code === 'commander.helpDisplayed'
        expect({ example, isHelp, error: String(error) }).toMatchObject({ isHelp: true })
        continue
      }
      expect({ example, understood }).toEqual({ example, understood: [expect.stringMatching(`^${path}`)] })
    }
  })
})

it('an example that the program does not understand would be noticed', () => {
  expect(examplesIn('Examples:\n  hubdwh run --once   only once\n\nMore:\n  else\n')).toEqual([
    'hubdwh run --once',
  ])
  const { program } = understanding()
  expect(() => program.parse(['run', '--once'], { from: 'user' })).toThrow(/unknown option/)
})
