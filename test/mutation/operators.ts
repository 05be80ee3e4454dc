/** What a slip of the hand does to SQL: each operator finds the places where it can be made. */
import { endOf, insideOf, isSpan, type Span, splitBy, startOf, type Token, until } from './sql-tokens.js'

/** A change of a text. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly replacement: string
}

/** One slip: usually one edit, where a query needs it more. */
export interface Slip {
  /** In a few words: `left join → join`. */
  readonly what: string
  readonly edits: readonly [Edit, ...Edit[]]
}

interface Sql {
  readonly text: string
  readonly tokens: readonly Token[]
}

type Operator = (sql: Sql) => readonly Slip[]

/** All slips that can be made in the tokens of a text. */
export function slipsIn(text: string, tokens: readonly Token[]): readonly Slip[] {
  return [...slipsInCount(text, tokens), ...loseColumn({ text, tokens })]
}

/** Those that can change how many rows a query answers with; which columns these have is nothing there. */
export function slipsInCount(text: string, tokens: readonly Token[]): readonly Slip[] {
  return operators.flatMap(operator => operator({ text, tokens }))
}

const clauseEnds = new Set([
  'from',
  'where',
  'group',
  'having',
  'qualify',
  'order',
  'limit',
  'union',
  'join',
  'left',
  'inner',
  'cross',
  'on',
  'when',
  'then',
  'else',
  'end',
  'range',
  'rows',
])

/** Whether a token ends the clause before it. `left(…)` is a function. */
function endsClause(tokens: readonly Token[]): (token: Token, index: number) => boolean {
  return (token, index) =>
    token.text === ';' ||
    (token.kind === 'word' && clauseEnds.has(token.text) && tokens[index + 1]?.kind !== 'open')
}

const textOf = ({ text }: Sql, span: Span): string => text.slice(startOf(span), endOf(span))
const isWord = (token: Token | undefined, word: string): boolean =>
  token?.kind === 'word' && token.text === word
const isComma = (token: Token): boolean => token.text === ','

function replaced(span: Span, replacement: string): Edit {
  return { start: startOf(span), end: endOf(span), replacement }
}

function slip(what: string, ...edits: readonly [Edit, ...Edit[]]): Slip {
  return { what, edits }
}

/** Conjuncts of the condition that begins at an index; the `and` of `between` joins no conditions. */
function conjunctsFrom(tokens: readonly Token[], from: number): readonly Span[] {
  let isBetween = false
  const isAnd = (token: Token): boolean => {
    if (isWord(token, 'between')) isBetween = true
    if (!isWord(token, 'and')) return false
    const joins = !isBetween
    isBetween = false
    return joins
  }
  return splitBy(until(tokens, from, endsClause(tokens)), isAnd)
}

const dropConjunct: Operator = ({ tokens }) =>
  tokens.flatMap((token, index) =>
    token.kind === 'word' && ['where', 'on', 'having', 'qualify'].includes(token.text)
      ? conjunctsFrom(tokens, index + 1).map(conjunct =>
          slip(`${token.text}: condition dropped`, replaced(conjunct, 'true')),
        )
      : [],
  )

const exchangeJoin: Operator = ({ tokens }) =>
  tokens.flatMap((token, index) => {
    if (!isWord(token, 'join')) return []
    const before = tokens[index - 1]
    return before && isWord(before, 'left')
      ? [slip('left join → join', replaced([before, token], 'join'))]
      : [slip('join → left join', replaced([token], 'left join'))]
  })

const dropWord =
  (word: string): Operator =>
  ({ tokens }) =>
    tokens.flatMap(token => (isWord(token, word) ? [slip(`${word} dropped`, replaced([token], ''))] : []))

const addNot: Operator = ({ tokens }) =>
  tokens.flatMap((token, index) => {
    const before = tokens[index - 1]
    if (isWord(token, 'is') && isWord(tokens[index + 1], 'null')) {
      return [slip('is null → is not null', replaced([token], 'is not'))]
    }
    if (isWord(token, 'in') && tokens[index + 1]?.kind === 'open' && !isWord(before, 'not')) {
      return [slip('in → not in', replaced([token], 'not in'))]
    }
    if (!['where', 'on', 'when', 'and', 'or'].some(word => isWord(token, word))) return []
    const condition = conjunctsFrom(tokens, index + 1)[0]
    const name = condition?.map(part => part.text).join(' ') ?? ''
    return condition && /^[a-z_]+( \. [a-z_]+)?$/.test(name)
      ? [slip('not added', replaced(condition, `not ${name.replaceAll(' ', '')}`))]
      : []
  })

