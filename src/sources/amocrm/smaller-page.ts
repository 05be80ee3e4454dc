/** Asking for less where amoCRM's gateway has no patience: 504 (reference, "Limits"). */

/** Into so many pages a page is split, the fewest first. */
const divisors = [2, 5, 10, 25]
/** Nobody is helped by pages of one record. */
const leastLimit = 5

/**
 * The first part of a page as a page of its own, which begins at the same record; the `next` link of its answer
 * leads to the other parts. Undefined where the page is small already, or no page.
 */
export function smallerPage(url: URL): URL | undefined {
  const limit = Number(url.searchParams.get('limit') ?? Number.NaN)
  const page = Number(url.searchParams.get('page') ?? 1)
  const parts = divisors.find(count => limit % count === 0 && limit / count >= leastLimit)
  if (parts === undefined || !Number.isInteger(page)) return undefined
  const smaller = new URL(url)
  smaller.searchParams.set('limit', String(limit / parts))
  if (url.searchParams.has('page')) smaller.searchParams.set('page', String((page - 1) * parts + 1))
  return smaller
}
