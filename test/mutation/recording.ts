/**
 * What the warehouse held each time before a case's models were built. The golden cases and a history of edits are
 * played once through the real command; mutants are then tried on what was recorded.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { copyFile, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { z } from 'zod'
import { systemClock } from '../../src/effects.js'
import { allTables } from '../../src/tables/catalogue.js'
import { qualifiedName, type Table } from '../../src/tables/table.js'
import { openDuckdb } from '../../src/warehouse/duckdb/file.js'
import { type Engine, numberOf } from '../../src/warehouse/engine.js'
import { identifier, literal } from '../../src/warehouse/sql-text.js'
import { readInput } from '../golden/input.js'
import { openCase, takeStep } from '../golden/play.js'
import { type Hub, openHub } from '../hub.js'
import { edit, editor, gateDays, modelEntities, smallWorld } from '../runs/account-edits.js'

const project = resolve(import.meta.dirname, '../..')
const golden = join(project, 'test/golden')

const momentSchema = z.object({
  /** Where the clock stood, Unix milliseconds. */
  now: z.number(),
  /** Whether everything was built again, whatever had changed. */
  isFull: z.boolean(),
  /** Folders of expected files, absolute. */
  expected: z.array(z.string()),
})

const recordingSchema = z.object({
  name: z.string(),
  env: z.record(z.string(), z.string()),
  /** Each time that the models were built. */
  moments: z.array(momentSchema),
})

/** A recorded case; its files stand in {@link Recording.folder}. */
export type Recording = z.output<typeof recordingSchema> & { readonly folder: string }
type Moment = z.output<typeof momentSchema>

/** The warehouse as it was after the first moment; what later ones changed stands in its schema `kept`. */
export const recordedWarehouse = 'recorded.duckdb'

/** What the tables of `kept` are called. */
export const keptContent = (moment: number, table: string): string => `${moment} ${table}`
/** Rows of a built table that the moment changed, as they were and as they are. */
export const keptChanges = (moment: number, table: string): string => `${moment} changes of ${table}`

/** Tables that mutants do not make: they hold at each moment what they held then. */
export const followed: readonly Table[] = allTables.filter(
  ({ schema, name }) => schema !== 'meta' || ['loads', 'alaqan_answers', 'rejects'].includes(name),
)

/** A case that can be played. */
interface Play {
  readonly name: string
  /** Files that decide what is recorded. */
  readonly files: readonly string[]
  readonly play: (recorder: Recorder) => Promise<void>
}

interface Recorder {
  readonly begin: (hub: Hub) => void
  /** The models have been built. */
  readonly built: (how: Pick<Moment, 'isFull'>) => Promise<void>
  /** The folder's files are expected now. */
  readonly expects: (folder: string) => void
}

/** All cases, or those whose names fit the pattern in CASES, each with the folder for what is recorded of it. */
async function wantedRecordings(folder: string): Promise<readonly (readonly [string, Play])[]> {
  const chosen = new RegExp(process.env.CASES ?? '')
  const plays = [...goldenPlays(), ...historyPlays()].filter(({ name }) => chosen.test(name))
  const program = await digestOf([
    ...['src', 'models', 'checks', 'package-lock.json'],
    ...['test/hub.ts', 'test/runs', 'test/mutation/recording.ts'],
  ])
  return Promise.all(
    plays.map(async play => {
      const digest = createHash('sha256')
        .update(`${program} ${await digestOf(play.files)}`)
        .digest('hex')
        .slice(0, 12)
      return [join(folder, `${play.name}-${digest}`), play] as const
    }),
  )
}

/**
 * Takes away what was recorded with another program, or of a case that has changed.
 * @returns the folders of all recordings, of which some may still have to be made
 */
export async function prepareRecordings(folder: string): Promise<readonly string[]> {
  const wanted = (await wantedRecordings(folder)).map(([target]) => target)
  const standing = existsSync(folder) && process.env.CASES === undefined ? await readdir(folder) : []
  for (const name of standing) {
    if (!wanted.includes(join(folder, name))) await rm(join(folder, name), { recursive: true, force: true })
  }
  return wanted
}

/** Records those cases of a share that are not recorded yet, two at a time. */
export async function recordShare(folder: string, share: Share): Promise<void> {
  const waiting = (await wantedRecordings(folder)).filter(
    ([target], index) => index % share.of === share.index && !existsSync(target),
  )
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [target, play] = next
      await record(play, target)
    }
  }
  await Promise.all([work(), work()])
}

/** One of some equal shares, counted from 0. */
export interface Share {
  readonly index: number
  readonly of: number
}

/** Reads what {@link recordShare} has written. */
export async function readRecording(folder: string): Promise<Recording> {
  const text = await readFile(join(folder, 'recording.json'), 'utf8')
  return { ...recordingSchema.parse(JSON.parse(text)), folder }
}

async function digestOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths.map(each => resolve(project, each))) {
    const isFile = path.endsWith('.ts') || path.endsWith('.json')
    const names = isFile ? [''] : readdirSync(path, { recursive: true, encoding: 'utf8' }).sort()
    for (const name of names.filter(each => isFile || /\.[a-z]+$/.test(each))) {
      const text = await readFile(join(path, name)).catch(() => '')
      hash.update(name).update(text)
    }
  }
  return hash.digest('hex')
}

