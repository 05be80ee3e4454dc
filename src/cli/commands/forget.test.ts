import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it, onTestFinished } from 'vitest'
import { configTemplate, envTemplate } from '../../config/template.js'
import { type FakeIo, type FakeIoOptions, fakeIo } from '../fake-io.js'
import { actionRunner, tellFailure } from '../session.js'
import { addForget, type ForgetOptions } from './forget.js'

const iin = '650727300949'

async function typing(options: Pick<FakeIoOptions, 'lines' | 'isInteractive'>): Promise<FakeIo> {
  const cwd = await mkdtemp(join(tmpdir(), 'hubdwh-cli-'))
  onTestFinished(() => rm(cwd, { recursive: true }))
  await writeFile(join(cwd, 'hubdwh.yaml'), configTemplate())
  const values = { ALAQAN_API_KEY: 'key', AMOCRM_TOKEN: 'token', HUBDWH_PRIVACY_KEY: 'f'.repeat(64) }
  await writeFile(join(cwd, '.env'), envTemplate(values))
  return fakeIo({ cwd, ...options })
}

/** Whom the command was told to erase, and how it ended. */
async function forgotten(io: FakeIo, ...argv: readonly string[]) {
  const asked: ForgetOptions[] = []
  let exitCode: number | undefined
  const run = actionRunner(io, code => {
    exitCode = code
  })
  const program = new Command().option('--config <file>', '', 'hubdwh.yaml').exitOverride()
  addForget(program, run, async (_, options) => {
    asked.push(options)
    return {}
  })
  try {
    await program.parseAsync(['forget', ...argv], { from: 'user' })
  } catch (error) {
    exitCode = tellFailure(io, error, { json: false, verbose: false, redact: text => text })
  }
  return { asked, exitCode, said: io.out() + io.err() }
}

describe('forget', () => {
  it('takes the ИИН from its input, asks, and repeats it nowhere', async () => {
    const io = await typing({ lines: [iin, 'erase'], isInteractive: true })
    const { asked, exitCode, said } = await forgotten(io, '--iin', '-')
    expect(asked).toEqual([{ kind: 'iin', iin }])
    expect(exitCode).toBe(0)
    expect(said).not.toContain(iin)
  })

  it('takes the ИИН from a pipe, where --yes answers for the person', async () => {
    const { asked } = await forgotten(await typing({ lines: [` ${iin}\r`] }), '--iin', '-', '--yes')
    expect(asked).toEqual([{ kind: 'iin', iin }])
  })

  it.each([['yes'], ['']])('erases nobody when %j is typed', async answer => {
    const io = await typing({ lines: [answer], isInteractive: true })
    const { asked, exitCode, said } = await forgotten(io, '--contact', '5001')
    expect(asked).toEqual([])
    expect(exitCode).toBe(2)
    expect(said).toContain('Nothing was erased')
  })

  it.each([
    ['nobody', []],
    ['two people', ['--iin', iin, '--contact', '5001']],
    ['a contact without a number', ['--contact', 'Иванов']],
    ['an ИИН as a contact', ['--contact', iin]],
    ['an ИИН that is too short', ['--iin', iin.slice(1)]],
  ])('refuses %s, and repeats nothing', async (_, argv) => {
    const { asked, exitCode, said } = await forgotten(await typing({}), ...argv, '--yes')
    expect(asked).toEqual([])
    expect(exitCode).toBe(2)
    expect(said).not.toMatch(/Иванов|50727300949/)
  })
})
