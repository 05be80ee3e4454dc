import { createInterface } from 'node:readline'
import { type Chance, type Clock, systemChance, systemClock } from '../effects.js'
import { commandName } from './command-name.js'

/** A stream that the program writes to. */
export interface Output {
  write(text: string): void
  /** Resolves when what was written has been taken, or never will be. */
  settled(): Promise<void>
  /** Whether nothing more is taken: the reader has gone (`| head`), or {@link failure}. What is written is dropped. */
  isClosed(): boolean
  /** Why output was lost though somebody wants it (the disk is full). That a reader has gone is no failure. */
  failure(): Error | undefined
  readonly isTerminal: boolean
  /** Width in columns; undefined where it is no terminal. */
  readonly columns: number | undefined
}

export type StopSignal = 'SIGINT' | 'SIGTERM'

/** Everything that the command line needs of the world. Tests bring their own. */
export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** How this program is called from {@link cwd}: `hubdwh`, or its path where it is in no folder of PATH. */
  readonly command: string
  readonly clock: Clock
  readonly chance: Chance
  /** Whether a person types what {@link readLine} reads. */
  readonly isInteractive: boolean
  /**
   * The next line that a person types or pastes; undefined where the input has ended.
   * @throws the signal's reason when it is aborted
   */
  readLine(signal: AbortSignal): Promise<string | undefined>
  /** Calls the listener at every signal to stop, until the function that it returns is called. */
  onStop(listener: (signal: StopSignal) => void): () => void
  /** Ends the process at once. */
  quit(exitCode: number): void
}

/** The process's own streams, environment and signals. */
export function processIo(): Io {
  return {
    stdout: streamOutput(process.stdout),
    stderr: streamOutput(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    command: commandName({ script: process.argv[1], path: process.env.PATH, cwd: process.cwd() }),
    clock: systemClock,
    chance: systemChance,
    isInteractive: process.stdin.isTTY === true,
    readLine: signal => lineOf(process.stdin, signal),
    onStop(listener) {
      process.on('SIGINT', listener)
      process.on('SIGTERM', listener)
      return () => {
        process.off('SIGINT', listener)
        process.off('SIGTERM', listener)
      }
    },
    quit: exitCode => process.exit(exitCode),
  }
}

/** What a person types into. An input that nobody waits at must not keep the process alive, one that is waited at must. */
export interface Typed extends NodeJS.ReadableStream {
  ref(): unknown
  unref(): unknown
}

/** See {@link Io.readLine}. */
export function lineOf(input: Typed, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    // Let go of after an earlier line.
    input.ref()
    const lines = createInterface({ input })
    const onAbort = (): void => {
      // First: closing would say that the input has ended.
      reject(signal.reason)
      lines.close()
    }
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    lines.once('line', line => {
      resolve(line)
      lines.close()
    })
    lines.once('close', () => {
      signal.removeEventListener('abort', onAbort)
      // Nobody else reads it, and an open input would keep the process alive.
      input.unref()
      resolve(undefined)
    })
  })
}

function streamOutput(stream: NodeJS.WriteStream): Output {
  let closed = false
  let failure: Error | undefined
  let pending = Promise.resolve()
  const note = (error: Error) => {
    closed = true
    if (!('code' in error && error.code === 'EPIPE')) failure ??= error
  }
  // A reader that has gone is no error of ours: the rest of the output is dropped, the work goes on.
  stream.on('error', note)
  return {
    write(text) {
      if (closed) return
      pending = new Promise(resolve => {
        stream.write(text, error => {
          if (error) note(error)
          resolve()
        })
      })
    },
    settled: () => pending,
    isClosed: () => closed,
    failure: () => failure,
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.isTTY ? stream.columns : undefined
    },
  }
}
