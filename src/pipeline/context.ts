import type { Config } from '../config/config.js'
import type { Chance, Clock, Reporter } from '../effects.js'
import { UnavailableError } from '../errors.js'
import type { Engine } from '../warehouse/engine.js'
import { emptyLedger, type Ledger, readLedger } from '../warehouse/ledger.js'
import type { OpenOptions } from '../warehouse/warehouse.js'
import { warehouseOf } from './warehouse-of.js'

/** What the pipeline works with. */
export interface PipelineContext {
  readonly config: Config
  readonly reporter: Reporter
  readonly clock: Clock
  readonly chance: Chance
  readonly signal: AbortSignal
  /** Names secrets that come up while running, as refreshed tokens, so that they are removed from what is said. */
  readonly keepSecret: (secrets: Iterable<string>) => void
}

/**
 * Opens the warehouse for the work and closes it after it. Keep the work short: nobody else can write meanwhile.
 * @throws UnavailableError `warehouse_locked` where another process has it; UsageError `warehouse_missing`
 */
export async function withWarehouse<T>(
  context: PipelineContext,
  access: 'read' | 'write',
  work: (engine: Engine) => Promise<T>,
  how: Pick<OpenOptions, 'patience' | 'memory'> = {},
): Promise<T> {
  const engine = await warehouseOf(context).open({ access, signal: context.signal, ...how })
  try {
    return await work(engine)
  } finally {
    await engine.close()
  }
}

/**
 * Opens the warehouse for entering rows that pass through, within little memory: what a load takes must not grow with it. Where
 * that is too little after all, as for a line of many megabytes, the work is done once more with all that there is.
 * @param work can be done again after it has failed, as entering a load can
 * @throws as {@link withWarehouse}
 */
export async function enteringWarehouse<T>(
  context: PipelineContext,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  try {
    return await withWarehouse(context, 'write', work, { memory: 'little' })
  } catch (error) {
    if (!(error instanceof UnavailableError && error.code === 'memory_full')) throw error
    return withWarehouse(context, 'write', work)
  }
}

/** Whether anything was ever loaded. */
export function warehouseExists(context: PipelineContext): Promise<boolean> {
  return warehouseOf(context).exists()
}

/** The ledger as it is now; empty before the first load. */
export async function currentLedger(context: PipelineContext): Promise<Ledger> {
  if (!(await warehouseExists(context))) return emptyLedger
  return withWarehouse(context, 'read', engine => readLedger(engine, context.config.timezone))
}

/**
 * The ledger for work on several entities: read once, since opening the warehouse costs more than reading it, and again where it
 * is asked for afresh. Whoever loads one of the entities meanwhile is not seen: what they have read is then read once more,
 * which changes nothing.
 */
export function ledgerReader(context: PipelineContext): (isAfresh: boolean) => Promise<Ledger> {
  let known: Ledger | undefined
  return async isAfresh => {
    if (isAfresh || known === undefined) known = await currentLedger(context)
    return known
  }
}
