/** A webhook: the notice as JSON, signed where there is a key. */
import type { WebhookConfig } from '../config/config.js'
import { AuthorizationError, UsageError } from '../errors.js'
import { placeId } from '../place-id.js'
import { type TransportAnswer, TransportError } from '../sources/http/transport.js'
import { userAgent } from '../sources/http/user-agent.js'
import { webhookSignature } from '../webhook-signature.js'
import { BusyChannelError, type Channel, type ChannelEffects, withSecondTry } from './channel.js'
import { cut, fittedItems, plainText } from './fitted.js'
import { idOf, type Notice } from './notice.js'

/** What chats behind webhooks take at least. */
const longestText = 10_000
const mostKeys = 500

export function webhookChannel(config: WebhookConfig, effects: ChannelEffects): Channel {
  const { url, secret } = config
  const { clock, transport, timeoutMs } = effects
  const { origin } = new URL(url)

  const post = async (notice: Notice, signal: AbortSignal): Promise<void> => {
    const body = JSON.stringify(bodyOf(notice))
    // The instant of sending, not of the cause: a receiver refuses what is old.
    const timestamp = String(Math.floor(clock.now() / 1000))
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': userAgent,
      'x-hubdwh-id': idOf(notice),
      'x-hubdwh-timestamp': timestamp,
      ...(secret === undefined
        ? {}
        : { 'x-hubdwh-signature': `sha256=${webhookSignature(secret, timestamp, body)}` }),
    }
    judge(
      await answerTo(() =>
        transport({ method: 'POST', url: new URL(url), headers, body, timeoutMs, signal }),
      ),
    )
  }

  return {
    name: 'webhook',
    id: placeId('webhook', [url]),
    send: async (notice, signal) => {
      await withSecondTry(clock, signal, () => post(notice, signal))
      return undefined
    },
    // A receiver would take any request for a notice.
    probe: async () => `${origin} is not called; "hubdwh check --notify" sends it a test`,
  }
}

function bodyOf(notice: Notice): object {
  const { kind, severity, keys, title, language, at, commands } = notice
  const items = fittedItems(notice, shown => plainText(notice, shown).length <= longestText)
  return {
    version: 1,
    id: idOf(notice),
    kind,
    severity,
    causes: keys.slice(0, mostKeys),
    title,
    // Slack, Mattermost and others show what stands under "text".
    text: `hubdwh: ${title}\n\n${cut(plainText(notice, items), longestText)}`,
    commands,
    language,
    at: new Date(at).toISOString(),
  }
}

async function answerTo(send: () => Promise<TransportAnswer>): Promise<TransportAnswer> {
  try {
    return await send()
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
    throw new BusyChannelError(`The webhook cannot be reached: ${error.message}.`, { cause: error })
  }
}

function judge({ status, headers }: TransportAnswer): void {
  if (status >= 200 && status < 300) return
  if (status === 401 || status === 403) {
    throw new AuthorizationError(
      'notice_credential_rejected',
      `The webhook refuses to be called (${status}).`,
      {
        advice:
          'Check the address and the key of the signature under notify, then run "hubdwh check --notify".',
      },
    )
  }
  if (status === 429 || status === 408 || status >= 500) {
    const seconds = Number(headers['retry-after'])
    const pause = Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}
    throw new BusyChannelError(`The webhook cannot take it now (${status}).`, pause)
  }
  throw new UsageError('notice_refused', `The webhook refuses the message (${status}).`, {
    advice:
      'Check the address under notify (one that leads on elsewhere is not followed), then run "hubdwh check --notify".',
  })
}
