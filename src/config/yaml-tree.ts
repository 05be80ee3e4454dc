import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Mistake, Position } from './mistake.js'
import { markReferences, showReferences } from './reference.js'
import { leavesValuesReadable, syntaxMistake } from './yaml-syntax.js'

/** From the root: keys, and positions in lists from 0. */
export type Path = readonly (string | number)[]

/** A scalar of the file, as the walk over the tree meets it. `${NAME}` still stands in texts as a marked reference. */
export interface Leaf {
  readonly path: Path
  readonly value: string | number | boolean | null
  /** Of its key; in a list, of itself. */
  readonly position: Position
}

/** The file as plain values, and where each stands. */
export interface Tree {
  readonly value: unknown
  /** Where the key of a path stands (in a list: its item), by {@link pathText}. */
  readonly positions: ReadonlyMap<string, Position>
  readonly mistakes: readonly Mistake[]
  /** False where the text is not YAML, so that there is no value to check. */
  readonly isReadable: boolean
}

/** `amocrm.custom_fields.bin[0]` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    const name = /^[\p{L}\p{N}_-]{1,60}$/u.test(step) ? step : JSON.stringify(step.slice(0, 60))
    return text === '' ? name : `${text}.${name}`
  }, '')
}

/**
 * Reads YAML (1.2) into plain values. `read` says what each scalar is worth.
 * Never throws: what is not YAML, or a part of YAML that a configuration has no use for (anchors, tags, several
 * documents), is among the mistakes, each told in words that quote nothing of the file.
 */
export function readTree(text: string, read: (leaf: Leaf) => unknown): Tree {
  const lines = new LineCounter()
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const positions = new Map<string, Position>()
  const mistakes: Mistake[] = []
  const complain = (offset: number, path: Path, found: string, expected: string): undefined => {
    mistakes.push({ position: at(offset), path: pathText(path), found, expected })
  }

  let document: Document.Parsed
  try {
    document = parseDocument(markReferences(text), {
      lineCounter: lines,
      prettyErrors: false,
      version: '1.2',
    })
  } catch {
    // The parser recurses: brackets nested a hundred thousand deep exhaust the stack.
    return { value: undefined, positions, mistakes: [unreadable], isReadable: false }
  }
  for (const error of [...document.errors, ...document.warnings]) {
    const [found, expected] = syntaxMistake(error, text)
    complain(error.pos[0], [], found, expected)
  }
  if (!document.errors.every(leavesValuesReadable))
    return { value: undefined, positions, mistakes, isReadable: false }

  const walk = (node: unknown, path: Path, offset: number): unknown => {
    if (path.length > deepest)
      return complain(offset, path, 'a section nested too deep', 'at most a few levels')
    if (isMap(node)) {
      const entries = node.items.map(({ key, value }): [string, unknown] => {
        const keyOffset = isScalar(key) ? (key.range?.[0] ?? offset) : offset
        const name = isScalar(key) ? showReferences(String(key.value)) : undefined
        if (name === undefined) {
          complain(keyOffset, path, 'a key that is a list or a section', 'a name')
          return ['?', undefined]
        }
        const keyPath = [...path, name]
        positions.set(pathText(keyPath), at(keyOffset))
        return [name, walk(value, keyPath, keyOffset)]
      })
      return Object.fromEntries(entries)
    }
    if (isSeq(node)) {
      return node.items.map((item, index) => {
        const itemOffset = isScalar(item) || isMap(item) || isSeq(item) ? (item.range?.[0] ?? offset) : offset
        const itemPath = [...path, index]
        positions.set(pathText(itemPath), at(itemOffset))
        return walk(item, itemPath, itemOffset)
      })
    }
    if (isAlias(node))
      return complain(node.range?.[0] ?? offset, path, 'an alias (*name)', 'the value itself')
    if (isScalar(node)) {
      return read({ path, value: scalarValue(node.value, node.source), position: at(offset) })
    }
    return read({ path, value: null, position: at(offset) })
  }
  try {
    return { value: walk(document.contents, [], 0), positions, mistakes, isReadable: true }
  } catch {
    return { value: undefined, positions, mistakes: [unreadable], isReadable: false }
  }
}

const deepest = 20

const unreadable: Mistake = {
  position: undefined,
  path: '',
  found: 'a text that cannot be read as YAML',
  expected: 'a configuration as "hubdwh init" writes it',
}

/** Tags and `%YAML 1.1` can make dates and bytes of a scalar; then its text is what was meant. */
function scalarValue(value: unknown, source: string | undefined): Leaf['value'] {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return source ?? ''
}
