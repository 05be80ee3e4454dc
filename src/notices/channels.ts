import type { NoticeChannelConfig } from '../config/config.js'
import type { Channel, ChannelEffects } from './channel.js'
import { telegramChannel } from './telegram.js'
import { webhookChannel } from './webhook.js'

/** For one try, milliseconds: a run is over, and somebody may be waiting for its end. */
export const usualTimeoutMs = 10_000

/** The channel that the configuration describes. */
export async function openChannel(config: NoticeChannelConfig, effects: ChannelEffects): Promise<Channel> {
  switch (config.kind) {
    case 'telegram':
      return telegramChannel(config, effects)
    case 'email':
      // The mail library is loaded only where there is mail to send.
      return (await import('./email.js')).emailChannel(config, effects)
    case 'webhook':
      return webhookChannel(config, effects)
  }
}
