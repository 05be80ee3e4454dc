/** Tries variants of the models on a recorded case. Everything happens in a transaction that is undone. */
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { loadConfig, readTextFile } from '../../src/config/load.js'
import { CheckFailedError, messageOf } from '../../src/errors.js'
import { modelFolder, readModels } from '../../src/models/definition.js'
import { type Engine, rowsOf } from '../../src/warehouse/engine.js'
import { type Expected, readExpected } from '../golden/expected.js'
import { besideMoment, type Recording, recordedWarehouse } from './recording.js'
import { type Extent, type MomentOfStage, openStage, rowsAsText, type Variant } from './stage.js'

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
  /** Bronze tables with rows and parts of ARM, at any moment. */
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
  const configs = await configsOf(recording)
  const stage = await openStage(path, configs, asks)
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

  const play = async (variant: Variant, built: Extent, isAudited: boolean): Promise<Played> => {
    const failed: string[] = []
    let differs = false
    await stage.clear(built)
    const build = async (moment: number, isFull: boolean): Promise<boolean> => {
      const { failed: found, isHeld } = await stage.build(moment, built, variant, { isFull, isAudited })
      failed.push(...found.map(check => `${moment} ${check}`))
      return isHeld
    }
    for (const [index, { isFull }] of moments.entries()) {
      const moment = index + 1
      if (moment > 1) await stage.advance(moment, built, variant)
      if (await build(moment, isFull)) return { caught: undefined, failed, differs: true }
      const file = await firstDifference(engine, expected[index] ?? [], built)
      if (file !== undefined) {
        return { caught: { by: 'golden', detail: `${name}/${file}` }, failed, differs: true }
      }
      for (const table of built) differs ||= !(await isUnchanged(moment, table))
    }
    // What rebuilds the right rows at every moment rebuilds all of them.
    if (moments.length > 1 && (differs || variant.isRebuiltOtherwise)) {
      const asIncrements = await dumpOf(engine, built)
      await build(moments.length, true)
      if (asIncrements !== (await dumpOf(engine, built))) {
        return { caught: { by: 'increments', detail: name }, failed, differs }
      }
    }
    return { caught: undefined, failed, differs }
  }

  /** What the models as they should be come to: the data of a case may break a rule on purpose. */
  const usual = (built: Extent): Promise<Played> => {
    const key = [...built].join()
    const played = asUsual.get(key) ?? undone(engine, () => play(asItShouldBe(built), built, true))
    asUsual.set(key, played)
    return played
  }

  return {
    name,
    asks,
    moments: moments.length,
    filled: stage.filled,
    attempt: async variant => {
      const alone = await undone(engine, () => play(variant, variant.touched, false))
      // Where its own tables hold what they should, those downstream do too, and no check sees another row.
      if (alone.caught || !alone.differs) return alone
      const whole = await undone(engine, () => play(variant, variant.affected, true))
      if (whole.failed.length === 0) return whole
      const before = await usual(variant.affected)
      const check = whole.failed.find(each => !before.failed.includes(each))
      if (check === undefined) return whole
      return { ...whole, caught: { by: 'check', detail: `${check.split(' ')[1] ?? ''} (${name})` } }
    },
    close: () => engine.close(),
  }
}

/** The models as they are, of which these are looked at. */
export function asItShouldBe(names: ReadonlySet<string>): Variant {
  return {
    models: measures => readModels(modelFolder, measures),
    ...{ touched: names, affected: names, isRebuiltOtherwise: true, functions: undefined },
  }
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

function configsOf({ folder, env, moments }: Recording): Promise<readonly MomentOfStage[]> {
  return Promise.all(
    moments.map(async ({ now }, index) => {
      const cwd = besideMoment(folder, index + 1)
      const { config } = await loadConfig('hubdwh.yaml', { env, cwd, readText: readTextFile })
      return { config, now }
    }),
  )
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
  tables: Extent,
): Promise<string | undefined> {
  for (const { shown, sql, text, inForm } of files) {
    if (![...tables].some(table => mentions(sql, table))) continue
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

async function dumpOf(engine: Engine, tables: Extent): Promise<string> {
  const texts: string[] = []
  for (const name of tables) texts.push(name, await rowsAsText(engine, name))
  return texts.join('\n')
}
