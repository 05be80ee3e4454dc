/**
 * A second that fills more than a page (a mass edit): read page by page, in passes, until two successive passes
 * have brought the same sequence. Why that is needed and enough is told in docs/extraction.md ("A crowded second").
 */
import { z } from 'zod'
import type { Page } from './client.js'
import { digestWith, secondOf } from './reading.js'

/** So many passes over a second that does not settle are enough; a sweep finds what they may have missed. */
export const mostPasses = 20

export const crowdSchema = z.object({
  /** The lower bound that is asked for, Unix seconds: the same for all pages of a pass. */
  from: z.number(),
  /** The page that comes next. */
  page: z.number(),
  /** Of everything that this pass has brought. */
  digest: z.string(),
  /** Of the pass before; null where there was none, or the second was not over when it began. */
  previous: z.string().nullable(),
  /** Passes before this one. */
  passes: z.number(),
  /** Whether the second was over, by the server's clock, when this pass began. */
  isOver: z.boolean(),
  /** Whether the second was not over a moment ago, so that the next request waits. */
  mustWait: z.boolean(),
})
type Crowd = z.infer<typeof crowdSchema>

/** The beginning of the first pass. */
export function firstPass(from: number): Crowd {
  return { from, page: 1, digest: '', previous: null, passes: 0, isOver: false, mustWait: false }
}

/** Where a page of a pass leads. */
export type PassOutcome =
  | { readonly kind: 'on'; readonly crowd: Crowd }
  /** Everything of the second has come. */
  | { readonly kind: 'settled' }
  /** It did not stand still. */
  | { readonly kind: 'given_up' }

/**
 * @param second the crowded one, Unix seconds
 * @param from the lower bound for passes to come
 */
export function afterPassPage(crowd: Crowd, second: number, from: number, page: Page): PassOutcome {
  // One second more, for clocks of the server that differ among themselves.
  const isOver = crowd.page === 1 ? secondOf(page) > second + 1 : crowd.isOver
  const digest = digestWith(crowd.digest, page.records)
  if (page.next !== undefined) {
    return { kind: 'on', crowd: { ...crowd, page: crowd.page + 1, digest, isOver, mustWait: false } }
  }
  // One page is a whole look at a single instant.
  if (isOver && (crowd.page === 1 || digest === crowd.previous)) return { kind: 'settled' }
  const passes = crowd.passes + 1
  if (passes >= mostPasses) return { kind: 'given_up' }
  const previous = isOver ? digest : null
  return { kind: 'on', crowd: { ...firstPass(from), previous, passes, mustWait: !isOver } }
}
