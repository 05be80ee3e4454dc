/**
 * Does the work for several items at once and yields the results in the items' order. When the consumer stops
 * early, or one item fails, the work that is under way is aborted.
 * @param limit how many items are worked on at the same time, and so how many results wait in memory
 */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
): AsyncGenerator<Result, void, undefined> {
  const controller = new AbortController()
  const onAbort = (): void => controller.abort(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  const underWay: Promise<Result>[] = []
  const waiting = items.values()
  try {
    for (;;) {
      signal?.throwIfAborted()
      while (underWay.length < limit) {
        const { done, value } = waiting.next()
        if (done) break
        const result = work(value, controller.signal)
        // It is awaited in its turn; until then its failure is nobody's unhandled rejection.
        result.catch(() => {})
        underWay.push(result)
      }
      const first = underWay.shift()
      if (!first) return
      yield await first
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    controller.abort(new Error('no longer wanted'))
    await Promise.allSettled(underWay)
  }
}
