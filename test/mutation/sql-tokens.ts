/** SQL as a list of tokens that know where they stand: enough to change a model here and there, and no parser. */

export interface Token {
  readonly kind: 'word' | 'number' | 'text' | 'sign' | 'open' | 'close'
  /** Words in lower case. */
  readonly text: string
  /** Where it begins and ends in the text, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** In how many brackets it stands; a bracket stands outside of itself. */
  readonly depth: number
}

const pattern =
  /(?<blank>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>'(?:[^']|'')*')|(?<word>[a-z_][a-z0-9_]*|"[^"]*")|(?<number>\d+(?:\.\d+)?)|(?<open>[([{])|(?<close>[)\]}])|(?<sign><>|<=|>=|\|\||\/\/|::|[^\s])/giy

/** The tokens between two places of a text. */
export function tokensOf(text: string, from = 0, to = text.length): readonly Token[] {
  const tokens: Token[] = []
  let depth = 0
  pattern.lastIndex = from
  while (pattern.lastIndex < to) {
    const start = pattern.lastIndex
    const groups = pattern.exec(text)?.groups
    if (!groups) break
    const end = pattern.lastIndex
    const { word, number, text: literal, open, close, sign } = groups
    if (close !== undefined) depth -= 1
    const at = { start, end, depth }
    if (word !== undefined) tokens.push({ kind: 'word', text: word.toLowerCase(), ...at })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, ...at })
    else if (literal !== undefined) tokens.push({ kind: 'text', text: literal, ...at })
    else if (open !== undefined) tokens.push({ kind: 'open', text: open, ...at })
    else if (close !== undefined) tokens.push({ kind: 'close', text: close, ...at })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, ...at })
    if (open !== undefined) depth += 1
  }
  return tokens
}

/** Some tokens one after another, never empty. */
export type Span = readonly [Token, ...Token[]]

export function isSpan(tokens: readonly Token[]): tokens is Span {
  return tokens.length > 0
}

export const startOf = (span: Span): number => span[0].start
export const endOf = (span: Span): number => (span.at(-1) ?? span[0]).end

/** The spans between separators that stand in the same brackets as the first token. */
export function splitBy(tokens: readonly Token[], isSeparator: (token: Token) => boolean): readonly Span[] {
  const depth = tokens[0]?.depth ?? 0
  const spans: Token[][] = [[]]
  for (const token of tokens) {
    if (token.depth === depth && isSeparator(token)) spans.push([])
    else spans.at(-1)?.push(token)
  }
  return spans.flatMap(span => (isSpan(span) ? [span] : []))
}

/** What stands inside the bracket that opens at the index. */
export function insideOf(tokens: readonly Token[], open: number): readonly Token[] {
  const depth = tokens[open]?.depth ?? 0
  const length = tokens.slice(open + 1).findIndex(token => token.depth === depth)
  return tokens.slice(open + 1, length < 0 ? undefined : open + 1 + length)
}

/** The tokens from an index to the first at its depth that ends them, or to the end of the brackets around. */
export function until(
  tokens: readonly Token[],
  from: number,
  ends: (token: Token, index: number) => boolean,
): readonly Token[] {
  const depth = tokens[from]?.depth ?? 0
  const found: Token[] = []
  for (let index = from; index < tokens.length; index += 1) {
    const token = tokens[index]
    if (!token || token.depth < depth || (token.depth === depth && ends(token, index))) break
    found.push(token)
  }
  return found
}
