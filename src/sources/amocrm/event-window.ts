/**
 * A window of the event log. Events never change and have no order that is promised: a window that lies in the past
 * stands still, which every answer must bear out. See docs/extraction.md ("Events").
 */
import { z } from 'zod'
import { MalformedAnswerError } from '../../extraction.js'
import { type Page, target } from './client.js'
import type { List } from './entities.js'
import { beginWalk, isAsExpected, nextPlace, stepOn, unknownOrder, walkSchema } from './overlapped-pages.js'
import type { Parts, SliceReader, Taken } from './read-slices.js'
import {
  type Bounds,
  commonQuery,
  digestWith,
  farAhead,
  nameOf,
  pageMessage,
  type Query,
  type ReadingContext,
  timeOf,
  timesIn,
  warning,
} from './reading.js'

export const eventWindowSchema = z.object({
  /** First and last second; a null end: up to now. */
  from: z.number(),
  to: z.number().nullable(),
  walk: walkSchema,
  /** Ids of events that were taken before the window was cut out. */
  seen: z.array(z.string()),
  /** The least time seen: where the window is cut, nothing much lies before. */
  least: z.number().nullable(),
  /** Whether an answer of this pass was not what the one before let expect. */
  isDisturbed: z.boolean(),
  /** Of everything that this pass has brought. */
  digest: z.string(),
  /** Of the pass before; null where there was none. */
  previous: z.string().nullable(),
  /** Passes before this one. */
  passes: z.number(),
})
export type EventWindow = z.infer<typeof eventWindowSchema>

/** A window that still changes after so many passes is left as it is, and that is said. */
const mostPasses = 20
/** A log that is longer than so many pages is read in windows, several side by side. */
const pagesWorthCutting = 10
/** A window should have about so many pages. */
const usualPages = 10
/** Seconds. */
const leastWidth = 60

/** Everything from a second on. */
export function eventsFrom(from: number, longest: number): EventWindow {
  const begin = { walk: beginWalk(longest), seen: [], least: null }
  return { from, to: null, ...begin, isDisturbed: false, digest: '', previous: null, passes: 0 }
}

/** @throws MalformedAnswerError `filter_ignored` from `take` */
export function eventReader(context: ReadingContext, list: List): SliceReader<EventWindow> {
  const { entity, since, ceiling, eventTypes } = context

  /** One second more on each side, since bounds may be exclusive. */
  const boundsOf = ({ from, to }: EventWindow): Bounds => ({
    from: Math.max(0, from - 1),
    to: to === null ? farAhead(ceiling) : to + 1,
  })

  /** What follows a pass over the whole window. */
  const afterPass = (window: EventWindow) => {
    // Up to now, events come in all the time; what matters is that its pages are joined, and they are.
    const isSettled = window.to === null || !window.isDisturbed || window.digest === window.previous
    if (isSettled) return { rest: undefined }
    const passes = window.passes + 1
    if (passes >= mostPasses) return { rest: undefined, notices: [unsettled(list)] }
    const walk = { ...beginWalk(window.walk.longest), taken: window.walk.taken }
    const again = { isDisturbed: false, digest: '', previous: window.digest, passes }
    return { rest: { ...window, ...again, walk } }
  }

  return {
    ask: window => {
      const { page, limit } = nextPlace(window.walk)
      const query = [
        ...commonQuery({ ...entity, limit }),
        ...eventFilter(boundsOf(window), eventTypes),
        ['page', String(page)] as const,
      ]
      return { target: target(list.path, query), isPromised: page > 1 }
    },

    take: (window, page): Taken<EventWindow> => {
      const times = timesIn(page.records, 'created_at')
      refuseUnfiltered(page, times, boundsOf(window))
      const step = stepOn(window.walk, page, unknownOrder)
      if (step.isLost) return { kind: 'disobeyed', how: 'order_ignored' }
      const seen = new Set(window.seen)
      const message = pageMessage(entity, list, page, record => {
        const time = timeOf(record, 'created_at')
        if (time !== undefined && time < window.from && time >= since) return true
        if (time !== undefined && window.to !== null && time > window.to) return true
        return seen.has(nameOf(record)) || step.isTaken(record)
      })
      const least = Math.min(window.least ?? Number.POSITIVE_INFINITY, ...times)
      const passed: EventWindow = {
        ...window,
        least: Number.isFinite(least) ? least : null,
        isDisturbed: window.isDisturbed || !isAsExpected(window.walk, page),
        digest: digestWith(window.digest, page.records),
      }
      if (step.rest) return { kind: 'taken', message, rest: { ...passed, walk: step.rest } }
      return { kind: 'taken', message, ...afterPass(passed) }
    },

    split: (window): Parts<EventWindow> | undefined => {
      const { walk, least, from } = window
      if (window.to !== null || from >= ceiling || walk.pages < pagesWorthCutting) return undefined
      // What these pages brought is not brought again: the log is read anew, in windows that stand still.
      const seen = walk.taken.map(version => version.trimEnd())
      const span = Math.max(1, ceiling - Math.max(from, least ?? from))
      const width = Math.max(leastWidth, Math.ceil((span / walk.pages) * usualPages))
      const tail = { ...eventsFrom(ceiling, walk.longest), seen }
      return { slices: [], stretch: { from, to: ceiling - 1, width }, tail }
    },

    cut: ({ from, to, width }, model) => {
      const end = Math.min(to, from + width - 1)
      const window = { ...eventsFrom(from, model.walk.longest), to: end, seen: model.seen }
      return { slice: window, stretch: end < to ? { from: end + 1, to, width } : null }
    },

    learn: (stretch, { walk, from, to }) => {
      if (to === null) return stretch
      const pages = walk.pages + 1
      const factor =
        pages < usualPages / 2
          ? Math.min(4, usualPages / pages)
          : pages > 2 * usualPages
            ? usualPages / pages
            : 1
      return { ...stretch, width: Math.max(leastWidth, Math.ceil((to - from + 1) * factor)) }
    },
  }
}

/** Events of these types that happened between the bounds. */
export function eventFilter({ from, to }: Bounds, types: readonly string[]): Query {
  return [
    ['filter[created_at][from]', String(from)],
    ['filter[created_at][to]', String(to)],
    ...types.map(type => ['filter[type][]', type] as const),
  ]
}

/** Without its filter the log would come whole in every window: rather none than that. */
function refuseUnfiltered(page: Page, times: readonly number[], { from, to }: Bounds): void {
  if (times.every(time => time >= from && time <= to)) return
  const message = `amoCRM ignores filter[created_at] on ${page.answer.request}.`
  throw new MalformedAnswerError('filter_ignored', message, page.answer)
}

function unsettled(list: List) {
  return warning(
    'window_unsettled',
    `A window of ${list.path} kept changing while it was read ${mostPasses} times: some of its events may be missing.`,
  )
}
