/**
 * The functions that models call: those of `models/functions/` and the settings. What a model's SQL rests on is
 * the functions that it calls, directly or through others; a change to one of those, and to no other, rebuilds it.
 */
import { readFile } from 'node:fs/promises'
import type { Engine } from '../warehouse/engine.js'
import { type ModelSettings, settingFunctions } from './settings.js'

export interface ModelFunctions {
  /** Statements that define all functions in a session but those over tables. */
  readonly statements: string
  /** Name → definition. */
  readonly definitions: ReadonlyMap<string, string>
}

const functionPattern = /create or replace temp macro ([a-z_]+)\(/g

/** Reads an engine's functions from the folder of models and adds the settings. */
export async function readFunctions(
  folder: URL,
  engine: Engine['name'],
  settings: ModelSettings,
): Promise<ModelFunctions> {
  const texts = await Promise.all(
    ['shared', engine].map(name => readFile(new URL(`functions/${name}.sql`, folder), 'utf8')),
  )
  const bodies = [...settingFunctions(settings, engine)].map(
    ([name, body]) => [name, `create or replace temp macro ${name}() as ${body};`] as const,
  )
  const definitions = new Map([...bodies, ...texts.flatMap(definitionsIn)])
  const statements = inOrder(definitions).filter(each => !isOverTable(each))
  return { statements: statements.join('\n'), definitions }
}

/** What a definition rests on comes before it: DuckDB wants it to be there. */
function inOrder(definitions: ModelFunctions['definitions']): readonly string[] {
  const ordered = new Set<string>()
  const add = (name: string): void => {
    const definition = definitions.get(name)
    if (definition === undefined || ordered.has(definition)) return
    for (const called of callsIn(definition)) if (called !== name) add(called)
    ordered.add(definition)
  }
  for (const name of definitions.keys()) add(name)
  return [...ordered]
}

function callsIn(sql: string): readonly string[] {
  return [...sql.matchAll(/\b([a-z_]+)\(/g)].flatMap(([, name]) => name ?? [])
}

function definitionsIn(file: string): readonly (readonly [string, string])[] {
  const starts = [...file.matchAll(functionPattern)]
  return starts.map((start, index) => {
    const text = file.slice(start.index, starts[index + 1]?.index)
    return [start[1] ?? '', text.slice(0, text.search(/;$/m) + 1)] as const
  })
}

/** The definitions that a piece of SQL rests on, sorted by name. */
export function functionsUnder(sql: string, functions: ModelFunctions): readonly string[] {
  const found = new Set<string>()
  const look = (text: string): void => {
    for (const name of callsIn(text)) {
      const definition = functions.definitions.get(name)
      if (definition === undefined || found.has(name)) continue
      found.add(name)
      look(definition)
    }
  }
  look(sql)
  return [...found].sort().map(name => functions.definitions.get(name) ?? '')
}

/**
 * The statements that define the functions over tables that a piece of SQL calls. An engine wants the tables to be
 * there, with their columns, when such a function is defined: so it is, right before a model that calls it is built.
 */
export function tableFunctionsUnder(sql: string, functions: ModelFunctions): string {
  return functionsUnder(sql, functions).filter(isOverTable).join('\n')
}

function isOverTable(definition: string): boolean {
  return /^create or replace temp macro [a-z_]+\(\) as table /.test(definition)
}
