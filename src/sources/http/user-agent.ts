import { readFileSync } from 'node:fs'

/** `hubdwh/<version>`: the vendors can tell who asks. */
export const userAgent = `hubdwh/${version()}`

function version(): string {
  // The same distance from sources and from the built files.
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? '0'
}