const opposites: Readonly<Record<string, string>> = {
  '=': '<>',
  '<>': '=',
  '>': '>=',
  '>=': '>',
  '<': '<=',
  '<=': '<',
}

const exchangeComparison: Operator = ({ tokens }) =>
  tokens.flatMap(token => {
    const opposite = token.kind === 'sign' ? opposites[token.text] : undefined
    return opposite === undefined ? [] : [slip(`${token.text} → ${opposite}`, replaced([token], opposite))]
  })

const exchangeAndOr: Operator = ({ tokens }) =>
  tokens.flatMap((token, index) => {
    if (isWord(token, 'or')) return [slip('or → and', replaced([token], 'and'))]
    if (!isWord(token, 'and')) return []
    const clause = tokens.slice(0, index).filter(({ depth }) => depth === token.depth)
    const between = clause.findLastIndex(each => isWord(each, 'between'))
    const and = clause.findLastIndex(each => isWord(each, 'and'))
    return between > and ? [] : [slip('and → or', replaced([token], 'or'))]
  })

const functionExchanges: Readonly<Record<string, string>> = {
  min: 'max',
  max: 'min',
  min_by: 'max_by',
  max_by: 'min_by',
  sum: 'count',
  median: 'max',
  first_value: 'last_value',
}

const exchangeFunction: Operator = ({ tokens }) =>
  tokens.flatMap((token, index) => {
    const other = token.kind === 'word' ? functionExchanges[token.text] : undefined
    return other !== undefined && tokens[index + 1]?.kind === 'open'
      ? [slip(`${token.text} → ${other}`, replaced([token], other))]
      : []
  })

const exchangeOrder: Operator = ({ tokens }) =>
  tokens.flatMap((token, index) => {
    if (!isWord(token, 'order') || !isWord(tokens[index + 1], 'by')) return []
    return splitBy(until(tokens, index + 2, endsClause(tokens)), isComma).map(item => {
      const desc = item.find(each => isWord(each, 'desc'))
      if (desc) return slip('desc → asc', replaced([desc], 'asc'))
      const nulls = item.findIndex(each => isWord(each, 'nulls'))
      const key = nulls < 0 ? item : item.slice(0, nulls)
      return slip('asc → desc', {
        start: endOf(isSpan(key) ? key : item),
        end: endOf(isSpan(key) ? key : item),
        replacement: ' desc',
      })
    })
  })

/** `max_by(value, (first, second))`: one part of what decides, left out. */
const dropKeyPart: Operator = sql => {
  const { tokens } = sql
  return tokens.flatMap((token, index) => {
    if (!['max_by', 'min_by'].some(word => isWord(token, word)) || tokens[index + 1]?.kind !== 'open')
      return []
    const key = splitBy(insideOf(tokens, index + 1), isComma)[1]
    if (key?.[0]?.kind !== 'open') return []
    const parts = splitBy(key.slice(1, -1), isComma)
    return parts.map(part => {
      const others = parts.filter(each => each !== part).map(each => textOf(sql, each))
      return slip(`${token.text}: ${textOf(sql, part)} left out`, replaced(key, `(${others.join(', ')})`))
    })
  })
}

const numberExchanges: Readonly<Record<string, string>> = { '142': '143', '143': '142', '12': '11' }
const textExchanges: Readonly<Record<string, string>> = {
  "'entry'": "'exit'",
  "'exit'": "'entry'",
  "'byDate'": "'byIin'",
  "'byIin'": "'byDate'",
}

const exchangeConstant: Operator = ({ tokens }) =>
  tokens.flatMap((token, index) => {
    if (isInType(tokens, index)) return []
    if (token.kind === 'number' && /^\d+$/.test(token.text)) {
      const other = numberExchanges[token.text] ?? String(BigInt(token.text) + 1n)
      return [slip(`${token.text} → ${other}`, replaced([token], other))]
    }
    const other = token.kind === 'text' ? textExchanges[token.text] : undefined
    return other === undefined ? [] : [slip(`${token.text} → ${other}`, replaced([token], other))]
  })

