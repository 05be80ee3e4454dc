/** Tries a mutant on every case that it can reach, until something catches it. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { messageOf } from '../../src/errors.js'
import { downstreamOf, type Model, modelFolder, readModels } from '../../src/models/definition.js'
import { functionsUnder, type ModelFunctions, readFunctions } from '../../src/models/functions.js'
import type { ModelSettings } from '../../src/models/settings.js'
import type { Mutant } from './mutants.js'
import { readRecording } from './recording.js'
import { type Caught, mentions, openRehearsal, type Rehearsal } from './rehearsal.js'
import type { Variant } from './stage.js'

export interface Trial {
  /** What catches the mutant; undefined where nothing does. */
  readonly of: (mutant: Mutant) => Promise<Caught | undefined>
  /** What catches the models as they are: nothing, or no mutant proves anything. */
  readonly ofNothing: () => Promise<readonly Caught[]>
  readonly close: () => Promise<void>
}

/** Settings that shape no more than what `setting_…()` answers. */
const anySettings: ModelSettings = {
  timezone: 'UTC',
  masks: { iin: 'none', phone: 'none', email: 'none' },
  maskingKey: undefined,
  customFields: { bin: [], source: [], industry: [], phone: [], email: [] },
  eventsFrom: '1970-01-01',
}

/** @param folders what `recordAll` has recorded */
export async function openTrial(folders: readonly string[]): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-mutation-'))
  const copy = pathToFileURL(join(folder, 'models/'))
  await cp(modelFolder, copy, { recursive: true })
  const rehearsals = await Promise.all(
    folders.map(async each => openRehearsal(await readRecording(each), folder)),
  )
  const standing = await readModels()
  const standingFunctions = await readFunctions(modelFolder, 'duckdb', anySettings)
  const usual = new Map(standing.map(model => [model.name, signature(model, standingFunctions)]))

  /** The models as the copy of the folder has them. */
  const variantOf = async (
    areFunctions: boolean,
  ): Promise<Variant & { readonly touched: readonly Model[] }> => {
    const models = await readModels(copy)
    const functions = areFunctions ? await readFunctions(copy, 'duckdb', anySettings) : standingFunctions
    const touched = models.filter(model => signature(model, functions) !== usual.get(model.name))
    return {
      models,
      touched,
      affected: withDownstream(touched, models),
      functions: areFunctions ? settings => readFunctions(copy, 'duckdb', settings) : undefined,
    }
  }

  return {
    of: async mutant => {
      const file = new URL(mutant.file, copy)
      await writeFile(file, mutant.text)
      try {
        const variant = await variantOf(mutant.file.startsWith('functions/'))
        for (const rehearsal of inOrder(rehearsals, variant.touched, standing)) {
          const caught = await rehearsal.attempt(variant)
          if (caught) return caught
        }
        return undefined
      } catch (error) {
        return { by: 'does not run', detail: messageOf(error).split('\n', 1)[0] ?? '' }
      } finally {
        await cp(new URL(mutant.file, modelFolder), file)
      }
    },
    ofNothing: async () => {
      const variant = { models: standing, affected: standing, functions: undefined }
      const caught: Caught[] = []
      for (const rehearsal of rehearsals) caught.push(...[(await rehearsal.attempt(variant)) ?? []].flat())
      return caught
    },
    close: async () => {
      for (const rehearsal of rehearsals) await rehearsal.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Everything that decides what a model's table holds. */
function signature(model: Model, functions: ModelFunctions): string {
  const { sql, staging, scope, rebuild, superseded } = model
  const under = functionsUnder(`${staging?.sql ?? ''}\n${sql}`, functions)
  const declared = [staging?.sql, staging?.received, [...(staging?.hash ?? [])]]
  return JSON.stringify([sql, declared, scope, [...rebuild], superseded, under])
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
  touched: readonly Model[],
  models: readonly Model[],
): readonly Rehearsal[] {
  const names = touched.map(({ name }) => name)
  const sources = new Set(names.flatMap(name => [...loadedUnder(name, models)]))
  const asked = (rehearsal: Rehearsal, name: string) => rehearsal.asks.some(sql => mentions(sql, name))
  const rank = (rehearsal: Rehearsal): number =>
    (names.some(name => asked(rehearsal, name)) ? 0 : rehearsal.asks.length > 0 ? 100 : 200) +
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
