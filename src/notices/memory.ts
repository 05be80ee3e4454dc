/**
 * What has been told, by channel: a small file beside the landing, since the warehouse may be what is down. It holds
 * causes and times, nothing of what stands in tables.
 */
import { z } from 'zod'
import { readRemembered, remember } from '../remembered.js'
import { areaOf, type Cause, causeSchema, isEndTold, keyOf } from './cause.js'

const entrySchema = z.strictObject({
  cause: causeSchema,
  /** When it was last told, ISO 8601. */
  toldAt: z.iso.datetime(),
  /** It has ended since. */
  isOver: z.boolean(),
})
const memorySchema = z.strictObject({
  version: z.literal(1),
  channels: z.record(z.string(), z.record(z.string(), entrySchema)),
})

export type Entry = Readonly<z.infer<typeof entrySchema>>
/** What one channel was told, by the cause's key. */
export type ChannelMemory = Readonly<Record<string, Entry>>
/** Of all channels, by their ids. */
export type Memory = Readonly<Record<string, ChannelMemory>>

/**
 * Reads what was told; nothing where there is no file.
 * @throws where there is one that cannot be read or understood
 */
export async function readMemory(path: string): Promise<Memory> {
  return (await readRemembered(path, memorySchema))?.channels ?? {}
}

/** @throws as writeDurably does */
export function writeMemory(path: string, channels: Memory): Promise<void> {
  return remember(path, { version: 1, channels })
}

const hourMs = 3_600_000
/** Two machines that share the landing may differ by so much. */
const toleratedSkewMs = 600_000
/** An entry that nothing has touched for so long is of no use: a check or a source that is gone. */
const forgottenAfterMs = 400 * 24 * hourMs

/** How long a cause is not told again, milliseconds. A token near its end is no news every day of two weeks. */
export function quietMs(cause: Cause): number {
  return cause.kind === 'token_ends' ? 7 * 24 * hourMs : 24 * hourMs
}

/** Until when a told cause is not told again, Unix milliseconds. */
export function quietUntil({ cause, toldAt }: Entry): number {
  return Date.parse(toldAt) + quietMs(cause)
}

/**
 * Whether a cause is to be told now. One that was told in the future was told before the clock was set back: it must
 * not be silent until then.
 */
function isDue(entry: Entry | undefined, cause: Cause, now: number): boolean {
  if (!entry) return true
  const age = now - Date.parse(entry.toldAt)
  return age >= quietMs(cause) || age < -toleratedSkewMs
}

export interface News {
  /** To be told. */
  readonly causes: readonly Cause[]
  /** Told earlier, over now, and worth saying so. */
  readonly ended: readonly Entry[]
  /** Over, and nothing is said about it. */
  readonly endedSilently: readonly Entry[]
}

/**
 * What is news to a channel.
 * @param current what came up now
 * @param covered the areas that were gone through: what was told of them and has not come up is over
 * @param now Unix milliseconds
 */
export function newsFor(
  memory: ChannelMemory,
  { current, covered }: { readonly current: readonly Cause[]; readonly covered: readonly string[] },
  now: number,
): News {
  const causes = current.filter(cause => isDue(memory[keyOf(cause)], cause, now))
  const currentKeys = new Set(current.map(keyOf))
  // Another error in the same place: it does not work again.
  const failing = new Set(current.filter(({ kind }) => kind === 'run_failed').map(areaOf))
  const over = Object.entries(memory)
    .filter(([key, { cause, isOver }]) => {
      const area = areaOf(cause)
      return !isOver && !currentKeys.has(key) && covered.includes(area) && !failing.has(area)
    })
    .map(([, entry]) => entry)
  return {
    causes,
    ended: over.filter(({ cause }) => isEndTold(cause)),
    endedSilently: over.filter(({ cause }) => !isEndTold(cause)),
  }
}

/** The memory after causes have been told. */
export function withTold(memory: ChannelMemory, causes: readonly Cause[], now: number): ChannelMemory {
  const toldAt = new Date(now).toISOString()
  const told = causes.map((cause): [string, Entry] => [keyOf(cause), { cause, toldAt, isOver: false }])
  return { ...memory, ...Object.fromEntries(told) }
}

/** The memory after causes have ended. When they were told stays: one that comes back the same day is no news. */
export function withEnded(memory: ChannelMemory, entries: readonly Entry[]): ChannelMemory {
  const ended = entries.map((entry): [string, Entry] => [keyOf(entry.cause), { ...entry, isOver: true }])
  return { ...memory, ...Object.fromEntries(ended) }
}

/** Without what no longer says anything. */
export function withoutOld(memory: ChannelMemory, now: number): ChannelMemory {
  return Object.fromEntries(
    Object.entries(memory).filter(([, entry]) => {
      const isQuietNoMore = now >= quietUntil(entry)
      return !(entry.isOver && isQuietNoMore) && now - Date.parse(entry.toldAt) < forgottenAfterMs
    }),
  )
}
