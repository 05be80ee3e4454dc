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
import { openStage, type Variant } from './stage.js'

/** What has told a variant from the models as they should be. */
export interface Caught {
  readonly by: 'golden' | 'check' | 'conservation' | 'increments' | 'error' | 'does not run'
  /** The expected file, the check, the case, or what the engine said. */
  readonly detail: string
}

/** What became of a variant in a case. */
interface Played {
  readonly caught: Caught | undefined
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
  /** What catches the variant; undefined where nothing does. */
  readonly attempt: (variant: Variant) => Promise<Caught | undefined>
  readonly close: () => Promise<void>
}

/** Opens a copy of what was recorded, in a folder for such copies. */
export async function openRehearsal(recording: Recording, folder: string): Promise<Rehearsal> {
  const { name, moments } = recording
  const path = join(folder, name, 'warehouse.duckdb')
  await mkdir(join(folder, name), { recursive: true })
  await copyFile(join(recording.folder, recordedWarehouse), path)
  const stage = await openStage(path, await configOf(recording))
  const { engine } = stage
  const expected = await Promise.all(moments.map(moment => expectedOf(moment.expected)))
  const asUsual = new Map<string, Promise<Played>>()

  const play = async (variant: Variant): Promise<Played> => {
    const failed: string[] = []
    const functions = await stage.clear(variant)
    const build = async (index: number, isFull: boolean): Promise<boolean> => {
      const now = moments[index]?.now ?? 0
      const built = await stage.build(variant, { functions, now, isFull })
      failed.push(...built.failed.map(check => `${index + 1} ${check}`))
      return built.isHeld
    }
    for (const index of moments.keys()) {
      if (index > 0) await stage.advance(index + 1, variant, moments[index]?.now ?? 0)
      if (await build(index, false)) return { caught: undefined, failed }
      const file = await firstDifference(engine, expected[index] ?? [], variant.affected)
      if (file !== undefined) return { caught: { by: 'golden', detail: `${name}/${file}` }, failed }
    }
    if (moments.length > 1) {
      const asIncrements = await dumpOf(engine, variant.affected)
      await build(moments.length - 1, true)
      if (asIncrements !== (await dumpOf(engine, variant.affected))) {
        return { caught: { by: 'increments', detail: name }, failed }
      }
    }
    return { caught: undefined, failed }
  }

  /** What the models as they should be come to: the data of a case may break a rule on purpose. */
  const usual = ({ affected }: Variant): Promise<Played> => {
    const names = affected.map(model => model.name)
    const { models } = stage
    const known = asUsual.get(names.join())
    const variant = {
      models,
      affected: models.filter(model => names.includes(model.name)),
      functions: undefined,
    }
    const played = known ?? undone(engine, () => play(variant))
    asUsual.set(names.join(), played)
    return played
  }

  return {
    name,
    asks: expected.flat().map(({ sql }) => sql),
    moments: moments.length,
    filled: stage.filled,
    attempt: async variant => {
      const { caught, failed } = await undone(engine, () => play(variant))
      if (failed.length > 0) {
        const before = await usual(variant)
        const check = failed.find(each => !before.failed.includes(each))
        if (check !== undefined) return { by: 'check', detail: `${check.split(' ')[1] ?? ''} (${name})` }
      }
      return caught
    },
    close: () => engine.close(),
  }
}

/** Thrown to undo a transaction. */
const undo = new Error('undone')

/** Does the work and undoes it. What goes wrong is what catches it. */
async function undone(engine: Engine, work: () => Promise<Played>): Promise<Played> {
  let played: Played = { caught: undefined, failed: [] }
  try {
    await engine.atomically(async () => {
      played = await work()
      throw undo
    })
  } catch (error) {
    if (error !== undo) return { caught: whatWentWrong(error), failed: [] }
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
  const selects = models.map(
    ({ name }) => `select '${name}' as name, cast(to_json(held) as varchar) as held from ${name} as held`,
  )
  const rows = await rowsOf(engine, `${selects.join(' union all ')} order by 1, 2`)
  return rows.map(row => `${String(row.name)} ${String(row.held)}`).join('\n')
}
