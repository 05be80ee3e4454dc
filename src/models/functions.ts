/**
 * The functions that models call: `models/functions/<engine>.sql` and the settings. What a model's SQL rests on is
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
  const file = await readFile(new URL(`functions/${engine}.sql`, folder), 'utf8')
  const bodies = [...settingFunctions(settings)].map(
    ([name, body]) => [name, `create or replace temp macro ${name}() as ${body};`] as const,
  )
  return {
    statements: [...bodies.map(([, statement]) => statement).filter(each => !isOverTable(each)), file].join(
      '\n',
    ),
    definitions: new Map([...bodies, ...definitionsIn(file)]),
  }
}

function definitionsIn(file: string): readonly (readonly [string, string])[] {
  const starts = [...file.matchAll(functionPattern)]
  return starts.map((start, index) => {
    const text = file.slice(start.index, starts[index + 1]?.index)
    return [start[1] ?? '', text.slice(0, text.lastIndexOf(';') + 1)] as const
  })
}

/** The definitions that a piece of SQL rests on, sorted by name. */
export function functionsUnder(sql: string, functions: ModelFunctions): readonly string[] {
  const found = new Set<string>()
  const look = (text: string): void => {
    for (const [, name] of text.matchAll(/\b([a-z_]+)\(/g)) {
      const definition = name === undefined ? undefined : functions.definitions.get(name)
      if (name === undefined || definition === undefined || found.has(name)) continue
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
