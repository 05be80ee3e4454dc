import { createHash } from 'node:crypto'

/** What a channel is called in the memory: its kind, and a digest of where it leads. */
export function digestOf(kind: string, parts: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return `${kind}:${digest.slice(0, 16)}`
}