/** The numbers of a type, as in `decimal(5, 2)`, are no values. */
function isInType(tokens: readonly Token[], index: number): boolean {
  const depth = tokens[index]?.depth ?? 0
  const open = tokens.findLastIndex(
    (each, at) => at < index && each.kind === 'open' && each.depth === depth - 1,
  )
  return open > 0 && isWord(tokens[open - 1], 'decimal')
}

/** Functions whose first argument could stand there without them. */
const wrappers = new Set([
  'abs',
  'coalesce',
  'digits',
  'email_of',
  'email_partly_shown',
  'empty_to_null',
  'last_four_shown',
  'lower',
  'masked_bin',
  'masked_email',
  'masked_iin',
  'masked_phone',
  'nullif',
  'phone_of',
  'phone_partly_shown',
  'second_of',
  'shown_if',
  'trim',
])

const unwrap: Operator = sql => {
  const { tokens } = sql
  return tokens.flatMap((token, index) => {
    if (!wrappers.has(token.text) || tokens[index + 1]?.kind !== 'open' || isWord(tokens[index - 1], 'macro'))
      return []
    const inside = insideOf(tokens, index + 1)
    const first = splitBy(inside, isComma)[0]
    const close = tokens[index + 2 + inside.length]
    return first && close
      ? [slip(`${token.text}(…) → its argument`, replaced([token, close], `(${textOf(sql, first)})`))]
      : []
  })
}

const inUtc: Readonly<Record<string, (argument: string) => string>> = {
  instant_of_local: argument => `timezone('UTC', ${argument})`,
  local_timestamp: argument => `timezone('UTC', ${argument})`,
  local_date: argument => `cast(timezone('UTC', ${argument}) as date)`,
  local_year: argument => `cast(year(timezone('UTC', ${argument})) as int)`,
  local_month: argument => `cast(month(timezone('UTC', ${argument})) as int)`,
}

const loseTimeZone: Operator = sql => {
  const { tokens } = sql
  return tokens.flatMap((token, index) => {
    const close = tokens[index + 2]
    if (isWord(token, 'setting_timezone') && close) {
      return [slip('the zone → UTC', replaced([token, close], "'UTC'"))]
    }
    const utc = inUtc[token.text]
    if (!utc || tokens[index + 1]?.kind !== 'open' || isWord(tokens[index - 1], 'macro')) return []
    const inside = insideOf(tokens, index + 1)
    const end = tokens[index + 2 + inside.length]
    return end && isSpan(inside)
      ? [slip(`${token.text} → in UTC`, replaced([token, end], utc(textOf(sql, inside))))]
      : []
  })
}

interface Case {
  /** What follows `when`, and what follows `else`. */
  readonly whens: readonly Span[]
  readonly elses: readonly Span[]
  /** Whether values are compared, and not conditions tried. */
  readonly isOfValue: boolean
}

function casesIn(tokens: readonly Token[]): readonly Case[] {
  return tokens.flatMap((token, index) => {
    if (!isWord(token, 'case')) return []
    const whens: Span[] = []
    const elses: Span[] = []
    let nested = 0
    for (let at = index + 1; at < tokens.length; at += 1) {
      const each = tokens[at]
      if (!each) break
      if (isWord(each, 'case')) nested += 1
      else if (isWord(each, 'end')) {
        if (nested === 0) break
        nested -= 1
      } else if (nested === 0 && (isWord(each, 'when') || isWord(each, 'else'))) {
        const part = until(tokens, at + 1, inner => ['then', 'end'].some(word => isWord(inner, word)))
        if (isSpan(part)) (isWord(each, 'when') ? whens : elses).push(part)
      }
    }
    return [{ whens, elses, isOfValue: !isWord(tokens[index + 1], 'when') }]
  })
}

const dropBranch: Operator = ({ tokens }) =>
  casesIn(tokens).flatMap(({ whens, elses, isOfValue }) => [
    ...whens.map(when => slip('when: branch dropped', replaced(when, isOfValue ? 'null' : 'false'))),
    ...elses
      .filter(part => !part.every(token => isWord(token, 'null')))
      .map(part => slip('else: branch dropped', replaced(part, 'null'))),
  ])

const exchangeUnion: Operator = ({ tokens }) =>
  tokens.flatMap((token, index) => {
    if (!isWord(token, 'union')) return []
    const next = tokens[index + 1]
    return next && isWord(next, 'all')
      ? [slip('union all → union', replaced([token, next], 'union'))]
      : [slip('union → union all', replaced([token], 'union all'))]
  })

interface SelectItem {
  readonly expression: Span
  readonly whole: Span
  readonly name: string
}

