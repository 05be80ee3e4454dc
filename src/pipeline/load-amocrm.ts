/** Loading amoCRM: what changed, entity by entity, and what events say was restored. */
import { restoredRecords } from '../warehouse/bronze/restored-records.js'
import { ledgerReader, type PipelineContext, warehouseExists, withWarehouse } from './context.js'
import { withExtractor } from './extract.js'
import type { Extractor } from './extractor.js'
import { loadEach, type SourceLoad, together } from './failures.js'
import { loadEntity } from './load.js'
import type { LoadUnit } from './load-unit.js'
import { planRecords, type RecordsRequest } from './plan.js'
import { plannableEntities } from './plannable-entities.js'
import { requireSource } from './source.js'

export interface ChangesRequest extends Omit<RecordsRequest, 'entities'> {
  /** Which entities; empty for all. */
  readonly names: readonly string[]
}

/** Loads what changed in amoCRM. */
export async function loadRecordsThatChanged(
  context: PipelineContext,
  { names, ...request }: ChangesRequest,
): Promise<SourceLoad> {
  const amocrm = requireSource(context.config, 'amocrm')
  const chosen = plannableEntities
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .filter(({ isSwept }) => request.sweeps !== 'only' || isSwept)
  const ledger = ledgerReader(context)
  return withExtractor(context, async extractor => {
    const changed = await loadEach(
      context,
      chosen.map(({ name, mayBeClosed }) => ({ source: 'amocrm', name, mayBeClosed })),
      entity =>
        loadEntity(
          entity,
          async hasLoaded => {
            const entities = chosen.filter(({ name }) => name === entity.name)
            return planRecords(amocrm, await ledger(hasLoaded), context.clock.now(), {
              entities,
              ...request,
            })
          },
          extractor,
          context,
        ),
    )
    if (!chosen.some(({ name }) => name === 'events')) return changed
    return together(changed, await askForRestored(context, extractor))
  })
}

/** Asks for the records that events say were restored: their lists may show no change. */
async function askForRestored(context: PipelineContext, extractor: Extractor): Promise<SourceLoad> {
  if (!(await warehouseExists(context))) return { loads: [], failures: [] }
  const restored = await withWarehouse(context, 'read', restoredRecords)
  const unitOf = (records: string): LoadUnit => ({
    source: 'amocrm',
    entity: 'asked_records',
    records,
    why: 'restored',
    ids: [...(restored.get(records) ?? [])],
  })
  return loadEach(
    context,
    [...restored.keys()].map(name => ({ source: 'amocrm', name })),
    entity =>
      loadEntity(
        entity,
        async () => [{ unit: unitOf(entity.name), reason: 'events say that they were restored' }],
        extractor,
        context,
      ),
  )
}
