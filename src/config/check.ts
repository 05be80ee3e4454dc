import { closest } from '../closest.js'
import { toConfig, warningsAbout } from './complete.js'
import type { LoadedConfig } from './config.js'
import { expectations } from './issues.js'
import { describe, type Mistake } from './mistake.js'
import {
  hasBrokenReference,
  isOneReference,
  referencesIn,
  resolveReferences,
  showReferences,
} from './reference.js'
import { brokenRules, howToMakeKey } from './rules.js'
import { configSchema, sectionKeys } from './schema.js'
import { isSecretPath, mayHoldSecret, usualVariable, withoutPositions } from './secrets.js'
import type { Lookup } from './variables.js'
import { type Leaf, type Path, pathText, readTree } from './yaml-tree.js'

export interface CheckContext {
  /** Absolute path of the file: what relative paths in it are relative to. */
  readonly file: string
  /** Where a missing variable can be put, for messages. */
  readonly envFile: string
  readonly lookup: Lookup
}

export type CheckResult =
  | { readonly ok: true; readonly loaded: LoadedConfig }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

const largest = 1_000_000

/** Checks the text of a configuration. Never throws, whatever the text. */
export function checkConfig(text: string, context: CheckContext): CheckResult {
  if (text.length > largest) {
    const found = `${text.length} characters`
    return { ok: false, mistakes: [{ position: undefined, path: '', found, expected: `at most ${largest}` }] }
  }
  const scalars = readScalars(context)
  const tree = readTree(text, scalars.read)
  const mistakes = [...tree.mistakes, ...scalars.mistakes]
  if (!tree.isReadable) return { ok: false, mistakes }

  /** One mistake a key: what was said about its value first (a missing variable) is the cause of the rest. */
  const said = new Set(mistakes.map(({ path }) => path))
  const add = (path: Path, found: string | undefined, expected: string) => {
    const name = pathText(path)
    if (said.has(name) && name !== '') return
    said.add(name)
    const position = tree.positions.get(name) ?? nearestPosition(tree.positions, path)
    mistakes.push({ position, path: name, found: found ?? whatIsAt(tree.value, path, scalars), expected })
  }
  for (const { path, found, expected } of brokenRules(tree.value)) add(path, found, expected)
  const checked = configSchema.safeParse(tree.value)
  if (!checked.success) {
    for (const { path, expected, isUnknownKey } of expectations(checked.error.issues)) {
      if (isUnknownKey) add(path, 'an unknown key', knownInstead(path))
      else add(path, undefined, expected)
    }
  }
  if (mistakes.length > 0 || !checked.success) return { ok: false, mistakes }
  const config = toConfig(checked.data, context.file)
  return { ok: true, loaded: { config, secrets: scalars.secrets, warnings: warningsAbout(config) } }
}

interface Scalars {
  readonly read: (leaf: Leaf) => unknown
  readonly mistakes: readonly Mistake[]
  readonly secrets: readonly string[]
  /** The variables that a path's value was made of. */
  readonly variables: ReadonlyMap<string, string>
}

/** Replaces references while the tree is read, and sees to it that secrets come only by them. */
function readScalars({ lookup, envFile }: CheckContext): Scalars {
  const mistakes: Mistake[] = []
  const secrets = new Set<string>()
  const variables = new Map<string, string>()
  const read = ({ path, value, position }: Leaf): unknown => {
    const name = pathText(path)
    const refuse = (found: string, expected: string): undefined => {
      mistakes.push({ position, path: name, found, expected })
    }
    const isSecret = isSecretPath(name)
    if (value === null) return null
    if (isSecret && !(typeof value === 'string' && isOneReference(value))) {
      return refuse(
        'a secret written into the file',
        `\${${usualVariable(name)}}, with the value in ${envFile} or the environment; replace the secret if others could read this file`,
      )
    }
    if (typeof value !== 'string') return value
    if (hasBrokenReference(value)) {
      return refuse(
        'a "$" and "{" that are no reference',
        `a reference like \${${usualVariable(name)}}: Latin letters, digits and _`,
      )
    }
    const names = referencesIn(value)
    if (names.length === 0) return value
    variables.set(name, names.map(variable => `\${${variable}}`).join(', '))
    const missing = names.find(variable => lookup(variable) === undefined)
    if (missing !== undefined) {
      const how = name.startsWith('privacy.') ? ` (${howToMakeKey})` : ''
      return refuse(
        `\${${missing}}, which is not set`,
        `a line ${missing}=… in ${envFile}, or ${missing} in the environment${how}`,
      )
    }
    const resolved = resolveReferences(value, variable => lookup(variable) ?? '')
    if (isSecret) secrets.add(resolved)
    // Of an address with a token in its path each part is hidden, so that no piece of it can be said either.
    if (mayHoldSecret(name)) for (const part of [...names.map(lookup), resolved]) if (part) secrets.add(part)
    return resolved
  }
  return {
    read,
    mistakes,
    get secrets() {
      return [...secrets]
    },
    variables,
  }
}

/** What stands at a path, for a person; never what a variable holds, as it may be a secret. */
function whatIsAt(root: unknown, path: Path, { variables }: Scalars): string {
  const variable = variables.get(pathText(path))
  if (variable !== undefined) return `the value of ${variable}`
  const value = path.reduce<unknown>((parent, step) => {
    return typeof parent === 'object' && parent !== null && Object.hasOwn(parent, step)
      ? Reflect.get(parent, step)
      : undefined
  }, root)
  if (typeof value !== 'string') return describe(value)
  // A key or token that slipped into the wrong line is a secret still.
  return mayHoldSecret(pathText(path)) || looksLikeSecret(value) ? 'a text' : describe(showReferences(value))
}

function looksLikeSecret(value: string): boolean {
  return /\/\/[^/]*@/.test(value) || /[\w+=-]{24,}/.test(value)
}

function nearestPosition(positions: ReadonlyMap<string, { line: number; column: number }>, path: Path) {
  for (let length = path.length - 1; length > 0; length--) {
    const position = positions.get(pathText(path.slice(0, length)))
    if (position) return position
  }
  return undefined
}

function knownInstead(path: Path): string {
  const key = String(path.at(-1))
  const known = sectionKeys[withoutPositions(pathText(path.slice(0, -1)))] ?? []
  // Only authorization and ARM's directory have two forms, each with keys of its own.
  if (known.includes(key)) {
    return path[0] === 'arm'
      ? 'either one table with its columns, or users and companies, not both'
      : 'either "token" or the keys of OAuth, not both'
  }
  const meant = closest(key, known)
  return meant ? `${meant} (did you mean that?)` : `one of ${known.join(', ')}`
}
