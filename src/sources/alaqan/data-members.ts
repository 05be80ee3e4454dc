/**
 * The members of `data` in an answer of Alaqan, one after the other, however large the answer is.
 *
 * `JSON.parse` would need the whole answer at once, and of two members with one key it keeps the last without a word;
 * at a gate that would lose a person's events. So the text is cut at the braces of `data` and at the commas between
 * its members, and `JSON.parse` judges the pieces: the key and the value of each member, and what stands around them
 * as `{"data":{}}`. Where all of them are JSON, so is the whole; where one is not, the whole is not either.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../json.js'
import { notWholeJson, UnusableBodyError } from '../http/unusable-body.js'

export type JsonMember = readonly [key: string, value: JsonValue]

/** What stands around `data` is a few words; more than this is another kind of answer. Bytes. */
const mostAround = 1 << 22

/**
 * The members in order, doubles included, in batches. Only when it has come to its end is the answer known to be
 * whole, so nothing that comes out of it counts before.
 * @param chunks the answer's body, cut anywhere
 * @param tellAround is told what stands around the members, `data` empty, once the answer is known to be whole
 * @throws UnusableBodyError when the answer is cut off, no JSON, or has no usable `data`: an empty day is `[]` (PHP's
 *   empty object) or `{}`, and an answer without `data` is an error (decisions, "Silver: Alaqan")
 */
export async function* dataMembers(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  tellAround?: (answer: JsonObject) => void,
): AsyncGenerator<readonly JsonMember[], void, undefined> {
  const cutter = newCutter()
  for await (const chunk of chunks) {
    const members = cutter.cut(chunk)
    if (members.length > 0) yield members
  }
  const around = cutter.end()
  tellAround?.(around)
}

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** No way of writing `data` in JSON is longer: six bytes for each letter. */
const longestName = 24

/** Works on bytes: no byte of a longer UTF-8 character looks like one of JSON's signs. */
function newCutter() {
  const around = newPiece()
  const member = newPiece()
  let depth = 0
  let isInString = false
  let isEscaped = false
  let place: 'before' | 'within' | 'after' = 'before'
  /** The last text in quotes in the outermost object, without them. */
  let name: number[] = []
  let timesData = 0
  let isFirst = true
  /** Where in the present member its key ends. */
  let keyEnd: number | undefined

  function cut(chunk: Buffer): JsonMember[] {
    const members: JsonMember[] = []
    /** Where in the chunk the present piece begins. */
    let start = 0
    const endMember = (at: number, isLast: boolean): void => {
      member.add(chunk.subarray(start, at))
      const bytes = member.take()
      if (keyEnd !== undefined) members.push(memberIn(bytes, keyEnd))
      else if (!isFirst || !isLast || /[^ \t\r\n]/.test(bytes.toString())) throw notWholeJson()
      isFirst = false
      keyEnd = undefined
    }
    for (let at = 0; at < chunk.length; at += 1) {
      if (isInString && !isEscaped && depth > 1) at = endOfPlainText(chunk, at)
      const byte = chunk[at]
      if (isInString) {
        if (isEscaped) isEscaped = false
        else if (byte === backslash) isEscaped = true
        else if (byte === quote) isInString = false
        if (isInString && depth === 1 && byte !== undefined && name.length <= longestName) name.push(byte)
        continue
      }
      switch (byte) {
        case quote:
          isInString = true
          if (depth === 1) name = []
          break
        case colon:
          if (depth === 1 && isData(name)) timesData += 1
          if (depth === 2 && place === 'within') keyEnd ??= member.size() + at - start
          break
        case comma:
          if (depth !== 2 || place !== 'within') break
          endMember(at, false)
          start = at + 1
          break
        case openBrace:
        case openBracket:
          depth += 1
          if (depth !== 2 || place !== 'before' || byte !== openBrace || !isData(name)) break
          place = 'within'
          around.add(chunk.subarray(start, at + 1))
          start = at + 1
          break
        case closeBrace:
        case closeBracket:
          depth -= 1
          if (depth !== 1 || place !== 'within') break
          endMember(at, true)
          place = 'after'
          start = at
          break
      }
    }
    const rest = chunk.subarray(start)
    if (place === 'within') member.add(rest)
    else around.add(rest)
    if (around.size() > mostAround) throw new UnusableBodyError('much more than data')
    return members
  }

  function end(): JsonObject {
    const text = around.take().toString()
    const answer = jsonOf(text.replace(/^\ufeff/, ''))
    const problem = problemWith(answer)
    if (problem !== undefined || !isJsonObject(answer)) throw new UnusableBodyError(problem ?? 'no object')
    // JSON.parse would take the last of them, and lose what the other says.
    if (timesData > 1) throw new UnusableBodyError('an object that has data twice')
    return answer
  }

  return { cut, end }
}

/** Where a text in quotes may end, or the chunk does: most bytes are text, and this is the quickest way over them. */
function endOfPlainText(chunk: Buffer, from: number): number {
  let at = from
  while (at < chunk.length && chunk[at] !== quote && chunk[at] !== backslash) at += 1
  return at
}

/** Bytes that belong together, though they come in several chunks. */
function newPiece() {
  let parts: Buffer[] = []
  let size = 0
  return {
    size: () => size,
    add: (part: Buffer): void => {
      parts.push(part)
      size += part.length
    },
    take: (): Buffer => {
      const [only] = parts
      const bytes = only && parts.length === 1 ? only : Buffer.concat(parts, size)
      parts = []
      size = 0
      return bytes
    },
  }
}

function isData(name: readonly number[]): boolean {
  if (name.length > longestName || name.length < 4) return false
  try {
    return JSON.parse(`"${String.fromCharCode(...name)}"`) === 'data'
  } catch {
    return false
  }
}

/** @param keyEnd where the colon stands. Not parsed as an object: each new key would cost the engine a new shape. */
function memberIn(bytes: Buffer, keyEnd: number): JsonMember {
  const key = jsonOf(bytes.toString('utf8', 0, keyEnd))
  if (typeof key !== 'string') throw notWholeJson()
  return [key, jsonOf(bytes.toString('utf8', keyEnd + 1))]
}

function jsonOf(text: string): JsonValue {
  try {
    return JSON.parse(text)
  } catch {
    throw notWholeJson()
  }
}

function problemWith(json: JsonValue): string | undefined {
  if (!isJsonObject(json)) return 'JSON that is not an object'
  const { data }: JsonObject = json
  if (data === undefined) return 'an object without data'
  if (Array.isArray(data)) return data.length === 0 ? undefined : 'data that is a list of something'
  return isJsonObject(data) ? undefined : 'data that is neither an object nor an empty list'
}
