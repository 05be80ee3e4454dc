/** A webhook: which tables are new, as JSON, signed where there is a key. */
import type { PublishWebhookConfig } from '../config/config.js'
import { placeId } from '../place-id.js'
import { webhookSignature } from '../webhook-signature.js'
import type { PublishEffects, Publisher } from './publisher.js'
import { serviceAt } from './service.js'

export function webhookPublisher(config: PublishWebhookConfig, effects: PublishEffects): Publisher {
  const { url, secret } = config
  const { clock, transport } = effects
  const { origin, pathname, search } = new URL(url)
  // What lets us in can stand in its path.
  if (pathname.length > 1) effects.keepSecret([`${pathname}${search}`])
  const ask = serviceAt({
    ...{ name: 'The webhook', url: origin, credential: 'publish.webhook.secret', transport, clock },
    address: url,
  })
  return {
    kind: 'webhook',
    place: `the webhook at ${origin}`,
    id: placeId('webhook', [url]),
    refreshes: 'changes',
    publish: async (changed, signal) => {
      const now = clock.now()
      const tables = changed.map(({ name, changedAt }) => ({
        name,
        changed_at: new Date(changedAt).toISOString(),
      }))
      const body = JSON.stringify({
        version: 1,
        kind: 'published',
        at: new Date(now).toISOString(),
        tables,
      })
      // The instant of sending: a receiver refuses what is old.
      const timestamp = String(Math.floor(now / 1000))
      const signed =
        secret === undefined
          ? {}
          : { 'x-hubdwh-signature': `sha256=${webhookSignature(secret, timestamp, body)}` }
      const headers = { 'x-hubdwh-timestamp': timestamp, ...signed }
      await ask({ method: 'POST', path: '', body, headers }, signal)
      return `told of ${tables.length} tables`
    },
    // A receiver would take any request for news.
    probe: async () => 'is not called before there is something to tell',
  }
}
