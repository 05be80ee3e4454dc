/**
 * Bringing every place of `publish:` up to date after gold: each with the tables whose rows are others than it knows. A
 * place that cannot be had now stays behind, and is brought up to date the next time; it holds up no other, and no load.
 */
import { existsSync } from 'node:fs'
import type { PublishConfig } from '../config/config.js'
import { createPrivateFolder } from '../durable-file.js'
import { HubdwhError, InterruptedError, messageOf } from '../errors.js'
import { withLock } from '../lock.js'
import { type TableState, tableStates } from '../models/table-states.js'
import { type PipelineContext, warehouseExists, withWarehouse } from '../pipeline/context.js'
import { warehouseOf } from '../pipeline/warehouse-of.js'
import { placeId } from '../place-id.js'
import { type Memory, memoryPath, type PlaceMemory, readMemory, writeMemory } from './memory.js'
import type { Publisher } from './publisher.js'
import { withPublishers } from './publishers.js'
import type { MakeReport } from './report-file.js'

export interface PublishOptions {
  /** Only places of these kinds; empty for all. */
  readonly kinds: readonly PublishConfig['kind'][]
  /** Everything anew, also what a place knows already. */
  readonly isFull: boolean
  readonly makeReport: MakeReport
}

/** What became of one place. */
export interface Published {
  readonly kind: PublishConfig['kind']
  /** What a person knows it by, without secrets. */
  readonly place: string
  /** `unchanged`: it knew everything. */
  readonly state: 'published' | 'unchanged' | 'failed'
  /** The tables that were new to it. */
  readonly tables: readonly string[]
  /** What was done, in a sentence. */
  readonly what?: string
  readonly error?: HubdwhError
}

/** Another process may be waiting for a BI tool. */
const lockPatienceMs = 600_000
/** Whoever asks how things stand does not wait for a commit to end. */
const statusPatienceMs = 5000

/**
 * Publishes what has changed.
 * @returns a line a place, files before those who may read them, else in the order of the configuration; nothing where
 *   nothing was ever loaded
 * @throws UnavailableError `locked` while another process publishes, `warehouse_…`; InterruptedError
 */
export async function publish(
  context: PipelineContext,
  { kinds, isFull, makeReport }: PublishOptions,
): Promise<readonly Published[]> {
  const { config, clock, signal } = context
  const chosen = filesFirst(config.publish.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind)))
  if (chosen.length === 0 || !(await warehouseExists(context))) return []
  await createPrivateFolder(config.landing.path)
  const lockPath = `${memoryPath(config.landing.path)}.lock`
  const lock = { purpose: 'publishing', waitMs: lockPatienceMs, clock, signal }
  return withLock(lockPath, lock, () =>
    withPublishers(context, open => publishEach(chosen, open, isFull, context), makeReport),
  )
}

async function publishEach(
  chosen: readonly PublishConfig[],
  open: (place: PublishConfig) => Publisher,
  isFull: boolean,
  context: PipelineContext,
): Promise<readonly Published[]> {
  const { config, signal } = context
  const path = memoryPath(config.landing.path)
  const warehouse = warehouseId(context)
  const states = await withWarehouse(context, 'read', tableStates)
  const copies = config.publish.filter(isCopy).map(open)
  let memory = await recalled(path, warehouse, context)
  const note = async (id: string, told: PlaceMemory | undefined): Promise<void> => {
    const { [id]: _, ...others } = memory
    memory = told ? { ...others, [id]: told } : others
    await writeMemory(path, warehouse, memory)
  }
  const outcomes: Published[] = []
  const bugs: unknown[] = []
  for (const place of chosen) {
    const publisher = open(place)
    const { id } = publisher
    // Whatever happens now, what is told anew does not count as told before that has succeeded.
    if (memory[id] && (isFull || (await publisher.isLost?.()) === true)) await note(id, undefined)
    try {
      const outcome = await publishTo(publisher, place.kind, behind(states, memory[id] ?? {}), signal)
      outcomes.push(outcome)
      // Whoever reads a copy that is old still has seen the old one, and has to be told again.
      const isSure = isCopy(place) || !(await isAnyBehind(copies, states, memory))
      if (outcome.state === 'published' && isSure) await note(id, memoryOf(states))
    } catch (error) {
      if (signal.aborted || error instanceof HubdwhError) throw error
      bugs.push(error)
    }
  }
  // What is a bug of one place has kept no other from being brought up to date.
  if (bugs.length > 0) throw bugs[0]
  return outcomes
}

