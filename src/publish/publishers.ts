import type { PublishConfig } from '../config/config.js'
import type { PipelineContext } from '../pipeline/context.js'
import { withTransport } from '../sources/http/transport.js'
import { martsFilePublisher } from './marts-file.js'
import { metabasePublisher } from './metabase.js'
import { powerbiPublisher } from './powerbi.js'
import type { PublishEffects, Publisher } from './publisher.js'
import { type MakeReport, reportPublisher } from './report-file.js'
import { supersetPublisher } from './superset.js'
import { webhookPublisher } from './webhook.js'

/**
 * Does the work with the places that configurations describe; their connections are closed after it.
 * @param makeReport needed only where something is published
 */
export function withPublishers<T>(
  context: PipelineContext,
  work: (open: (config: PublishConfig) => Publisher) => Promise<T>,
  makeReport: MakeReport = () => Promise.reject(new Error('Nothing was to be published here.')),
): Promise<T> {
  const { clock, reporter, keepSecret } = context
  return withTransport(transport =>
    work(config => openPublisher(config, context, { clock, reporter, keepSecret, transport }, makeReport)),
  )
}

function openPublisher(
  config: PublishConfig,
  context: PipelineContext,
  effects: PublishEffects,
  makeReport: MakeReport,
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
      return reportPublisher(config, makeReport)
    case 'file':
      return martsFilePublisher(config, context)
  }
}
