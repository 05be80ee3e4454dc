/** Looks at everything that tells how things stand. Changes nothing, asks no source, and needs no warehouse. */
import { HubdwhError } from '../../errors.js'
import { type PipelineContext, warehouseExists, withWarehouse } from '../context.js'
import { warehouseOf } from '../warehouse-of.js'
import { knownChecks } from './known-checks.js'
import { readLanding } from './read-landing.js'
import { readToken } from './read-token.js'
import { readWarehouse } from './read-warehouse.js'
import type { Status, WarehouseFacts, WarehouseState } from './status.js'

/** A load's commit takes seconds; a person, and a monitor, want an answer sooner than it may take at most. */
const patience = 5000

/**
 * How things stand. A warehouse that cannot be opened is told in `warehouse`, with what can be seen without it.
 * @throws InterruptedError
 */
export async function readStatus(context: PipelineContext): Promise<Status> {
  const { config, clock } = context
  const reading = knownChecks(config)
  const [checks, { warehouse, facts }] = await Promise.all([reading, openedWarehouse(context, reading)])
  return {
    checkedAt: clock.now(),
    path: warehouseOf(context).place,
    warehouse,
    facts,
    landing: await readLanding(config.landing.path, clock),
    // What was published only publishing knows.
    unpublished: [],
    token: config.amocrm && (await readToken(config.amocrm)),
    checksProblem: checks instanceof HubdwhError ? checks : undefined,
  }
}

async function openedWarehouse(
  context: PipelineContext,
  checks: Parameters<typeof readWarehouse>[2],
): Promise<{ readonly warehouse: WarehouseState; readonly facts: WarehouseFacts | undefined }> {
  const { config, clock } = context
  try {
    if (!(await warehouseExists(context))) return { warehouse: { state: 'missing' }, facts: undefined }
    const read = withWarehouse(
      context,
      'read',
      engine => readWarehouse(engine, config, checks, clock.now()),
      { patience },
    )
    const facts = await read
    const bytes = (await warehouseOf(context).size()) ?? null
    return { warehouse: { state: 'ready', bytes }, facts }
  } catch (error) {
    if (!(error instanceof HubdwhError) || error.code === 'interrupted') throw error
    return { warehouse: { state: 'closed', error }, facts: undefined }
  }
}
