/**
 * Bringing every place of `publish:` up to date after gold: each with the tables whose rows are others than it knows. A
 * place that cannot be had now stays behind, and is brought up to date the next time; it holds up no other, and no load.
 */
import type { PublishConfig } from '../config/config.js'
import { createPrivateFolder } from '../durable-file.js'
import { HubdwhError, InterruptedError, messageOf } from '../errors.js'
import { withLock } from '../lock.js'
import { type TableState, tableStates } from '../models/table-states.js'
import { type PipelineContext, warehouseExists, withWarehouse } from '../pipeline/context.js'
import { withTransport } from '../sources/http/transport.js'
import { type Memory, memoryPath, type PlaceMemory, readMemory, writeMemory } from './memory.js'
import type { Publisher } from './publisher.js'
import { openPublisher } from './publishers.js'
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
  const { config, clock, reporter, signal, keepSecret } = context
  const chosen = filesFirst(config.publish.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind)))
  if (chosen.length === 0 || !(await warehouseExists(context))) return []
  const { landing } = config
  await createPrivateFolder(landing.path)
  const path = memoryPath(landing.path)
  const lock = { purpose: 'publishing', waitMs: lockPatienceMs, signal }
  return withLock(`${path}.lock`, lock, async () => {
    const states = await withWarehouse(context, 'read', tableStates)
    let memory = await recalled(path, context)
    return withTransport(async transport => {
      const outcomes: Published[] = []
      for (const placeConfig of chosen) {
        const publisher = openPublisher(placeConfig, context, {
          ...{ clock, reporter, transport, keepSecret, makeReport },
        })
        const known = isFull || (await publisher.isLost?.()) ? {} : (memory[publisher.id] ?? {})
        const outcome = await publishTo(publisher, placeConfig.kind, behind(states, known), signal)
        outcomes.push(outcome)
        // Whoever reads the copy has seen the old one, and has to be told again.
        const isSure = !outcomes.some(({ kind, state }) => kind === 'file' && state === 'failed')
        if (outcome.state !== 'published' || !isSure) continue
        memory = { ...memory, [publisher.id]: memoryOf(states) }
        await writeMemory(path, memory)
      }
      return outcomes
    })
  })
}

/**
 * Places that show older marts than there are: those that were down, and those that nobody has published to since a build.
 * @returns nothing where the warehouse, or the memory of what was published, cannot be read: both are told elsewhere
 */
export async function placesBehind(
  context: PipelineContext,
): Promise<readonly { readonly place: string; readonly tables: readonly string[] }[]> {
  const { config, clock, reporter, keepSecret } = context
  if (config.publish.length === 0) return []
  try {
    if (!(await warehouseExists(context))) return []
    const states = await withWarehouse(context, 'read', tableStates, statusPatienceMs)
    const memory = await readMemory(memoryPath(config.landing.path))
    return await withTransport(async transport =>
      config.publish.flatMap(placeConfig => {
        const effects = { clock, reporter, transport, keepSecret, makeReport: async () => '' }
        const { id, refreshes } = openPublisher(placeConfig, context, effects)
        const tables = behind(states, memory[id] ?? {}).map(({ table }) => table)
        return tables.length > 0 && refreshes === 'changes' ? [{ place: placeConfig.kind, tables }] : []
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
  const isFile = ({ kind }: PublishConfig): boolean => kind === 'file'
  return [...places.filter(isFile), ...places.filter(place => !isFile(place))]
}

/** The tables that are others than the place knows. */
function behind(states: readonly TableState[], known: PlaceMemory): readonly TableState[] {
  return states.filter(({ table, state }) => known[table] !== state)
}

function memoryOf(states: readonly TableState[]): PlaceMemory {
  return Object.fromEntries(states.map(({ table, state }) => [table, state]))
}

async function recalled(path: string, { reporter }: PipelineContext): Promise<Memory> {
  try {
    return await readMemory(path)
  } catch (error) {
    reporter.warn(`${path} cannot be read and is begun anew; everything is published: ${messageOf(error)}`)
    return {}
  }
}
