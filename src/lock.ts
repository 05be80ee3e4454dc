/**
 * A lock between processes: a file that says who holds it. It survives `kill -9` without locking anyone out:
 * a holder on this machine is asked for by process id and start time, one elsewhere (a container on a shared
 * volume) must have touched the file lately.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, open, readFile, rm, stat, unlink, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { z } from 'zod'
import { type Clock, systemClock } from './effects.js'
import { UnavailableError } from './errors.js'

const heartbeatMs = 10_000
/** A holder on another machine that has not touched its lock for so long is taken for dead. */
const silentHolderMs = 90_000
const usualPollMs = 100

/** A lock that is held. Releasing it twice does nothing. */
export interface Lock {
  release(): Promise<void>
}

export interface LockOptions {
  /** What the lock protects, for the message to whoever has to wait: `the amoCRM token`. */
  readonly purpose: string
  /** How long to wait for another holder, in milliseconds; by default not at all. */
  readonly waitMs?: number
  /** How often to look whether it is free, in milliseconds; 100 by default. */
  readonly pollMs?: number
  readonly clock?: Clock
  readonly signal?: AbortSignal
}

const holderSchema = z.object({
  token: z.string(),
  host: z.string(),
  pid: z.number().int(),
  /** When the process started, in the kernel's ticks; null where the system does not tell. */
  startedAt: z.string().nullable(),
})
type Holder = z.infer<typeof holderSchema>

/** The locks that this process holds: its own process id in a file of an earlier life must not mislead. */
const heldHere = new Set<string>()

/**
 * Takes the lock, by creating the file with its holder's name in one step.
 * @throws UnavailableError `locked` when another process holds it longer than `waitMs`.
 */
export async function acquireLock(path: string, options: LockOptions): Promise<Lock> {
  const clock = options.clock ?? systemClock
  const pollMs = options.pollMs ?? usualPollMs
  const deadline = clock.now() + (options.waitMs ?? 0)
  for (;;) {
    const lock = await tryToCreate(path)
    if (lock) return lock
    const holder = await readHolder(path)
    if (holder === 'gone') continue
    if (await isDead(path, holder, clock)) {
      await removeStale(path, holder, clock, pollMs)
      continue
    }
    if (clock.now() >= deadline) throw lockedError(path, options.purpose, holder)
    await clock.sleep(pollMs, options.signal)
  }
}

/** Runs the work while the lock is held. */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const lock = await acquireLock(path, options)
  try {
    return await work()
  } finally {
    await lock.release()
  }
}

/** Who holds a lock, as far as its file tells. */
export interface LockHolder {
  /** Undefined where the file cannot be read. */
  readonly pid: number | undefined
  readonly host: string | undefined
  /** Whoever wants the lock next takes it over. */
  readonly isDead: boolean
}

/** Looks who holds a lock, and takes nothing; undefined where it is free. */
export async function lockHolder(path: string, clock: Clock = systemClock): Promise<LockHolder | undefined> {
  const holder = await readHolder(path)
  if (holder === 'gone') return undefined
  const who = holder === 'unreadable' ? { pid: undefined, host: undefined } : holder
  return { pid: who.pid, host: who.host, isDead: await isDead(path, holder, clock) }
}

async function tryToCreate(path: string): Promise<Lock | undefined> {
  const token = randomBytes(12).toString('hex')
  const holder: Holder = { token, host: hostname(), pid: process.pid, startedAt: startOf(process.pid) }
  const draft = `${path}.${token}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(JSON.stringify(holder))
  } finally {
    await file.close()
  }
  try {
    // A link appears whole or not at all, so nobody ever reads a half-written holder.
    await link(draft, path)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined
    throw error
  } finally {
    await unlink(draft)
  }
  heldHere.add(token)
  const heartbeat = setInterval(() => void touch(path), heartbeatMs)
  heartbeat.unref()
  return {
    release: async () => {
      clearInterval(heartbeat)
      if (!heldHere.delete(token)) return
      const now = await readHolder(path)
      if (now !== 'gone' && now !== 'unreadable' && now.token === token) await rm(path, { force: true })
    },
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date()
  // A lock that cannot be touched (its folder is gone, the disk read-only) must not stop the work.
  await utimes(path, now, now).catch(() => {})
}

async function readHolder(path: string): Promise<Holder | 'gone' | 'unreadable'> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'gone'
    throw error
  }
  try {
    return holderSchema.parse(JSON.parse(text))
  } catch {
    return 'unreadable'
  }
}

async function isDead(path: string, holder: Holder | 'unreadable', clock: Clock): Promise<boolean> {
  if (holder === 'unreadable' || holder.host !== hostname()) {
    return (await ageOf(path, clock)) > silentHolderMs
  }
  if (heldHere.has(holder.token)) return false
  if (!isRunning(holder.pid)) return true
  // The number may have been given to another process since, this one included.
  return holder.startedAt !== null && startOf(holder.pid) !== holder.startedAt
}

/** Removes a dead holder's file. Only one process at a time may, else a fresh lock could be removed. */
async function removeStale(
  path: string,
  dead: Holder | 'unreadable',
  clock: Clock,
  pollMs: number,
): Promise<void> {
  const guard = `${path}.removal`
  try {
    await (await open(guard, 'wx', 0o600)).close()
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    if ((await ageOf(guard, clock)) > silentHolderMs) await rm(guard, { force: true })
    await clock.sleep(pollMs)
    return
  }
  try {
    const now = await readHolder(path)
    const isSame =
      typeof now === 'object' && typeof dead === 'object' ? now.token === dead.token : now === dead
    if (isSame) await rm(path, { force: true })
  } finally {
    await rm(guard, { force: true })
  }
}

async function ageOf(path: string, clock: Clock): Promise<number> {
  try {
    return clock.now() - (await stat(path)).mtimeMs
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0
    throw error
  }
}

/** Whether a process of this machine runs, whosever it is. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return codeOf(error) === 'EPERM'
  }
}

/** When a process started, as Linux tells it in the 22nd field of its stat file; null elsewhere. */
function startOf(pid: number): string | null {
  try {
    // The second field is the command in parentheses and may hold anything, spaces and parentheses too.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
    return fields?.[19] ?? null
  } catch {
    return null
  }
}

function lockedError(path: string, purpose: string, holder: Holder | 'unreadable'): UnavailableError {
  const who = holder === 'unreadable' ? 'another process' : `process ${holder.pid} on ${holder.host}`
  return new UnavailableError('locked', `${who} is using ${purpose} (${path}).`, {
    advice: 'Wait until it has finished, or end it, then run the command again.',
  })
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
