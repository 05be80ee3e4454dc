/** How a source is asked: at its configured rate, within the budget that all processes of the machine share. */
import { join } from 'node:path'
import type { HttpOptions } from '../sources/http/http-client.js'
import { createSharedBudget } from '../sources/http/rate-budget.js'
import type { PipelineContext } from './context.js'
import { requireSource, type Source } from './source.js'

const names: Readonly<Record<Source, string>> = { alaqan: 'Alaqan', amocrm: 'amoCRM' }

/**
 * What a client of the source needs. The budget stands beside the landing, so that a block that one command met
 * holds back the next one, too.
 */
export function sourceHttp(
  { config, clock, chance, reporter, keepSecret }: PipelineContext,
  source: Source,
): HttpOptions {
  const { requestsPerSecond } = requireSource(config, source)
  const budget = createSharedBudget(join(config.landing.path, source, 'budget.json'), {
    source: names[source],
    requestsPerSecond,
    // amoCRM's limit is documented, Alaqan's is not.
    isAdaptive: source === 'alaqan',
    clock,
    chance,
    reporter,
  })
  return { budget, clock, chance, reporter, keepSecret }
}
