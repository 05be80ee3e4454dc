/**
 * The driver under every way of reading a list. A list is cut into slices; each is read by one request after the
 * other, several slices side by side, and what is to be read last (the tail) when all others are done. A slice is
 * plain JSON, and what a request or an answer means for it is a pure function: the checkpoint's cursor holds the
 * slices as they are, so that a killed extraction goes on with each.
 */
import { z } from 'zod'
import type { AnswerMessage, ExtractionMessage, NoticeMessage } from '../../extraction.js'
import type { JsonValue } from '../../json.js'
import type { Page } from './client.js'
import { askPage, type ReadingContext } from './reading.js'

/** How a list does not behave as it was asked to; another way must be taken. */
export type Disobedience = 'filter_ignored' | 'order_ignored'

/** What a slice asks for next. */
export interface Asked {
  /** Path and query. */
  readonly target: string
  /** Whether an earlier answer said that there is something. */
  readonly isPromised: boolean
  /** How long to wait before, milliseconds. */
  readonly waitMs?: number
}

/** What an answer came to. */
export type Taken<Slice> =
  | {
      readonly kind: 'taken'
      readonly message: AnswerMessage
      readonly notices?: readonly NoticeMessage[]
      /** What of the slice is still to be read; undefined when it has been read to its end. */
      readonly rest: Slice | undefined
    }
  | { readonly kind: 'disobeyed'; readonly how: Disobedience }

/** A stretch of time of which slices are cut off as workers become idle. Unix seconds. */
export const stretchSchema = z.object({
  from: z.number(),
  to: z.number(),
  /** Of the next slice. */
  width: z.number(),
})
export type Stretch = z.infer<typeof stretchSchema>

/** A slice cut into several. */
export interface Parts<Slice> {
  readonly slices: readonly Slice[]
  /** What is to be cut into further slices as workers become idle. */
  readonly stretch?: Stretch
  /** What is to be read when all slices are done; absent where there is one already, or none is needed. */
  readonly tail?: Slice
}

/** A way to read slices; pure. */
export interface SliceReader<Slice extends JsonValue> {
  ask(slice: Slice): Asked
  take(slice: Slice, page: Page): Taken<Slice>
  /**
   * Cuts what is left of a slice, so that idle workers have something to do.
   * @param idle how many more slices can be read at the same time, 1 or more
   * @returns undefined where it is not worth it
   */
  split?(slice: Slice, idle: number): Parts<Slice> | undefined
  /**
   * Cuts the first slice off a stretch.
   * @param tail what is read last, for what it knows
   */
  cut?(stretch: Stretch, tail: Slice): { readonly slice: Slice; readonly stretch: Stretch | null }
  /** What a slice that has been read tells about those to come. @param last the slice as it was before its last answer */
  learn?(stretch: Stretch, last: Slice): Stretch
}

/** Everything that is still to be read: the whole state of a reading. */
export interface Slices<Slice extends JsonValue> {
  readonly slices: readonly Slice[]
  readonly tail: Slice | null
  readonly stretch: Stretch | null
}

/**
 * The state that a cursor holds.
 * @param given the cursor of a checkpoint; null for a reading that begins
 * @param begin the slice with which it begins
 */
export function slicesAt<Slice extends JsonValue>(
  slice: z.ZodType<Slice>,
  given: JsonValue,
  begin: Slice,
): Slices<Slice> {
  if (given === null) return { slices: [begin], tail: null, stretch: null }
  return slicesSchema(slice).parse(given)
}

/** The cursor's schema of {@link Slices}. */
export function slicesSchema<Slice>(slice: z.ZodType<Slice>) {
  return z.object({ slices: z.array(slice), tail: slice.nullable(), stretch: stretchSchema.nullable() })
}

type Answered =
  | { readonly number: number; readonly page: Page }
  | { readonly number: number; readonly error: unknown }

/**
 * Reads slices until none is left, `context.concurrency` at the same time. Messages of different slices
 * interleave; a checkpoint follows each.
 * @returns how the list disobeyed, if it did: then nothing more has been read
 * @throws what the client throws, after what else was under way has come in and been handed on
 */
export async function* readSlices<Slice extends JsonValue>(
  context: ReadingContext,
  reader: SliceReader<Slice>,
  start: Slices<Slice>,
): AsyncGenerator<ExtractionMessage, Disobedience | 'done', undefined> {
  const controller = new AbortController()
  const onAbort = (): void => controller.abort(context.signal?.reason)
  context.signal?.addEventListener('abort', onAbort, { once: true })
  const own: ReadingContext = { ...context, signal: controller.signal }
  const slices = new Map<number, Slice>(start.slices.entries())
  let { tail, stretch } = start
  let nextNumber = slices.size
  const underWay = new Map<number, Promise<Answered>>()
  let failure: { readonly error: unknown } | undefined

  const add = (slice: Slice): void => {
    slices.set(nextNumber, slice)
    nextNumber += 1
  }
  const startRequests = (): void => {
    if (failure) return
    while (stretch !== null && tail !== null && reader.cut && slices.size < context.concurrency) {
      const cut = reader.cut(stretch, tail)
      add(cut.slice)
      stretch = cut.stretch
    }
    if (slices.size === 0 && tail !== null) {
      add(tail)
      tail = null
    }
    for (const [number, slice] of slices) {
      if (underWay.size >= context.concurrency) return
      if (!underWay.has(number)) underWay.set(number, answerTo(own, number, reader.ask(slice)))
    }
  }
  const putBack = (number: number, last: Slice, rest: Slice | undefined): void => {
    slices.delete(number)
    if (rest === undefined) {
      if (stretch !== null && reader.learn) stretch = reader.learn(stretch, last)
      return
    }
    const idle = context.concurrency - slices.size - 1
    const parts = idle > 0 && stretch === null ? reader.split?.(rest, idle) : undefined
    if (parts?.tail !== undefined) tail = parts.tail
    if (parts?.stretch !== undefined) stretch = parts.stretch
    for (const part of parts?.slices ?? [rest]) add(part)
  }

  try {
    context.signal?.throwIfAborted()
    for (;;) {
      startRequests()
      if (underWay.size === 0) break
      const answered = await Promise.race(underWay.values())
      underWay.delete(answered.number)
      if ('error' in answered) {
        failure ??= answered
        continue
      }
      const slice = slices.get(answered.number)
      if (slice === undefined) throw new Error('an answer came for a slice that is not read')
      const taken = reader.take(slice, answered.page)
      if (taken.kind === 'disobeyed') return taken.how
      putBack(answered.number, slice, taken.rest)
      // The next request is on its way while this answer is kept.
      startRequests()
      yield taken.message
      yield* taken.notices ?? []
      const cursor: JsonValue = { slices: [...slices.values()], tail, stretch }
      yield { type: 'checkpoint', cursor }
    }
    if (failure) throw failure.error
    return 'done'
  } finally {
    context.signal?.removeEventListener('abort', onAbort)
    controller.abort(new Error('no longer wanted'))
    await Promise.allSettled(underWay.values())
  }
}

async function answerTo(context: ReadingContext, number: number, asked: Asked): Promise<Answered> {
  try {
    if (asked.waitMs !== undefined) await context.clock.sleep(asked.waitMs, context.signal)
    return { number, page: await askPage(context, asked.target, asked.isPromised) }
  } catch (error) {
    return { number, error }
  }
}
