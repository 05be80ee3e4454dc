/**
 * Functions of the session, on the side of the program. Spark has no macros, and what it has instead cannot be made in
 * a server that loads Iceberg's extension (its parser refuses parameters), nor be called inside lambdas. So a statement
 * `create or replace temp macro name(parameter, …) as body`, as DuckDB has it, is kept here, and every call of it in a
 * later statement is replaced by the body, with the arguments in the place of the parameters.
 */
import { closingOf, isToken, partsOf, type SqlToken, textOf, tokensOf } from './sql-tokens.js'

export interface SessionFunctions {
  /**
   * Takes a text of one statement or several, keeps the functions that it defines, and returns the statements that are
   * left, with the calls of kept functions unfolded.
   * @throws Error where a function is called with another number of arguments than it has, or rests on itself
   */
  unfold(text: string): readonly string[]
}

interface Definition {
  readonly name: string
  readonly parameters: readonly string[]
  readonly body: readonly SqlToken[]
  /** It stands for a SELECT, and is called after FROM. */
  readonly isTable: boolean
}

/** Parameter → what stands in its place. */
type Arguments = ReadonlyMap<string, string>

export function sessionFunctions(): SessionFunctions {
  const kept = new Map<string, Definition>()
  return {
    unfold: text =>
      partsOf(tokensOf(text), ';').flatMap(tokens => {
        if (tokens.length === 0) return []
        const definition = definitionIn(tokens)
        if (!definition) return [textOf(unfolded(tokens, new Map(), { kept, within: [] }))]
        kept.set(definition.name, definition)
        return []
      }),
  }
}

function definitionIn(tokens: readonly SqlToken[]): Definition | undefined {
  const words = ['create', 'or', 'replace', 'temp', 'macro']
  if (!words.every((word, index) => isToken(tokens[index], word))) return undefined
  const open = words.length + 1
  const close = closingOf(tokens, open)
  const isTable = isToken(tokens[close + 2], 'table')
  return {
    name: nameOf(tokens[words.length]),
    parameters: tokens.slice(open + 1, close).flatMap(token => (isToken(token, ',') ? [] : [nameOf(token)])),
    body: tokens.slice(close + (isTable ? 3 : 2)),
    isTable,
  }
}

interface Context {
  readonly kept: ReadonlyMap<string, Definition>
  /** The functions whose bodies are being unfolded. */
  readonly within: readonly string[]
}

function unfolded(tokens: readonly SqlToken[], given: Arguments, context: Context): readonly SqlToken[] {
  const result: SqlToken[] = []
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]
    if (!token) break
    const isFree = token.kind === 'word' && !isToken(tokens[index - 1], '.')
    const isCall = isFree && isToken(tokens[index + 1], '(')
    const definition = isCall ? context.kept.get(nameOf(token)) : undefined
    if (definition) {
      const close = closingOf(tokens, index + 1)
      const values = valuesBetween(tokens.slice(index + 2, close), given, context)
      result.push({ ...token, kind: 'sign', text: bodyOf(definition, values, context) })
      index = close
      continue
    }
    const value = isFree && !isCall ? given.get(nameOf(token)) : undefined
    result.push(value === undefined ? token : { ...token, kind: 'sign', text: value })
  }
  return result
}

function valuesBetween(tokens: readonly SqlToken[], given: Arguments, context: Context): readonly string[] {
  if (tokens.length === 0) return []
  return partsOf(tokens, ',').map(part => asOperand(part, textOf(unfolded(part, given, context))))
}

function bodyOf(
  { name, parameters, body, isTable }: Definition,
  values: readonly string[],
  context: Context,
): string {
  const { within } = context
  if (within.includes(name)) throw new Error(`The function ${name} rests on itself.`)
  if (values.length !== parameters.length) {
    throw new Error(`The function ${name} takes ${parameters.length} arguments, not ${values.length}.`)
  }
  const given = new Map(parameters.map((parameter, index) => [parameter, values[index] ?? '']))
  const text = textOf(unfolded(body, given, { ...context, within: [...within, name] }))
  return isTable ? `(${text})` : asOperand(body, text)
}

/** A text that means the same wherever it is put: in brackets, where it is more than one thing. */
function asOperand(tokens: readonly SqlToken[], text: string): string {
  return tokens.length === 1 || isNameOrCall(tokens) ? text : `(${text})`
}

/** Whether the tokens are a name, `leads.price`, or one call, `greatest(price, 0)`. */
function isNameOrCall(tokens: readonly SqlToken[]): boolean {
  const end = tokens.findIndex((token, index) => (index % 2 === 0 ? !isName(token) : !isToken(token, '.')))
  if (end === -1) return true
  if (end % 2 === 0 || isToken(tokens[end - 1], 'not')) return false
  return isToken(tokens[end], '(') && closingOf(tokens, end) === tokens.length - 1
}

function isName({ kind }: SqlToken): boolean {
  return kind === 'word' || kind === 'quoted name'
}

function nameOf(token: SqlToken | undefined): string {
  return token?.text.toLowerCase() ?? ''
}
