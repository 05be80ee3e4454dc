import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { AuthorizationError, CheckFailedError, UnavailableError, UsageError } from '../errors.js'
import { fakeIo } from './fake-io.js'
import { main } from './main.js'
import { actionRunner, type Outcome, type Session } from './session.js'

const lastLine = (text: string): unknown => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')

describe('wrong usage', () => {
  it.each([
    [['intt'], /unknown command 'intt' \(Did you mean init\?\)/],
    [['init', '--forec'], /unknown option '--forec' \(Did you mean --force\?\)/],
    [['init', 'more'], /too many arguments/],
    [['init', '--config'], /argument missing/],
    [[], /A command is needed/],
  ])('%j ends with 2 and says what is wrong', async (argv, message) => {
    const io = fakeIo()
    expect(await main(argv, io)).toBe(2)
    expect(io.err()).toMatch(message)
    expect(io.err()).toContain('--help')
    expect(io.out()).toBe('')
  })

  it.each([
    [['load', 'alaqan', '--from', 'tomorrow'], 'hubdwh load alaqan --help'],
    [['--quiet', 'ddl', '--engine', 'oracle'], 'hubdwh ddl --help'],
    [['intt'], 'hubdwh --help'],
  ])('%j names the help of that command', async (argv, help) => {
    const io = fakeIo()
    expect(await main(argv, io)).toBe(2)
    expect(io.err()).toContain(`See "${help}".`)
  })

  it('is an object with --json', async () => {
    const io = fakeIo()
    expect(await main(['--json', 'intt'], io)).toBe(2)
    expect(lastLine(io.out())).toMatchObject({ ok: false, error: { code: 'usage' }, exit_code: 2 })
  })

  it('does not repeat the value of an option that there is not', async () => {
    const io = fakeIo()
    await main(['init', '--api-key=s3cr3t'], io)
    expect(io.err()).toContain("unknown option '--api-key'")
    expect(io.err()).not.toContain('s3cr3t')
  })
})

describe('help', () => {
  it.each([[['--help']], [['help']], [['init', '--help']], [['help', 'init']]])(
    '%j ends with 0',
    async argv => {
      const io = fakeIo()
      expect(await main(argv, io)).toBe(0)
      expect(io.out()).toContain('--config <file>')
      expect(io.err()).toBe('')
    },
  )

  it('the version is that of the package', async () => {
    const io = fakeIo()
    expect(await main(['--version'], io)).toBe(0)
    expect(io.out()).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('output', () => {
  it('that could not be written is a failure, whatever the command did', async () => {
    const io = fakeIo()
    const full = {
      ...io,
      stdout: { ...io.stdout, failure: () => new Error('ENOSPC: no space left on device') },
    }
    expect(await main(['ddl'], full)).toBe(3)
    expect(io.err()).toContain('no space left')
  })
})

/** Runs an action as a command named `act` would. */
async function act(argv: readonly string[], action: (session: Session) => Promise<Outcome>, io = fakeIo()) {
  let exitCode: number | undefined
  const run = actionRunner(io, code => {
    exitCode = code
  })
  const program = new Command().option('--json').option('--verbose').option('--quiet')
  program
    .command('act')
    .option('--skip-code')
    .action((_, command: Command) => run(command, action))
  await program.parseAsync(['act', ...argv], { from: 'user' })
  return { exitCode, io }
}

const failing = (error: unknown) => async (): Promise<Outcome> => {
  throw error
}

describe('the exit code', () => {
  it.each([
    [new UsageError('x', 'Wrong.'), 2],
    [new UnavailableError('x', 'Down.'), 3],
    [new CheckFailedError('x', 'Bad.'), 4],
    [new AuthorizationError('x', 'Who?'), 5],
    [new TypeError('x is not a function'), 1],
    ['a text', 1],
  ])('of %s is %i', async (error, code) => {
    expect((await act([], failing(error))).exitCode).toBe(code)
  })

  it.each([
    [[], true, 0],
    [['--skip-code'], true, 99],
    [['--skip-code'], false, 0],
  ])('with %j, nothing to do: %s, is %i', async (argv, nothingToDo, code) => {
    const { exitCode, io } = await act([...argv, '--json'], async () => ({ nothingToDo }))
    expect(exitCode).toBe(code)
    expect(lastLine(io.out())).toEqual({ ok: true, exit_code: code })
  })
})

describe('a failure', () => {
  it('that is expected is a sentence and advice, without a trace', async () => {
    const { io } = await act(
      [],
      failing(new UnavailableError('down', 'amoCRM is down.', { advice: 'Try later.' })),
    )
    expect(io.err()).toBe('error: amoCRM is down.\nTry later.\n')
  })

  it('that is a bug says how to get the trace', async () => {
    const { io } = await act([], failing(new TypeError('boom')))
    expect(io.err()).toContain('bug: boom\n')
    expect(io.err()).toContain('--verbose')
    expect(io.err()).not.toContain('main.test')
  })

  it('shows its trace and its causes with --verbose', async () => {
    const { io } = await act(
      ['--verbose'],
      failing(new UnavailableError('x', 'Down.', { cause: new Error('refused') })),
    )
    expect(io.err()).toContain('main.test')
    expect(io.err()).toMatch(/caused by: Error: refused/)
  })

  it('is an object in the last line with --json', async () => {
    const { io } = await act(['--json'], failing(new UsageError('x', 'Wrong\u2028.', { advice: 'Mend it.' })))
    expect(io.out().split(/[\n\u2028]/)).toHaveLength(2)
    expect(lastLine(io.out())).toEqual({
      ok: false,
      error: { code: 'x', message: 'Wrong\u2028.', advice: 'Mend it.' },
      exit_code: 2,
    })
  })

  it('holds no known secret, in no form', async () => {
    const { io } = await act(['--json', '--verbose'], async ({ redaction, reporter }) => {
      redaction.add(['s3cr3t/+key'])
      reporter.warn('s3cr3t/+key')
      throw new UnavailableError('x', `GET ?k=${encodeURIComponent('s3cr3t/+key')}`, {
        advice: 'Not s3cr3t/+key.',
        cause: new Error('s3cr3t/+key'),
      })
    })
    expect(io.err() + io.out()).not.toContain('s3cr3t')
    expect(io.out()).toContain('?k=***')
  })
})

describe('a signal to stop', () => {
  it('lets the command end at a checkpoint, with 3', async () => {
    const io = fakeIo()
    const { exitCode } = await act(
      [],
      async ({ signal }) => {
        io.stop('SIGTERM')
        signal.throwIfAborted()
        return {}
      },
      io,
    )
    expect(exitCode).toBe(3)
    expect(io.err()).toContain('Stopped at a checkpoint')
    expect(io.quitWith()).toBeUndefined()
  })

  it('explains an abort that a library threw', async () => {
    const io = fakeIo()
    const action = async (): Promise<Outcome> => {
      io.stop('SIGINT')
      throw new DOMException('This operation was aborted', 'AbortError')
    }
    expect((await act([], action, io)).exitCode).toBe(3)
  })

  it('twice ends the process at once', async () => {
    const io = fakeIo()
    await act(
      [],
      async () => {
        io.stop('SIGINT')
        io.stop('SIGINT')
        return {}
      },
      io,
    )
    expect(io.quitWith()).toBe(130)
  })

  it('after the end reaches no one', async () => {
    const { io } = await act([], async () => ({}))
    io.stop('SIGINT')
    expect(io.err()).toBe('')
  })
})
