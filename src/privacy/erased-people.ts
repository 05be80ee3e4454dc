/**
 * Who was erased, known by hashes alone. What a person could be known by (an ИИН, a contact's id, a phone) is a
 * *mark*; the landing and the warehouse remember marks only as HMAC-SHA256 under `privacy.erasure_key`, so that a
 * source that shows an erased person again is recognised, and nobody who reads the hashes learns who it was.
 */
import { createHmac } from 'node:crypto'

/** How a mark is written before it is hashed: `iin:650727300949`, `contact:5001`, `near:leads:12345`. */
export type MarkKind = 'iin' | 'contact' | 'phone' | 'email' | 'name' | 'near'

/** The hash by which a mark is remembered. */
export function markHash(erasureKey: string, kind: MarkKind, value: string): string {
  return createHmac('sha256', erasureKey).update(`${kind}:${value}`, 'utf8').digest('hex')
}

/** Tells one erasure key from another without telling anything else about it. */
export function erasureKeyFingerprint(erasureKey: string): string {
  return createHmac('sha256', erasureKey).update('hubdwh erasure key fingerprint').digest('hex').slice(0, 16)
}

/** Answers whether somebody was erased. */
export interface ErasedPeople {
  /** Whether anybody was erased of whom such a mark is known: looking for others is no use. */
  has(kind: MarkKind): boolean
  /** Whether this is a mark of somebody who was erased. */
  knows(kind: MarkKind, value: string): boolean
}

/** Hashes of marks, by kind. */
export type MarkHashes = Readonly<Partial<Record<MarkKind, readonly string[]>>>

/** So many answers are remembered: the same ids come again and again, and a hash costs microseconds. */
const remembered = 200_000

export function erasedPeople(people: readonly MarkHashes[], erasureKey: string): ErasedPeople {
  const hashes = new Map<MarkKind, Set<string>>()
  for (const kind of ['iin', 'contact', 'phone', 'email', 'name', 'near'] as const) {
    const ofKind = people.flatMap(marks => marks[kind] ?? [])
    if (ofKind.length > 0) hashes.set(kind, new Set(ofKind))
  }
  const answers = new Map<string, boolean>()
  return {
    has: kind => hashes.has(kind),
    knows: (kind, value) => {
      const ofKind = hashes.get(kind)
      if (ofKind === undefined) return false
      const name = `${kind}:${value}`
      const known = answers.get(name)
      if (known !== undefined) return known
      const answer = ofKind.has(markHash(erasureKey, kind, value))
      if (answers.size >= remembered) answers.clear()
      answers.set(name, answer)
      return answer
    },
  }
}
