/** Where the state of a budget stands: in this process, or in a file that all processes of the machine share. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createPrivateFolder, privateFile } from '../../durable-file.js'
import type { Clock } from '../../effects.js'
import { withLock } from '../../lock.js'
import { type BudgetState, budgetStateSchema, settled, untouched } from './budget-state.js'

export interface BudgetStore {
  /** The state as it is meant now. */
  read(spacing: number): Promise<BudgetState>
  /** Changes the state with nobody else in between, and returns the new one. */
  update(spacing: number, change: (state: BudgetState, now: number) => BudgetState): Promise<BudgetState>
}

/** For one process, or for many that are played in one. */
export function memoryStore(clock: Clock): BudgetStore {
  let state = untouched
  return {
    read: async spacing => settled(state, clock.now(), spacing),
    update: async (spacing, change) => {
      const now = clock.now()
      state = change(settled(state, now, spacing), now)
      return state
    },
  }
}

/** A turn of the file takes a millisecond or two; whoever holds it for so long does not work. Milliseconds. */
const longestWait = 5_000
const pollMs = 5

/**
 * A file beside the landing. It may be missing, broken or from another clock. Where it cannot be used at all (no
 * right to write, a full disk), this process goes on by itself.
 * @param tell told once, when it cannot be used
 */
export function fileStore(path: string, clock: Clock, tell: (problem: unknown) => void): BudgetStore {
  const alone = memoryStore(clock)
  let isShared = true
  let folder: Promise<void> | undefined
  let turn: Promise<unknown> = Promise.resolve()

  function readState(): BudgetState {
    try {
      return budgetStateSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
    } catch {
      // What was lost with it is at most a pause, and the source says again that it was too much.
      return untouched
    }
  }

  async function updateFile(
    spacing: number,
    change: (state: BudgetState, now: number) => BudgetState,
  ): Promise<BudgetState> {
    folder ??= createPrivateFolder(dirname(path))
    await folder
    const options = { purpose: 'the rate budget', waitMs: longestWait, pollMs, clock }
    return withLock(`${path}.lock`, options, async () => {
      const before = readState()
      // The time is asked for here: while the lock was waited for, another has written.
      const now = clock.now()
      const after = { ...change(settled(before, now, spacing), now), writtenAt: now }
      replaceFile(path, JSON.stringify(after))
      return after
    })
  }

  return {
    read: async spacing => (isShared ? settled(readState(), clock.now(), spacing) : alone.read(spacing)),
    update: (spacing, change) => {
      const update = async (): Promise<BudgetState> => {
        if (!isShared) return alone.update(spacing, change)
        try {
          return await updateFile(spacing, change)
        } catch (error) {
          isShared = false
          tell(error)
          return alone.update(spacing, change)
        }
      }
      // One at a time here, so that the lock on the file is only waited for between processes.
      const mine = turn.then(update)
      turn = mine
      return mine
    },
  }
}

/**
 * In one step, but not through to the disk: after a power cut a budget starts anew. Synchronous, for a few hundred
 * bytes are written sooner than a thread is asked to.
 */
function replaceFile(path: string, content: string): void {
  const draft = `${path}.draft`
  try {
    writeFileSync(draft, content, { mode: privateFile })
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}