function goldenPlays(): readonly Play[] {
  const names = readdirSync(golden, { withFileTypes: true }).filter(entry => entry.isDirectory())
  return names.map(({ name }): Play => {
    const folder = join(golden, name)
    const expected = join(folder, 'expected')
    const play = async ({ begin, built, expects }: Recorder): Promise<void> => {
      const input = await readInput(join(folder, 'input.json'))
      const hub = await openCase(input)
      begin(hub)
      for (const step of input.steps) {
        // Where columns change, or others write tables of their own, the case is followed no further: only ARM's do.
        if ('configure' in step || ('sql' in step && !/^(insert into|update) (bronze|meta)\./.test(step.sql)))
          return
        if ('expect' in step) expects(join(expected, step.expect))
        else await takeStep(hub, step)
        if ('hubdwh' in step && /^(run|transform)\b/.test(step.hubdwh)) {
          await built({ isFull: /^transform .*--full\b/.test(step.hubdwh) })
        }
      }
      expects(expected)
    }
    return { name, files: [folder, 'test/golden/input.ts', 'test/golden/play.ts'], play }
  })
}

/** Seeds of the histories of edits, and how many times each is built. */
const histories = [1, 2]
const stretches = 3

/** Histories as those of the property that increments give the same rows as rebuilding everything. */
function historyPlays(): readonly Play[] {
  return histories.map((seed): Play => {
    const edits = fc.sample(fc.array(edit, { minLength: 15, maxLength: 15 }), { seed, numRuns: stretches })
    const play = async ({ begin, built }: Recorder): Promise<void> => {
      const world = smallWorld()
      const hub = await openHub({ world, now: '2025-03-01T05:00:00Z', startDate: gateDays[0] })
      begin(hub)
      const apply = editor(world, hub.clock)
      for (const stretch of [[], ...edits]) {
        for (const each of stretch) apply(each)
        hub.clock.advance(60_000)
        for (const argv of [['load', 'alaqan'], ['load', 'amocrm', ...modelEntities], ['transform']]) {
          const { exitCode, err } = await hub.hubdwh(...argv)
          if (exitCode !== 0) throw new Error(err)
        }
        await built({ isFull: false })
      }
    }
    return { name: `history-${seed}`, files: [], play }
  })
}

async function record({ name, play }: Play, target: string): Promise<void> {
  const draft = `${target}.draft`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  const moments: Moment[] = []
  const opened: Hub[] = []
  const hub = (): Hub => {
    const [first] = opened
    if (!first) throw new Error(`${name} has not begun.`)
    return first
  }
  try {
    await play({
      begin: begun => opened.push(begun),
      built: async ({ isFull }) => {
        moments.push({ now: hub().clock.now(), isFull, expected: [] })
        await copyFile(join(hub().folder, 'data/warehouse.duckdb'), momentFile(draft, moments.length))
        // Its configuration and what stands beside it, as they were then.
        await cp(hub().folder, besideMoment(draft, moments.length), {
          recursive: true,
          filter: path => !path.startsWith(join(hub().folder, 'data')),
        })
      },
      expects: folder => moments.at(-1)?.expected.push(folder),
    })
    const recording = { name, env: hub().env, moments }
    await writeFile(join(draft, 'recording.json'), JSON.stringify(recording))
  } finally {
    await opened[0]?.close()
  }
  await joinMoments(draft, moments.length)
  await rename(draft, target)
}

/** The folder of the configuration at a moment, counted from 1. */
export const besideMoment = (folder: string, moment: number): string => join(folder, `moment-${moment}`)

const momentFile = (folder: string, moment: number): string => join(folder, `${moment}.duckdb`)

/** Makes one file of the snapshots: mutants then need one session a case. */
async function joinMoments(folder: string, count: number): Promise<void> {
  const path = join(folder, recordedWarehouse)
  await rename(momentFile(folder, 1), path)
  const engine = await openDuckdb({
    path,
    access: 'write',
    timeZone: 'Asia/Almaty',
    timeAs: 'time',
    clock: systemClock,
  })
  try {
    await engine.run('create schema kept')
    for (let moment = 2; moment <= count; moment += 1) {
      await engine.run(`attach ${literal(momentFile(folder, moment))} as now_${moment} (read_only)`)
      const before = moment === 2 ? 'iceberg' : `now_${moment - 1}`
      for (const table of followed) await keep(engine, table, moment, before)
    }
    for (let moment = 2; moment <= count; moment += 1) await engine.run(`detach now_${moment}`)
  } finally {
    await engine.close()
  }
  for (let moment = 2; moment <= count; moment += 1) await rm(momentFile(folder, moment))
}

async function keep(engine: Engine, table: Table, moment: number, before: string): Promise<void> {
  const name = qualifiedName(table)
  const [was, is] = [`${before}.${name}`, `now_${moment}.${name}`]
  const changes = `(select * from ${was} except all select * from ${is})
    union all (select * from ${is} except all select * from ${was})`
  if ((await numberOf(engine, `select count(*) from (${changes})`)) === 0) return
  await engine.run(`create table kept.${identifier(keptContent(moment, name))} as select * from ${is}`)
  await engine.run(`create table kept.${identifier(keptChanges(moment, name))} as ${changes}`)
}
