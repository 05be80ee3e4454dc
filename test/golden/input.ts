/** What a case's `input.json` may say. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { isJsonObject } from '../../src/json.js'

const json = z.json()
const record = z.record(z.string(), json)
const list = z.array(json).exactOptional()
const entity = z.enum(['leads', 'contacts', 'companies', 'tasks'])
const kind = z.enum([...entity.options, 'events'])
const id = z.number()

const world = z.strictObject({
  leads: list,
  bin: z.array(record).exactOptional(),
  contacts: list,
  companies: list,
  tasks: list,
  events: list,
  users: list,
  pipelines: list,
  lossReasons: list,
  account: record.exactOptional(),
  visits: record.exactOptional(),
})

const rowsAgain = z.strictObject({
  table: z.string(),
  set: z.record(z.string(), z.string()),
  where: z.string().default('true'),
})

const step = z.union([
  /** Runs the command, which must end with the exit code (default 0). */
  z.strictObject({ hubdwh: z.string(), exit: z.number().default(0) }),
  z.strictObject({ now: z.string() }),
  /** Compares with the files of that folder under `expected`. */
  z.strictObject({ expect: z.string() }),
  z.strictObject({ edit: z.tuple([entity, id, record]) }),
  /** Serves a record as given, in the list or in the bin, and leaves no event. */
  z.strictObject({ put: z.tuple([entity, z.looseObject({ id }).catchall(json), z.enum(['list', 'bin'])]) }),
  z.strictObject({ remove: z.tuple([entity, id]) }),
  /** Takes a record away, and leaves no event. */
  z.strictObject({ purge: z.tuple([entity, id]) }),
  z.strictObject({ restore: z.tuple([entity, id]) }),
  z.strictObject({ renameUser: z.tuple([id, z.string()]) }),
  z.strictObject({ removeUser: id }),
  z.strictObject({ renamePipeline: z.tuple([id, z.string()]) }),
  z.strictObject({ removePipeline: id }),
  z.strictObject({ renameStatus: z.tuple([id, id, z.string()]) }),
  z.strictObject({ removeStatus: z.tuple([id, id]) }),
  z.strictObject({ setLossReasons: z.array(json) }),
  z.strictObject({ setUsers: z.array(json) }),
  z.strictObject({ setPipelines: z.array(json) }),
  z.strictObject({ setTaskTypes: z.array(json) }),
  z.strictObject({ setVisits: z.tuple([z.string(), json]) }),
  /** Writes a file beside the configuration, line by line. */
  z.strictObject({ write: z.tuple([z.string(), z.array(z.string())]) }),
  /** Takes such a file away. */
  z.strictObject({ erase: z.string() }),
  /** Replaces a text of the configuration, which must be there, by another. */
  z.strictObject({ configure: z.tuple([z.string(), z.string()]) }),
  /** Carries out a statement in the warehouse, as whoever else writes tables there would. */
  z.strictObject({ sql: z.string() }),
  /** Adds the rows of a table to it once more, with other values (SQL) in some columns. */
  z.strictObject({ again: rowsAgain }),
])

const lines = z.array(z.string())

const input = z.strictObject({
  about: lines,
  now: z.string(),
  startDate: z.string().exactOptional(),
  config: lines.default([]),
  alaqan: lines.default([]),
  amocrm: z.union([lines, z.literal(false)]).default([]),
  privacy: lines.exactOptional(),
  /** Files beside the configuration, by name, line by line. */
  files: z.record(z.string(), lines).default({}),
  /** What each record of a kind holds where it does not say otherwise. */
  each: z.partialRecord(kind, record).default({}),
  world,
  steps: z.array(step).default([{ hubdwh: 'run --json', exit: 0 }]),
})

export type Input = Omit<z.output<typeof input>, 'each'>
export type Step = z.output<typeof step>

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/
/** The clock is told its instants as they are written. */
const isClock = (key: string) => key === 'now'

/** Reads a case; instants of the world become Unix seconds. Throws where the file is not what this page says. */
export async function readInput(path: string): Promise<Input> {
  const text = await readFile(path, 'utf8')
  const { each, ...read } = input.parse(
    JSON.parse(text, (key, value: unknown) =>
      typeof value === 'string' && instant.test(value) && !isClock(key) ? Date.parse(value) / 1000 : value,
    ),
  )
  const filled = Object.entries(each).map(([name, shared]) => [
    name,
    (read.world[kind.parse(name)] ?? []).map(value =>
      isJsonObject(value) ? { ...shared, ...value } : value,
    ),
  ])
  return { ...read, world: { ...read.world, ...Object.fromEntries(filled) } }
}
