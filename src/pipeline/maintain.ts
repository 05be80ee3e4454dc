/** The care of the tables: what they need is told first, then done where the engine can. */
import { type CareSettings, type CareStep, careOf, sparkStatement } from '../warehouse/care.js'
import { type PipelineContext, withWarehouse } from './context.js'
import { warehouseOf } from './warehouse-of.js'

export interface MaintainOptions {
  readonly keepDays: number
  /** Only tell. */
  readonly isDryRun: boolean
}

export interface MaintainStep extends CareStep {
  /** For an engine that has such procedures. */
  readonly statement: string
}

export interface MaintainSummary {
  readonly place: string
  /** Undefined where the warehouse takes care of itself. */
  readonly steps: readonly MaintainStep[] | undefined
  readonly isDone: boolean
}

/**
 * @param tell says what will be done, before it is
 */
export async function maintain(
  context: PipelineContext,
  { keepDays, isDryRun }: MaintainOptions,
  tell: (summary: MaintainSummary) => void,
): Promise<MaintainSummary> {
  const { clock, signal, reporter } = context
  const warehouse = warehouseOf(context)
  const settings: CareSettings = { keepDays, now: clock.now() }
  const where = context.config.warehouse
  const catalog = where.kind === 'spark' ? where.catalog : 'iceberg'
  const facts = await warehouse.facts(signal)
  const steps =
    facts &&
    careOf(facts, settings).map(step => ({ ...step, statement: sparkStatement(step, settings, catalog) }))
  const summary = { place: warehouse.place, steps, isDone: false }
  tell(summary)
  if (isDryRun || !steps || steps.length === 0) return summary
  return withWarehouse(context, 'write', async engine => {
    // DuckDB has no such procedures.
    if (engine.name === 'duckdb') return summary
    for (const [done, { table, kind, statement }] of steps.entries()) {
      reporter.progress({ label: `${kind} ${table.name}`, done, total: steps.length, unit: 'steps' })
      await engine.run(statement)
    }
    return { ...summary, isDone: true }
  })
}
