/**
 * The members of a JSON object, also those whose key comes twice. `JSON.parse` keeps the last of them and
 * drops the others without a word; at a gate that would lose a person's events.
 */
import type { JsonValue } from '../../json.js'

export type JsonMember = readonly [key: string, value: JsonValue]

/**
 * The members of the object in order, doubles included; undefined where the text is not an object.
 * @param text valid JSON: it has been parsed before
 */
export function jsonMembers(text: string): readonly JsonMember[] | undefined {
  return memberTexts(text)?.map(([key, value]): JsonMember => [key, JSON.parse(value)])
}

/** The same with each value as the JSON text that it is. */
export function memberTexts(text: string): readonly (readonly [key: string, value: string])[] | undefined {
  let at = skipSpace(text, text.startsWith('\ufeff') ? 1 : 0)
  if (text[at] !== '{') return undefined
  const members: [string, string][] = []
  at = skipSpace(text, at + 1)
  while (text[at] === '"') {
    const keyEnd = skipString(text, at)
    const key: unknown = JSON.parse(text.slice(at, keyEnd))
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1)
    const end = skipValue(text, start)
    members.push([String(key), text.slice(start, end)])
    at = skipSpace(text, end)
    if (text[at] === ',') at = skipSpace(text, at + 1)
  }
  return members
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1
  return at
}

function skipString(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function skipValue(text: string, from: number): number {
  let depth = 0
  let at = from
  while (at < text.length) {
    switch (text[at]) {
      case '"':
        at = skipString(text, at)
        break
      case '{':
      case '[':
        depth += 1
        at += 1
        break
      case '}':
      case ']':
        if (depth === 0) return at
        depth -= 1
        at += 1
        break
      case ',':
        if (depth === 0) return at
        at += 1
        break
      default:
        at += 1
        continue
    }
    if (depth === 0) return at
  }
  return at
}
