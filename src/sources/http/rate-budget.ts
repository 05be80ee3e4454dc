/** How many requests may go out, and what a source's complaints change about it. */
import { type Chance, type Clock, type Reporter, systemChance, systemClock } from '../../effects.js'
import { messageOf, type UnavailableError } from '../../errors.js'
import { type BudgetState, blocked, leased, paused, recovered, slowed } from './budget-state.js'
import { type BudgetStore, fileStore, memoryStore } from './budget-store.js'
import { blockedUntil, toldToWait } from './failures.js'
import { createPaceWatch } from './pace-watch.js'
import { longestRetryAfterMs, pauseLength } from './retry.js'

/** Clients that share a limit share one budget. Instants are Unix milliseconds. */
export interface RateBudget {
  /**
   * Waits for the caller's turn.
   * @throws UnavailableError `blocked` while the source blocks this program, `told_to_wait` where it asked for more
   *   patience than a run has; the signal's reason when it is aborted
   */
  take(signal?: AbortSignal): Promise<void>
  /**
   * The source said that it was too much (429): nobody goes through for a while, longer each time.
   * @param sentAt when the request went out
   * @param askedMs how long the source asked to be left alone
   * @returns until when
   */
  tooMany(sentAt: number, askedMs?: number): Promise<number>
  /**
   * The source blocks this program: nobody asks it until the block has cooled down.
   * @returns until when
   */
  blocked(sentAt: number): Promise<number>
  /** A good answer came, after so many milliseconds. */
  answered(milliseconds: number): Promise<void>
}

export interface BudgetOptions {
  /** `amoCRM`, for messages. */
  readonly source: string
  /** Any number above 0, fractions too. */
  readonly requestsPerSecond: number
  /** Whether the rate is a guess that the source's answers correct: Alaqan's limit is not documented. */
  readonly isAdaptive?: boolean
  readonly clock?: Clock
  readonly chance?: Chance
}

/** A budget of this process alone. */
export function createRateBudget(requestsPerSecond: number, clock: Clock = systemClock): RateBudget {
  return createBudget(memoryStore(clock), { source: 'the source', requestsPerSecond, clock })
}

/**
 * A budget that all processes of this machine share.
 * @param path of the file in which it stands, for its owner only
 */
export function createSharedBudget(path: string, options: BudgetOptions & { readonly reporter: Reporter }) {
  const { clock = systemClock, reporter, source } = options
  const tell = (problem: unknown): void =>
    reporter.debug(`The rate budget of ${source} is this process's own: ${messageOf(problem)}`)
  return createBudget(fileStore(path, clock, tell), options)
}

/** No limit at all, for tests and for servers of one's own. */
export const unlimited: RateBudget = {
  take: async signal => signal?.throwIfAborted(),
  tooMany: async sentAt => sentAt,
  blocked: async sentAt => sentAt,
  answered: async () => {},
}

/**
 * Requests go out this much further apart than the rate says: the source counts them when they arrive, in seconds
 * of its own, and the way there takes now longer and now shorter.
 */
const margin = 1.025
/** Above this many a second requests go out in groups, so that taking turns costs less than the requests. */
const groupsPerSecond = 50
/** A `Retry-After` of nothing at all is not taken at its word. Milliseconds. */
const shortestPause = 1_000

