/** Where the value of a column comes from. */
export type ColumnOrigin =
  /** A field of the record that the API sends. */
  | { readonly kind: 'field'; readonly path: string }
  /** The address of the list that the record stood in. */
  | { readonly kind: 'path' }
  /** The load itself. */
  | { readonly kind: 'load' }
  /** What a model computes. */
  | { readonly kind: 'expression'; readonly sql: string }

/**
 * What each column of a model is, in the model's own words: the expressions of its last step, by column. A model whose
 * last step takes columns as they are has none there.
 */
export function finalExpressions(sql: string): ReadonlyMap<string, string> {
  const plain = sql.replaceAll(/--.*/g, '').trim()
  const select = stepNamed('final', plain) ?? lastSelect(plain)
  return new Map(
    itemsOf(select).flatMap((item): (readonly [string, string])[] => {
      const [, expression = '', name = ''] =
        /^([\s\S]+?)\s+as\s+(\w+)$/.exec(item) ?? /^((?:\w+\.)?(\w+))$/.exec(item) ?? []
      return name === '' ? [] : [[name, expression.replaceAll(/\s+/g, ' ').trim()]]
    }),
  )
}

/** The text of `name as ( … )`, where it is what the model shows. */
function stepNamed(name: string, sql: string): string | undefined {
  if (!new RegExp(`select \\* from ${name}$`).test(sql)) return undefined
  const start = sql.search(new RegExp(`\\b${name} as \\(`))
  if (start < 0) return undefined
  const open = sql.indexOf('(', start)
  return sql.slice(open + 1, closingOf(sql, open))
}

function lastSelect(sql: string): string {
  let depth = 0
  let last = 0
  for (const { 0: token, index } of sql.matchAll(/'[^']*'|[()]|\bselect\b/g)) {
    if (token === '(') depth += 1
    else if (token === ')') depth -= 1
    else if (token === 'select' && depth === 0) last = index
  }
  return sql.slice(last)
}

function closingOf(sql: string, open: number): number {
  let depth = 0
  for (const { 0: token, index } of sql.slice(open).matchAll(/'[^']*'|[()]/g)) {
    if (token === '(') depth += 1
    else if (token === ')') depth -= 1
    if (depth === 0) return open + index
  }
  return sql.length
}

/** What stands between select and from, parted at the commas that are in no brackets. */
function itemsOf(select: string): readonly string[] {
  const items: string[] = []
  let depth = 0
  let start = 0
  for (const { 0: token, index } of select.matchAll(/'[^']*'|[(),]|\bselect\b(?: distinct)?|\bfrom\b/g)) {
    if (token === '(') depth += 1
    else if (token === ')') depth -= 1
    else if (depth > 0 || token.startsWith("'")) continue
    else if (token.startsWith('select')) start = index + token.length
    else {
      items.push(select.slice(start, index).trim())
      start = index + 1
      if (token === 'from') break
    }
  }
  return items
}