/** Named items of the select list that begins at an index. */
function selectItems(tokens: readonly Token[], select: number): readonly SelectItem[] {
  const from = isWord(tokens[select + 1], 'distinct') ? select + 2 : select + 1
  // Inside a case, `when` and the like end nothing.
  const list = until(
    tokens,
    from,
    token => ['from', 'union'].some(word => isWord(token, word)) || token.text === ';',
  )
  return splitBy(list, isComma).flatMap((whole): readonly SelectItem[] => {
    const last = whole.at(-1)
    if (last?.kind !== 'word') return []
    const expression = isWord(whole.at(-2), 'as') ? whole.slice(0, -2) : whole
    if (expression === whole && !(whole.length === 1 || (whole.length === 3 && whole[1]?.text === '.')))
      return []
    return isSpan(expression) ? [{ expression, whole, name: last.text }] : []
  })
}

const dropGroupColumn: Operator = sql => {
  const { tokens } = sql
  return tokens.flatMap((token, index) => {
    if (!isWord(token, 'group') || !isWord(tokens[index + 1], 'by')) return []
    const select = tokens.findLastIndex(
      (each, at) => at < index && each.depth === token.depth && isWord(each, 'select'),
    )
    const list = until(tokens, index + 2, endsClause(tokens))
    const columns = splitBy(list, isComma)
    return columns.map(column => {
      const text = textOf(sql, column)
      const others = columns.filter(each => each !== column).map(each => textOf(sql, each))
      const clause: Span = [token, ...tokens.slice(index + 1, index + 2), ...list]
      const shown = selectItems(tokens, select)
        .filter(item => textOf(sql, item.expression) === text)
        .map(item => replaced(item.whole, `min(${text}) as ${item.name}`))
      return slip(
        `group by: ${text} dropped`,
        replaced(clause, others.length > 0 ? `group by ${others.join(', ')}` : ''),
        ...shown,
      )
    })
  })
}

const dropPartitionColumn: Operator = sql => {
  const { tokens } = sql
  return tokens.flatMap((token, index) => {
    if (!isWord(token, 'partition')) return []
    const list = until(tokens, index + 2, endsClause(tokens))
    const columns = splitBy(list, isComma)
    return columns.map(column => {
      const others = columns.filter(each => each !== column).map(each => textOf(sql, each))
      const clause: Span = [token, ...list]
      return slip(
        `partition by: ${textOf(sql, column)} dropped`,
        replaced(clause, others.length > 0 ? `partition by ${others.join(', ')}` : ''),
      )
    })
  })
}

/** A column of the result, or one that a step computes, is NULL, of the type that it had. */
const loseColumn: Operator = sql => {
  const { tokens } = sql
  const last = lastSelect(tokens)
  return tokens.flatMap((token, index) => {
    const before = tokens[index - 1]
    const isInCondition =
      before?.kind === 'open' && ['in', 'exists'].some(word => isWord(tokens[index - 2], word))
    if (!isWord(token, 'select') || isInCondition) return []
    return selectItems(tokens, index)
      .filter(({ expression }) => index === last || expression.some(({ kind }) => kind !== 'word'))
      .filter(({ expression }) => !textOf(sql, expression).startsWith('cast(null'))
      .filter(({ expression }) => index === last || !(expression.length === 3 && expression[1]?.text === '.'))
      .map(({ expression, whole, name }) => {
        const text = textOf(sql, expression)
        return slip(`${name} → null`, replaced(whole, `nullif(${text}, ${text}) as ${name}`))
      })
  })
}

/** The select of the result: that of the step `final` where the model ends with it. */
function lastSelect(tokens: readonly Token[]): number {
  const final = tokens.findIndex(
    (token, index) => isWord(token, 'final') && isWord(tokens[index + 1], 'as') && token.depth === 0,
  )
  return final >= 0 ? final + 3 : tokens.findLastIndex(token => token.depth === 0 && isWord(token, 'select'))
}

const operators: readonly Operator[] = [
  dropConjunct,
  exchangeJoin,
  dropWord('distinct'),
  dropWord('not'),
  addNot,
  exchangeComparison,
  exchangeAndOr,
  exchangeFunction,
  exchangeOrder,
  dropKeyPart,
  exchangeConstant,
  unwrap,
  loseTimeZone,
  dropBranch,
  exchangeUnion,
  dropGroupColumn,
  dropPartitionColumn,
]