async function isAnyBehind(
  publishers: readonly Publisher[],
  states: readonly TableState[],
  memory: Memory,
): Promise<boolean> {
  for (const { id, isLost } of publishers) {
    if ((await isLost?.()) === true || behind(states, memory[id] ?? {}).length > 0) return true
  }
  return false
}

/** Published files that are there though the warehouse that they were made of is not. */
export async function orphanedCopies(context: PipelineContext): Promise<readonly string[]> {
  if (await warehouseExists(context)) return []
  const paths = context.config.publish.flatMap(place =>
    place.kind === 'file' || place.kind === 'report' ? [place.path] : [],
  )
  return paths.filter(path => existsSync(path))
}

/**
 * Places that show older marts than there are: those that were down, and those that nobody has published to since a build.
 * @returns nothing where the warehouse, or the memory of what was published, cannot be read: both are told elsewhere
 */
export async function placesBehind(
  context: PipelineContext,
): Promise<readonly { readonly place: string; readonly tables: readonly string[] }[]> {
  const { config } = context
  if (config.publish.length === 0) return []
  try {
    if (!(await warehouseExists(context))) return []
    const states = await withWarehouse(context, 'read', tableStates, { patience: statusPatienceMs })
    const memory = await readMemory(memoryPath(config.landing.path), warehouseId(context))
    return await withPublishers(context, async open =>
      config.publish.flatMap(place => {
        const { id, refreshes } = open(place)
        const tables = behind(states, memory[id] ?? {}).map(({ table }) => table)
        return tables.length > 0 && refreshes === 'changes' ? [{ place: place.kind, tables }] : []
      }),
    )
  } catch (error) {
    if (error instanceof InterruptedError) throw error
    return []
  }
}

async function publishTo(
  publisher: Publisher,
  kind: PublishConfig['kind'],
  changed: readonly TableState[],
  signal: AbortSignal,
): Promise<Published> {
  const { place, refreshes } = publisher
  const tables = changed.map(({ table }) => table)
  if (tables.length === 0 && refreshes === 'changes') return { kind, place, state: 'unchanged', tables }
  try {
    const what = await publisher.publish(
      changed.map(({ table, changedAt }) => ({ name: table, changedAt })),
      signal,
    )
    return { kind, place, state: 'published', tables, what }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (!(error instanceof HubdwhError) || error instanceof InterruptedError) throw error
    return { kind, place, state: 'failed', tables, error }
  }
}

/** A BI tool that reads the copy has to find the new one. */
function filesFirst(places: readonly PublishConfig[]): readonly PublishConfig[] {
  return [...places.filter(isCopy), ...places.filter(place => !isCopy(place))]
}

function isCopy({ kind }: PublishConfig): boolean {
  return kind === 'file'
}

/** Tells one warehouse from another without naming it. */
function warehouseId(context: PipelineContext): string {
  return placeId('warehouse', [warehouseOf(context).place])
}

/** The tables that are others than the place knows, and those that are gone: an older warehouse was put in place. */
function behind(states: readonly TableState[], known: PlaceMemory): readonly TableState[] {
  const present = new Set(states.map(({ table }) => table))
  const gone = Object.keys(known).filter(table => !present.has(table))
  return [
    ...states.filter(({ table, state }) => known[table] !== state),
    ...gone.map(table => ({ table, state: 'gone', changedAt: 0 })),
  ]
}

function memoryOf(states: readonly TableState[]): PlaceMemory {
  return Object.fromEntries(states.map(({ table, state }) => [table, state]))
}

async function recalled(path: string, warehouse: string, { reporter }: PipelineContext): Promise<Memory> {
  try {
    return await readMemory(path, warehouse)
  } catch (error) {
    reporter.warn(`${path} cannot be read and is begun anew; everything is published: ${messageOf(error)}`)
    return {}
  }
}
