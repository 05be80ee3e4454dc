/** Tries a mutant on every case that it can reach, until something catches it. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { downstreamOf, isOfArm, type Model, modelFolder, readModels } from '../../src/models/definition.js'
import { functionsUnder, type ModelFunctions, readFunctions } from '../../src/models/functions.js'
import type { ModelSettings } from '../../src/models/settings.js'
import type { Mutant } from './mutants.js'
import { readRecording } from './recording.js'
import { asItShouldBe, type Caught, mentions, openRehearsal, type Rehearsal } from './rehearsal.js'
import type { Variant } from './stage.js'

/** What became of a mutant. */
export interface Outcome {
  /** What catches it; undefined where nothing does. */
  readonly caught: Caught | undefined
  /** Cases in which tables held something else than they should, and nothing told. */
  readonly unnoticed: readonly string[]
}

export interface Trial {
  readonly of: (mutant: Mutant) => Promise<Outcome>
  /** What catches the models as they are: nothing, or no mutant proves anything. */
  readonly ofNothing: (cases: (index: number) => boolean) => Promise<readonly Caught[]>
  readonly close: () => Promise<void>
}

/** Settings with everything that calls functions. */
const anySettings: ModelSettings = {
  timezone: 'UTC',
  masks: { iin: 'none', phone: 'none', email: 'none' },
  maskingKey: undefined,
  customFields: { bin: [], source: [], industry: [], phone: [], email: [] },
  eventsFrom: '1970-01-01',
  measures: [{ column: 'amount', aggregate: 'avg' }],
  residentStatuses: [],
}

/** @param folders what `recordShare` has recorded */
export async function openTrial(folders: readonly string[]): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-mutation-'))
  const copy = pathToFileURL(join(folder, 'models/'))
  await cp(modelFolder, copy, { recursive: true })
  const rehearsals = await Promise.all(
    folders.map(async each => openRehearsal(await readRecording(each), folder)),
  )
  const standing = await readModels()
  const standingFunctions = await readFunctions(modelFolder, 'duckdb', anySettings)
  const usual = signatures(standing, standingFunctions)

  /** Model → the case that has caught its last mutant: it will catch more of them. */
  const deft = new Map<string, string>()

  /** The models as the copy of the folder has them. */
  const variantOf = async ({ file, isOfDeclaration }: Mutant): Promise<Variant> => {
    const areFunctions = file.startsWith('functions/')
    const models = await readModels(copy)
    const functions = areFunctions ? await readFunctions(copy, 'duckdb', anySettings) : standingFunctions
    const found = signatures(models, functions)
    const touched = models.filter(({ name }) => found.get(name) !== usual.get(name))
    const measured = new Map([['', Promise.resolve(models)]])
    return {
      models: measures => {
        const known = measured.get(measures.join()) ?? readModels(copy, measures)
        measured.set(measures.join(), known)
        return known
      },
      touched: namesOf(touched),
      affected: namesOf(withDownstream(touched, models)),
      isRebuiltOtherwise: isOfDeclaration,
      functions: areFunctions ? settings => readFunctions(copy, 'duckdb', settings) : undefined,
    }
  }

  return {
    of: async mutant => {
      const file = new URL(mutant.file, copy)
      await writeFile(file, mutant.text)
      try {
        const variant = await variantOf(mutant)
        const unnoticed: string[] = []
        for (const rehearsal of inOrder(rehearsals, variant.touched, standing, deft.get(mutant.model))) {
          const { caught, differs } = await rehearsal.attempt(variant)
          if (caught) {
            deft.set(mutant.model, rehearsal.name)
            return { caught, unnoticed }
          }
          if (differs) unnoticed.push(rehearsal.name)
        }
        return { caught: undefined, unnoticed }
      } finally {
        await cp(new URL(mutant.file, modelFolder), file)
      }
    },
    ofNothing: async cases => {
      const variant = asItShouldBe(namesOf(standing))
      const found: Caught[] = []
      for (const rehearsal of rehearsals.filter((_, index) => cases(index))) {
        const { caught, differs } = await rehearsal.attempt(variant)
        if (caught) found.push(caught)
        else if (differs) found.push({ by: 'golden', detail: `${rehearsal.name} is not as it was recorded` })
      }
      return found
    },
    close: async () => {
      for (const rehearsal of rehearsals) await rehearsal.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const namesOf = (models: readonly Model[]): ReadonlySet<string> => new Set(models.map(({ name }) => name))

/** Everything that decides what models' tables hold: name → a text that tells it from other such. */
function signatures(models: readonly Model[], functions: ModelFunctions): ReadonlyMap<string, string> {
  const texts = models.map(({ staging, sql }) => `${staging?.sql ?? ''}\n${sql}`)
  const called = new Set(functionsUnder(texts.join('\n'), functions))
  // What no model calls is called where ARM's tables are read.
  const ofArm = [...functions.definitions.values()].filter(definition => !called.has(definition))
  return new Map(
    models.map((model, index) => {
      const { name, sql, staging, scope, rebuild, superseded } = model
      const under = functionsUnder(texts[index] ?? '', functions)
      const declared = [staging?.sql, staging?.received, [...(staging?.hash ?? [])]]
      const read = [...rebuild.keys()].some(isOfArm) ? ofArm : []
      return [name, JSON.stringify([sql, declared, scope, [...rebuild], superseded, under, read])]
    }),
  )
}

function withDownstream(touched: readonly Model[], models: readonly Model[]): readonly Model[] {
  const affected = new Set(touched)
  for (const model of models) {
    if (affected.has(model)) for (const reader of downstreamOf(models, model.table)) affected.add(reader)
  }
  return models.filter(model => affected.has(model))
}

/** The cases that the models have rows in; those first whose files ask for them. */
function inOrder(
  rehearsals: readonly Rehearsal[],
  touched: ReadonlySet<string>,
  models: readonly Model[],
  first: string | undefined,
): readonly Rehearsal[] {
  const names = [...touched]
  const sources = new Set(names.flatMap(name => [...loadedUnder(name, models)]))
  const asked = (rehearsal: Rehearsal, name: string) => rehearsal.asks.some(sql => mentions(sql, name))
  const rank = (rehearsal: Rehearsal): number =>
    rehearsal.name === first
      ? -1
      : (names.some(name => asked(rehearsal, name)) ? 0 : rehearsal.asks.length > 0 ? 100 : 200) +
        rehearsal.moments
  return rehearsals
    .filter(({ filled }) => [...sources].some(table => filled.has(table)))
    .toSorted((left, right) => rank(left) - rank(right))
}

/** The Bronze tables on which a model rests. */
function loadedUnder(name: string, models: readonly Model[]): ReadonlySet<string> {
  const model = models.find(each => each.name === name)
  if (!model) return new Set([name === 'meta.alaqan_answers' ? 'bronze.alaqan_visits' : name])
  return new Set(
    [...model.rebuild.keys()].filter(each => each !== name).flatMap(each => [...loadedUnder(each, models)]),
  )
}
