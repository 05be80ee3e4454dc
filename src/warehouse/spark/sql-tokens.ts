/** SQL as a list of tokens: enough to find statements, calls and texts in it, and no parser. */

export interface SqlToken {
  readonly kind: 'word' | 'text' | 'quoted name' | 'number' | 'sign'
  readonly text: string
  /** The space and the comments before it. */
  readonly before: string
}

const pattern =
  /(?<before>(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)*)(?:(?<text>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`)|(?<word>[\p{L}_][\p{L}\p{M}\p{N}_$]*)|(?<number>\d[\p{L}\p{N}_]*(?:\.\d[\p{L}\p{N}_]*)?)|(?<sign>\S))/guy

/** All tokens; a comment at the end is left out. A backslash in a text is a character like others. */
export function tokensOf(sql: string): readonly SqlToken[] {
  return [...sql.matchAll(pattern)].map(({ groups = {} }) => {
    const { before = '', text, name, word, number, sign = '' } = groups
    if (text !== undefined) return { kind: 'text', text, before }
    if (name !== undefined) return { kind: 'quoted name', text: name, before }
    if (word !== undefined) return { kind: 'word', text: word, before }
    if (number !== undefined) return { kind: 'number', text: number, before }
    return { kind: 'sign', text: sign, before }
  })
}

/** The text that the tokens stand for, without what is before the first. */
export function textOf(tokens: readonly SqlToken[]): string {
  return tokens.map(({ before, text }, index) => (index === 0 ? text : `${before}${text}`)).join('')
}

/** The tokens between separators outside of brackets; as many parts as separators and one. */
export function partsOf(tokens: readonly SqlToken[], separator: ',' | ';'): readonly (readonly SqlToken[])[] {
  const parts: SqlToken[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    depth += depthChange(token)
    if (depth === 0 && token.kind === 'sign' && token.text === separator) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

/** Where the bracket is closed that opens at the index; the end where it never is. */
export function closingOf(tokens: readonly SqlToken[], open: number): number {
  let depth = 0
  for (let index = open; index < tokens.length; index += 1) {
    const token = tokens[index]
    if (token) depth += depthChange(token)
    if (depth === 0) return index
  }
  return tokens.length
}

function depthChange({ kind, text }: SqlToken): number {
  if (kind !== 'sign') return 0
  if ('([{'.includes(text)) return 1
  return ')]}'.includes(text) ? -1 : 0
}

/** Whether the token is this word, in whatever case, or this sign. */
export function isToken(token: SqlToken | undefined, text: string): boolean {
  return token !== undefined && ['word', 'sign'].includes(token.kind) && token.text.toLowerCase() === text
}
