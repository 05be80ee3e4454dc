import { createHash } from 'node:crypto'

/** What a place outside is called in a memory of ours: its kind, and a digest of where it leads. */
export function placeId(kind: string, parts: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return `${kind}:${digest.slice(0, 16)}`
}
