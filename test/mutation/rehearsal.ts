/** Tries variants of the models on a recorded case. Everything happens in a transaction that is undone. */
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../src/config/config.js'
import { loadConfig, readTextFile } from '../../src/config/load.js'
import { CheckFailedError, messageOf } from '../../src/errors.js'
import type { Model } from '../../src/models/definition.js'
import { type Engine, rowsOf } from '../../src/warehouse/engine.js'
import { type Expected, readExpected } from '../golden/expected.js'
import { type Recording, recordedWarehouse } from './recording.js'
import { openStage, rowsAsText, type Variant } from './stage.js'

/** What has told a variant from the models as they should be. */
export interface Caught {
  readonly by: 'golden' | 'check' | 'conservation' | 'increments' | 'error' | 'does not run'
  /** The expected file, the check, the case, or what the engine said. */
  readonly detail: string
}

/** What became of a variant in a case. */
export interface Played {
  /** What catches it; undefined where nothing does. */
  readonly caught: Caught | undefined
  /** Whether a table held something else than it should. */
  readonly differs: boolean
  /** Checks that did not pass: moment, check, table. */
  readonly failed: readonly string[]
}

export interface Rehearsal {
  readonly name: string
  /** The queries of the case's expected files. */
  readonly asks: readonly string[]
  /** How often the models are built. */
  readonly moments: number
  /** Bronze tables with rows, at any moment. */
  readonly filled: ReadonlySet<string>
  readonly attempt: (variant: Variant) => Promise<Played>
  readonly close: () => Promise<void>
}

/** Opens a copy of what was recorded, in a folder for such copies. */
export async function openRehearsal(recording: Recording, folder: string): Promise<Rehearsal> {
  const { name, moments } = recording
  const path = join(folder, name, 'warehouse.duckdb')
  await mkdir(join(folder, name), { recursive: true })
  await copyFile(join(recording.folder, recordedWarehouse), path)
  const expected = await Promise.all(moments.map(moment => expectedOf(moment.expected)))
  const asks = expected.flat().map(({ sql }) => sql)
  const stage = await openStage(path, await configOf(recording), asks)
  const { engine } = stage
  const recorded = new Map<string, Promise<string>>()
  const asUsual = new Map<string, Promise<Played>>()

  /** Whether a table holds what it should hold at that moment, counted from 1. */
  const isUnchanged = async (moment: number, table: string): Promise<boolean> => {
    const key = `${moment} ${table}`
    const should = recorded.get(key) ?? stage.recorded(moment, table)
    recorded.set(key, should)
    return (await should) === (await rowsAsText(engine, table))
  }

  const play = async (variant: Variant, { built, isAudited }: Extent): Promise<Played> => {
    const failed: string[] = []
    let differs = false
    const functions = await stage.clear(built, variant)
    const build = async (index: number, isFull: boolean): Promise<boolean> => {
      const now = moments[index]?.now ?? 0
      const { failed: found, isHeld } = await stage.build(built, variant, {
        functions,
        now,
        isFull,
        isAudited,
      })
      failed.push(...found.map(check => `${index + 1} ${check}`))
      return isHeld
    }
    for (const index of moments.keys()) {
      if (index > 0) await stage.advance(index + 1, built, variant, moments[index]?.now ?? 0)
      if (await build(index, false)) return { caught: undefined, failed, differs: true }
      const file = await firstDifference(engine, expected[index] ?? [], built)
      if (file !== undefined) {
        return { caught: { by: 'golden', detail: `${name}/${file}` }, failed, differs: true }
      }
      for (const { name: table } of built) differs ||= !(await isUnchanged(index + 1, table))
    }
    // What rebuilds the right rows at every moment rebuilds all of them.
    if (moments.length > 1 && (differs || variant.isRebuiltOtherwise)) {
      const asIncrements = await dumpOf(engine, built)
      await build(moments.length - 1, true)
      if (asIncrements !== (await dumpOf(engine, built))) {
        return { caught: { by: 'increments', detail: name }, failed, differs }
      }
    }
    return { caught: undefined, failed, differs }
  }

  /** What the models as they should be come to: the data of a case may break a rule on purpose. */
  const usual = (built: readonly Model[]): Promise<Played> => {
    const names = built.map(model => model.name)
    const models = stage.models.filter(model => names.includes(model.name))
    const variant = {
      ...{ models: stage.models, touched: models, affected: models, functions: undefined },
      isRebuiltOtherwise: false,
    }
    const played =
      asUsual.get(names.join()) ?? undone(engine, () => play(variant, { built: models, isAudited: true }))
    asUsual.set(names.join(), played)
    return played
  }

  return {
    name,
    asks,
    moments: moments.length,
    filled: stage.filled,
    attempt: async variant => {
      const alone = await undone(engine, () => play(variant, { built: variant.touched, isAudited: false }))
      // Where its own tables hold what they should, those downstream do too, and no check sees another row.
      if (alone.caught || !alone.differs) return alone
      const built = variant.affected
      const whole = await undone(engine, () => play(variant, { built, isAudited: true }))
      if (whole.failed.length === 0) return whole
      const before = await usual(built)
      const check = whole.failed.find(each => !before.failed.includes(each))
      if (check === undefined) return whole
      return { ...whole, caught: { by: 'check', detail: `${check.split(' ')[1] ?? ''} (${name})` } }
    },
    close: () => engine.close(),
  }
}

