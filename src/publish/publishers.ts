import type { PublishConfig } from '../config/config.js'
import type { PipelineContext } from '../pipeline/context.js'
import { martsFilePublisher } from './marts-file.js'
import { metabasePublisher } from './metabase.js'
import { powerbiPublisher } from './powerbi.js'
import type { PublishEffects, Publisher } from './publisher.js'
import { type MakeReport, reportPublisher } from './report-file.js'
import { supersetPublisher } from './superset.js'
import { webhookPublisher } from './webhook.js'

export type PublisherEffects = PublishEffects & { readonly makeReport: MakeReport }

/** The place that the configuration describes. */
export function openPublisher(
  config: PublishConfig,
  context: PipelineContext,
  effects: PublisherEffects,
): Publisher {
  switch (config.kind) {
    case 'superset':
      return supersetPublisher(config, effects)
    case 'metabase':
      return metabasePublisher(config, effects)
    case 'powerbi':
      return powerbiPublisher(config, effects)
    case 'webhook':
      return webhookPublisher(config, effects)
    case 'report':
      return reportPublisher(config, effects.makeReport)
    case 'file':
      return martsFilePublisher(config, context)
  }
}
