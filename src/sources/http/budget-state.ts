/**
 * What all who share a limit know of it, and how it changes: pure. Instants are Unix milliseconds. It stands in a
 * file between processes (budget-store.ts), so nothing in it is trusted until {@link settled}.
 */
import { z } from 'zod'

const instant = z.number().finite()
const count = z.number().int().min(0).max(1000)

export const budgetStateSchema = z.object({
  /** When the next request may go out. */
  nextTurn: instant,
  /** The last pause after "too many requests". */
  pausedFrom: instant,
  pausedUntil: instant,
  /** How many pauses there were, each soon after the one before. */
  pauses: count,
  /** The last block. */
  blockedFrom: instant,
  blockedUntil: instant,
  /** How many blocks there were, each within a day of the one before. */
  blocks: count,
  /** Which part of the configured rate is used, 0 to 1: a source whose limit nobody told us is felt out. */
  share: z.number().gt(0).max(1),
  /** When this was written. */
  writtenAt: instant,
})
export type BudgetState = Readonly<z.infer<typeof budgetStateSchema>>

const second = 1000
const minute = 60 * second
const day = 24 * 60 * minute

/** A pause that starts later than this after the last one's end is the first of its kind again. */
const calmAfterPause = minute
/** A pause that anyone could ask for; a longer one is an error, or an insult. */
const longestPause = day
const firstBlock = 15 * minute
const longestBlock = day
const calmAfterBlock = day
/** Nobody queues for longer than this or so many turns. */
const longestQueue = minute
const mostQueued = 200
/** The source is not given up, however slow it is. */
const leastShare = 1 / 64

export const untouched: BudgetState = {
  nextTurn: 0,
  pausedFrom: 0,
  pausedUntil: 0,
  pauses: 0,
  blockedFrom: 0,
  blockedUntil: 0,
  blocks: 0,
  share: 1,
  writtenAt: 0,
}

/**
 * The state as it can be meant at an instant. Where the clock has been put back since it was written, what was left
 * of each wait then is left now; what lies impossibly far ahead is no wait at all.
 * @param spacing between two requests, milliseconds
 */
export function settled(state: BudgetState, now: number, spacing: number): BudgetState {
  const shift = Math.min(0, now - state.writtenAt)
  const pausedUntil = state.pausedUntil + shift
  const isPauseMeant = pausedUntil - now <= longestPause
  const nextTurn = state.nextTurn + shift
  const queue = Math.max(longestQueue, mostQueued * spacing)
  const queuedFrom = isPauseMeant ? Math.max(now, pausedUntil) : now
  return {
    ...state,
    nextTurn: nextTurn - queuedFrom <= queue ? nextTurn : queuedFrom,
    pausedFrom: state.pausedFrom + shift,
    pausedUntil: isPauseMeant ? pausedUntil : now,
    blockedFrom: state.blockedFrom + shift,
    blockedUntil: Math.min(state.blockedUntil + shift, now + longestBlock),
    writtenAt: now,
  }
}

/** So many turns taken. They begin at the returned state's `nextTurn` less `count` spacings. */
export function leased(state: BudgetState, now: number, spacing: number, turns: number): BudgetState {
  const start = Math.max(now, state.nextTurn, state.pausedUntil)
  return { ...state, nextTurn: start + turns * spacing }
}

/**
 * Nobody goes through for a while: the source said that it was too much.
 * @param sentAt when the refused request went out: one from before the pause says nothing new
 * @param waitMs how long, by the number of pauses in a row
 */
export function paused(
  state: BudgetState,
  now: number,
  sentAt: number,
  waitMs: (pauses: number) => number,
): BudgetState {
  const isKnown = state.pauses > 0 && sentAt <= state.pausedFrom
  const isFirst = now - state.pausedUntil > calmAfterPause
  const pauses = isKnown ? state.pauses : isFirst ? 1 : Math.min(state.pauses + 1, 1000)
  const pausedUntil = isKnown
    ? state.pausedUntil
    : Math.max(state.pausedUntil, now + Math.min(waitMs(pauses), longestPause))
  return {
    ...state,
    pauses,
    pausedFrom: isKnown ? state.pausedFrom : now,
    pausedUntil,
    nextTurn: Math.max(state.nextTurn, pausedUntil),
  }
}

/** Nobody asks at all: 15 minutes, and twice as long for each block that follows within a day. */
export function blocked(state: BudgetState, now: number, sentAt: number): BudgetState {
  if (state.blocks > 0 && sentAt <= state.blockedFrom) return state
  const blocks = now - state.blockedUntil > calmAfterBlock ? 1 : Math.min(state.blocks + 1, 1000)
  const length = Math.min(firstBlock * 2 ** (blocks - 1), longestBlock)
  return { ...state, blocks, blockedFrom: now, blockedUntil: now + length }
}

/** The share of the rate made so many times as large. */
export function slowed(state: BudgetState, factor: number): BudgetState {
  return { ...state, share: Math.max(leastShare, state.share * factor) }
}

/** A step back towards the whole rate. */
export function recovered(state: BudgetState): BudgetState {
  return { ...state, share: Math.min(1, state.share + 0.05) }
}
