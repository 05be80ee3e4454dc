/** Reads what the report is made of: how things stand, and the marts. Changes nothing, asks no source. */
import { type PipelineContext, withWarehouse } from '../pipeline/context.js'
import { nextSteps } from '../pipeline/status/next-steps.js'
import { presentTables } from '../pipeline/status/present-tables.js'
import { readStatus } from '../pipeline/status/read-status.js'
import { readAttendance } from './attendance-facts.js'
import type { Language } from './language.js'
import type { ReportData, SalesFacts } from './report-data.js'
import { reportPeriod } from './report-period.js'
import { readResidents } from './resident-facts.js'
import { readSales } from './sales-facts.js'
import { stateFacts } from './state-facts.js'

/**
 * The report's aggregates, as gold has them now.
 * @param months how many it covers; by default eleven years
 * @throws UsageError `warehouse_missing`; UnavailableError where the warehouse cannot be opened
 */
export async function readReport(
  context: PipelineContext,
  language: Language,
  months?: number,
): Promise<ReportData> {
  const { config, clock } = context
  const status = await readStatus(context)
  // Sentences are not shown: they are the command line's, and name paths.
  const steps = nextSteps(status, { maxAgeHours: config.quality.maxAgeHours, instantText: String })
  const now = clock.now()
  const period = reportPeriod(now, config.timezone, months)
  return withWarehouse(context, 'read', async engine => {
    const present = await presentTables(engine)
    const attendance = await readAttendance(present, status.facts, period)
    const sales = await readSales(present, period)
    return {
      language,
      madeAt: now,
      madeMonth: period.lastMonth,
      timeZone: config.timezone,
      currency: config.amocrm?.currency ?? 'KZT',
      state: stateFacts(status, steps),
      // Of a source that is not configured any more, the marts still tell.
      attendance: config.alaqan || attendance.days.length > 0 ? attendance : undefined,
      sales: config.amocrm || hasSales(sales) ? sales : undefined,
      residents: await readResidents(present, sales, period),
    }
  })
}

function hasSales({ funnel, managers, clients }: SalesFacts): boolean {
  return funnel.rows.length > 0 || managers.rows.length > 0 || clients.companies > 0
}
