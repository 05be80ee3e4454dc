/** Loading Alaqan: the days that are due or named, and single persons. */
import type { Ledger } from '../warehouse/ledger.js'
import { currentLedger, type PipelineContext } from './context.js'
import { withExtractor } from './extract.js'
import { loadEach, type SourceLoad } from './failures.js'
import { loadEntity } from './load.js'
import type { LoadUnit, PlannedUnit } from './load-unit.js'
import { planVisits } from './plan.js'
import { requireSource } from './source.js'

/** Loads the days that are missing and the last few again; see planVisits. */
export async function loadVisitsThatAreDue(context: PipelineContext): Promise<SourceLoad> {
  const { config, clock } = context
  const alaqan = requireSource(config, 'alaqan')
  return loadVisitsAsPlanned(context, ledger => planVisits(alaqan, ledger, clock.now(), config.timezone))
}

/** Loads days of Alaqan that a plan names, in the light of what is known. */
export async function loadVisitsAsPlanned(
  context: PipelineContext,
  plan: (ledger: Ledger) => readonly PlannedUnit[],
): Promise<SourceLoad> {
  requireSource(context.config, 'alaqan')
  return withExtractor(context, extractor =>
    loadEach(context, [{ source: 'alaqan', name: 'visits' }], entity =>
      loadEntity(entity, async () => plan(await currentLedger(context)), extractor, context),
    ),
  )
}

/** Loads one person's visits (byIin). @param iin personal data: it goes to the source and into Bronze, nowhere else */
export async function loadPerson(
  context: PipelineContext,
  person: { readonly iin: string; readonly from: string; readonly to: string },
): Promise<SourceLoad> {
  requireSource(context.config, 'alaqan')
  const unit: LoadUnit = {
    source: 'alaqan',
    entity: 'visits_of_person',
    days: { from: person.from, to: person.to },
  }
  return withExtractor(
    context,
    extractor =>
      loadEach(context, [{ source: 'alaqan', name: 'visits_of_person' }], entity =>
        loadEntity(entity, async () => [{ unit, reason: 'asked for' }], extractor, context),
      ),
    person.iin,
  )
}
