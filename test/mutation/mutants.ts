/** Every mutant of the models: a copy of one file with one slip in it. */
import { readdir, readFile } from 'node:fs/promises'
import { isMap, isScalar, isSeq, parseDocument, type Scalar } from 'yaml'
import { type Edit, type Slip, slipsIn, slipsInCount } from './operators.js'
import { type Token, tokensOf } from './sql-tokens.js'

export interface Mutant {
  /** Stays the same while the line that it changes does; no two have the same. */
  readonly name: string
  /** `silver.amocrm_leads`, or `functions.bin_of`. */
  readonly model: string
  /** What was changed, with the line in which it stands. */
  readonly mutation: string
  /** Under the folder of models. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** Whether it is in what the model declares, and not in its SELECT. */
  readonly isOfDeclaration: boolean
  /** The whole file with the slip. */
  readonly text: string
}

const layers = ['staging', 'silver', 'gold'] as const
const functionsFiles = ['functions/shared.sql', 'functions/duckdb.sql'] as const

/** All mutants of a folder of models, in the order of the files. */
export async function mutantsOf(folder: URL): Promise<readonly Mutant[]> {
  const found: Unnamed[] = []
  for (const layer of layers) {
    const names = (await readdir(new URL(`${layer}/`, folder))).filter(name => name.endsWith('.sql')).sort()
    for (const name of names) {
      const file = `${layer}/${name}`
      const text = await readFile(new URL(file, folder), 'utf8')
      found.push(...mutantsIn(file, text, `${layer}.${name.slice(0, -'.sql'.length)}`))
    }
  }
  for (const file of functionsFiles) {
    found.push(...mutantsOfFunctions(file, await readFile(new URL(file, folder), 'utf8')))
  }
  return named(found)
}

type Unnamed = Omit<Mutant, 'name'>

function mutantsIn(file: string, text: string, model: string): readonly Unnamed[] {
  const sql = text.indexOf('*/') + 2
  const tokens = tokensOf(text, sql)
  return [
    ...declarationSlips(text).map(slip => mutant(file, text, model, slip)),
    ...slipsIn(text, tokens).map(slip => mutant(file, text, model, slip)),
  ]
}

function mutantsOfFunctions(file: string, text: string): readonly Unnamed[] {
  const definition = /create or replace temp macro ([a-z_]+)\([^)]*\) as/g
  return [...text.matchAll(definition)].flatMap(match => {
    const from = match.index + match[0].length
    const tokens = tokensOf(text, from, endOfStatement(text, from))
    return slipsIn(text, tokens).map(slip => mutant(file, text, `functions.${match[1] ?? ''}`, slip))
  })
}

function endOfStatement(text: string, from: number): number {
  return tokensOf(text, from).find(({ text: sign }) => sign === ';')?.start ?? text.length
}

/** Slips in what a model declares: what rebuilds it, what is hashed, and its part of the law of conservation. */
function declarationSlips(text: string): readonly Slip[] {
  const end = text.indexOf('*/')
  const start = text.slice(0, end).search(/\n[ \t]*\n/)
  // Offsets of the document are those of the file: what stands before is blank.
  const document = parseDocument(
    ' '.repeat(start) + text.slice(start, end).replace(/^\s+/, blank => '\n'.repeat(blank.length)),
  )
  if (!isMap(document.contents)) return []
  // A model that is built whole, whatever has changed, asks only which tables it is built after.
  const scope = document.contents.get('scope')
  const isBuiltWhole = isSeq(scope) && scope.items.length === 0
  return document.contents.items.flatMap(({ key, value }): readonly Slip[] => {
    const name = isScalar(key) ? String(key.value) : ''
    // What is `kept` only names the rows that are missing where the numbers differ.
    if (name === 'superseded' || name === 'received') {
      return isScalar(value) ? slipsInCount(text, tokensOfScalar(text, value)) : []
    }
    if (!['rebuild', 'hash'].includes(name) || !isMap(value)) return []
    return value.items.flatMap((item): readonly Slip[] => {
      const entry = isScalar(item.key) ? String(item.key.value) : ''
      if (!isScalar(item.key) || !isScalar(item.value)) return []
      if (name === 'hash') {
        const end = rangeOf(item.value)[1]
        const comma = /^\s*,/.exec(text.slice(end))?.[0].length ?? 0
        const edit = { start: rangeOf(item.key)[0], end: end + comma, replacement: '' }
        return [{ what: `hash: ${entry} dropped`, edits: [edit] }]
      }
      return isBuiltWhole ? [] : rebuildSlips(entry, text, item.value)
    })
  })
}

/** A change of that table rebuilds nothing, or only what one half of a union says. */
function rebuildSlips(entry: string, text: string, value: Scalar): readonly Slip[] {
  const tokens = tokensOfScalar(text, value)
  const selects = tokens.filter(({ text: word, depth }) => word === 'select' && depth === 0)
  return selects.map((select, index) => {
    const next = selects[index + 1]?.start ?? Number.POSITIVE_INFINITY
    const part = tokens.filter(({ start }) => start >= select.start && start < next)
    const parts = part.filter(({ text: word }) => word !== 'union')
    const [first, last] = [parts[0] ?? select, parts.at(-1) ?? select]
    const which = selects.length > 1 ? `, part ${index + 1}` : ''
    return {
      what: `rebuild: ${entry}${which} dropped`,
      edits: [
        {
          start: first.start,
          end: last.end,
          replacement: `select * from (${text.slice(first.start, last.end)}) as unseen where false`,
        },
      ],
    }
  })
}

function tokensOfScalar(text: string, scalar: Scalar): readonly Token[] {
  const [start, end] = rangeOf(scalar)
  const isBlock = scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED'
  return tokensOf(text, isBlock ? text.indexOf('\n', start) : start, end)
}

function rangeOf({ range }: Scalar): readonly [number, number] {
  if (!range) throw new Error('A scalar without a place.')
  return [range[0], range[1]]
}

function mutant(file: string, text: string, model: string, { what, edits }: Slip): Unnamed {
  const { start } = edits[0]
  const line = text.slice(0, start).split('\n').length
  const stands = (text.split('\n')[line - 1] ?? '').trim()
  const isOfDeclaration = start < text.indexOf('*/')
  return { model, mutation: `${what} ‹${stands}›`, file, line, isOfDeclaration, text: edited(text, edits) }
}

function edited(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((left, right) => right.start - left.start)
    .reduce((made, { start, end, replacement }) => made.slice(0, start) + replacement + made.slice(end), text)
}

/** A number tells apart what would be called the same. */
function named(mutants: readonly Unnamed[]): readonly Mutant[] {
  const seen = new Map<string, number>()
  const texts = new Set<string>()
  return mutants.flatMap(each => {
    // Two operators may make the same of a line.
    if (texts.has(each.text)) return []
    texts.add(each.text)
    const name = `${each.model}: ${each.mutation}`
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return [{ ...each, name: count === 1 ? name : `${name} #${count}` }]
  })
}