/** Which models are built, and whether checks look at them. */
interface Extent {
  readonly built: readonly Model[]
  readonly isAudited: boolean
}

/** Thrown to undo a transaction. */
const undo = new Error('undone')

/** Does the work and undoes it. What goes wrong is what catches it. */
async function undone(engine: Engine, work: () => Promise<Played>): Promise<Played> {
  let played: Played = { caught: undefined, failed: [], differs: false }
  try {
    await engine.atomically(async () => {
      played = await work()
      throw undo
    })
  } catch (error) {
    if (error !== undo) return { caught: whatWentWrong(error), failed: [], differs: true }
  }
  return played
}

function whatWentWrong(error: unknown): Caught {
  if (error instanceof CheckFailedError) return { by: 'conservation', detail: error.code }
  const detail = messageOf(error).split('\n', 1)[0] ?? ''
  return { by: /^(Binder|Parser|Catalog) Error/.test(detail) ? 'does not run' : 'error', detail }
}

async function configOf({ folder, env }: Recording): Promise<Config> {
  const { config } = await loadConfig('hubdwh.yaml', { env, cwd: folder, readText: readTextFile })
  return config
}

type Shown = Expected & { readonly shown: string }

async function expectedOf(folders: readonly string[]): Promise<readonly Shown[]> {
  const files = await Promise.all(
    folders.map(async folder => {
      const under = folder.split('/expected/')[1]
      const read = await readExpected(folder)
      return read.map(each => ({ ...each, shown: under === undefined ? each.file : `${under}/${each.file}` }))
    }),
  )
  return files.flat()
}

/** The first expected file about the models that differs. */
async function firstDifference(
  engine: Engine,
  files: readonly Shown[],
  models: readonly Model[],
): Promise<string | undefined> {
  for (const { shown, sql, text, inForm } of files) {
    if (!models.some(model => mentions(sql, model.name))) continue
    if (inForm(await rowsOf(engine, sql)) !== text) return shown
  }
  return undefined
}

/** Whether a query names the table, or asks what silver has set aside. */
export function mentions(sql: string, table: string): boolean {
  return (
    new RegExp(`\\b${table}\\b`).test(sql) || (table.startsWith('silver.') && sql.includes('meta.rejects'))
  )
}

async function dumpOf(engine: Engine, models: readonly Model[]): Promise<string> {
  const texts: string[] = []
  for (const { name } of models) texts.push(name, await rowsAsText(engine, name))
  return texts.join('\n')
}