/** A budget over a store; see {@link RateBudget}. Spaces requests evenly, so that no second holds more than the rate. */
export function createBudget(store: BudgetStore, options: BudgetOptions): RateBudget {
  const {
    source,
    requestsPerSecond,
    isAdaptive = false,
    clock = systemClock,
    chance = systemChance,
  } = options
  const spacingOf = (share: number): number => (1000 * margin) / (requestsPerSecond * share)
  const whole = spacingOf(1)
  const pace = createPaceWatch()
  const departures = createDepartures(requestsPerSecond)
  let group = { left: 0, startsAt: 0, endsAt: 0 }
  let lining: Promise<unknown> = Promise.resolve()
  /** As it was last seen. */
  let share = 1

  /** When the caller may go. One at a time: a group of turns is taken for all. */
  function lineUp(): Promise<number> {
    const mine = lining.then(async () => {
      if (group.left === 0 || clock.now() > group.endsAt) group = await leaseGroup()
      group.left -= 1
      return group.startsAt
    })
    lining = mine.catch(() => {})
    return mine
  }

  async function leaseGroup(): Promise<typeof group> {
    const turns = Math.max(1, Math.floor(requestsPerSecond / groupsPerSecond))
    let spacing = whole
    let refusal: UnavailableError | undefined
    const state = await store.update(whole, (before, now) => {
      share = isAdaptive ? before.share : 1
      spacing = spacingOf(share)
      refusal = whyClosed(before, now)
      return refusal ? before : leased(before, now, spacing, turns)
    })
    if (refusal) throw refusal
    return { left: turns, startsAt: state.nextTurn - turns * spacing, endsAt: state.nextTurn }
  }

  function whyClosed(state: BudgetState, now: number): UnavailableError | undefined {
    if (now < state.blockedUntil) return blockedUntil(source, state.blockedUntil, now)
    const pause = state.pausedUntil - now
    return pause > longestRetryAfterMs ? toldToWait(source, pause) : undefined
  }

  async function waitFor(instant: number, signal: AbortSignal | undefined): Promise<boolean> {
    const wait = instant - clock.now()
    if (wait <= 0) return false
    await clock.sleep(wait, signal)
    return true
  }

  return {
    take: async signal => {
      for (;;) {
        signal?.throwIfAborted()
        const hasWaited = await waitFor(await lineUp(), signal)
        await waitFor(departures.reserve(clock.now()), signal)
        signal?.throwIfAborted()
        if (!hasWaited) return
        // Meanwhile anyone may have been told that it was too much. Whoever was held back lines up again: they
        // must not all go the moment the pause ends.
        const state = await store.read(whole)
        const now = clock.now()
        const refusal = whyClosed(state, now)
        if (refusal) throw refusal
        if (now >= state.pausedUntil) return
        group = { ...group, left: 0 }
      }
    },
    tooMany: async (sentAt, askedMs) => {
      const waitMs = (pauses: number): number =>
        askedMs === undefined ? pauseLength(pauses, chance) : Math.max(askedMs, shortestPause)
      group = { ...group, left: 0 }
      const state = await store.update(whole, (before, now) => {
        const after = paused(before, now, sentAt, waitMs)
        return isAdaptive && after.pausedFrom !== before.pausedFrom ? slowed(after, 0.5) : after
      })
      return state.pausedUntil
    },
    blocked: async sentAt => {
      const state = await store.update(whole, (before, now) => blocked(before, now, sentAt))
      return state.blockedUntil
    },
    answered: async milliseconds => {
      const verdict = isAdaptive ? pace.note(milliseconds) : 'too_early'
      if (verdict === 'slow') await store.update(whole, before => slowed(before, 0.9))
      if (verdict === 'fine' && share < 1) await store.update(whole, recovered)
    },
  }
}

/**
 * When this process's requests really went out. A process that was held up (it parsed, it swapped) sends late, and
 * what follows on time would come too close: no second may hold more than the rate.
 */
function createDepartures(requestsPerSecond: number) {
  const most = Math.ceil(requestsPerSecond)
  let instants: readonly number[] = []
  return {
    /** When a request that has its turn now may really go. */
    reserve: (now: number): number => {
      if (most > groupsPerSecond) return now
      const before = instants.at(-most)
      // Ahead of now only where the clock was put back.
      const earliest = before === undefined || before > now ? now : before + 1000
      const instant = Math.max(now, earliest)
      instants = [...instants.slice(1 - most), instant].slice(-most)
      return instant
    },
  }
}
