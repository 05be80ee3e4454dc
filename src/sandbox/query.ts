/** The query of a request, with PHP's brackets (`filter[id][]`), plain or percent-encoded. */
export interface Query {
  /** The last value of exactly this key. */
  one(key: string): string | undefined
  /** All values of `key`, `key[]` and `key[0]`, in the order they were sent. */
  many(key: string): readonly string[]
  /** What stands in the brackets of `order[created_at]=asc`: `[['created_at', 'asc']]`. */
  inBrackets(key: string): readonly (readonly [name: string, value: string])[]
  /** The comma-separated values of a key, trimmed: `with=contacts,loss_reason`. */
  words(key: string): ReadonlySet<string>
  /** The same query with one key set to another value, percent-encoded, without the `?`. */
  encodedWith(key: string, value: string): string
}

const numberedBrackets = /^\[\d*\]$/

/** Reads what follows the `?` of a URL. Never throws: a broken percent sequence stays as it is. */
export function parseQuery(search: string): Query {
  const pairs = [...new URLSearchParams(search)]
  return {
    one: key => pairs.findLast(([name]) => name === key)?.[1],
    many: key =>
      pairs
        .filter(
          ([name]) => name === key || (name.startsWith(key) && numberedBrackets.test(name.slice(key.length))),
        )
        .map(([, value]) => value),
    inBrackets: key =>
      pairs
        .filter(([name]) => name.startsWith(`${key}[`) && name.endsWith(']'))
        .map(([name, value]) => [name.slice(key.length + 1, -1), value] as const),
    words: key =>
      new Set(
        pairs
          .filter(([name]) => name === key || name === `${key}[]`)
          .flatMap(([, value]) => value.split(','))
          .map(word => word.trim())
          .filter(word => word !== ''),
      ),
    encodedWith: (key, value) => {
      const changed = new URLSearchParams(search)
      changed.set(key, value)
      return changed.toString()
    },
  }
}
