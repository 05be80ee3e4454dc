import type { Io, Output, StopSignal } from './io.js'

export interface FakeIo extends Io {
  /** What was written so far. */
  readonly out: () => string
  readonly err: () => string
  /** Resolves once stdout holds this text. */
  readonly whenOut: (text: string) => Promise<void>
  /** Sends a signal as a person or a scheduler would. */
  readonly stop: (signal: StopSignal) => void
  /** The code that the process was ended with at once. */
  readonly quitWith: () => number | undefined
  /** Lets time pass, milliseconds. */
  readonly pass: (milliseconds: number) => void
}

export interface FakeIoOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Columns of a terminal; absent: stdout and stderr are files. */
  readonly columns?: number
  /** Unix milliseconds. */
  readonly now?: number
  /** What a person types, line by line; then the input has ended. */
  readonly lines?: readonly string[]
  /** Whether it is a person who types. */
  readonly isInteractive?: boolean
}

/** The world of a command line for tests: streams in memory, a clock that stands until it is told to go. */
export function fakeIo({
  cwd = '/nowhere',
  env = {},
  columns,
  now = Date.UTC(2025, 0, 31, 12),
  lines = [],
  isInteractive = false,
}: FakeIoOptions = {}): FakeIo {
  const typed = lines.values()
  let out = ''
  let err = ''
  let time = now
  let quitCode: number | undefined
  const waiters = new Set<() => void>()
  const listeners = new Set<(signal: StopSignal) => void>()
  const output = (write: (text: string) => void): Output => ({
    write,
    settled: async () => {},
    isClosed: () => false,
    failure: () => undefined,
    isTerminal: columns !== undefined,
    columns,
  })
  return {
    stdout: output(text => {
      out += text
      for (const waiter of waiters) waiter()
    }),
    stderr: output(text => {
      err += text
    }),
    env,
    cwd,
    command: 'hubdwh',
    clock: {
      now: () => time,
      sleep: async milliseconds => {
        time += milliseconds
      },
    },
    chance: { fraction: () => 0.5, hex: bytes => '0'.repeat(bytes * 2) },
    isInteractive,
    readLine: async () => typed.next().value,
    onStop(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    quit: code => {
      quitCode = code
    },
    out: () => out,
    whenOut: text =>
      new Promise(resolve => {
        const look = () => {
          if (out.includes(text)) resolve()
        }
        waiters.add(look)
        look()
      }),
    err: () => err,
    stop: signal => {
      for (const listener of listeners) listener(signal)
    },
    quitWith: () => quitCode,
    pass: milliseconds => {
      time += milliseconds
    },
  }
}
