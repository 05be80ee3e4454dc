/** Telegram's Bot API: sendMessage, and getMe and getChat to see whether it would work. */
import { z } from 'zod'
import { beginningOf } from '../answer-body.js'
import type { TelegramConfig } from '../config/config.js'
import { AuthorizationError, UsageError } from '../errors.js'
import { placeId } from '../place-id.js'
import { type TransportAnswer, TransportError } from '../sources/http/transport.js'
import { userAgent } from '../sources/http/user-agent.js'
import { BusyChannelError, type Channel, type ChannelEffects, withSecondTry } from './channel.js'
import { fittedItems } from './fitted.js'
import type { Notice } from './notice.js'

/** "1-4096 characters after entities parsing", in UTF-16 units; with room for what is counted otherwise. */
const longestText = 4_000

const answerSchema = z.object({
  ok: z.boolean(),
  result: z.unknown().optional(),
  description: z.string().optional(),
  parameters: z
    .object({ retry_after: z.number().optional(), migrate_to_chat_id: z.number().optional() })
    .optional(),
})
type Answer = z.infer<typeof answerSchema>

const botSchema = z.object({ username: z.string().regex(/^\w+$/) })
const chatSchema = z.object({ type: z.enum(['private', 'group', 'supergroup', 'channel']) })

export function telegramChannel(config: TelegramConfig, effects: ChannelEffects): Channel {
  const { token, chatId, baseUrl } = config
  const { clock, transport, timeoutMs } = effects

  const call = async (method: string, parameters: object, signal: AbortSignal): Promise<unknown> => {
    const answer = await post(method, parameters, signal)
    const read = answerSchema.safeParse(parsed(answer))
    if (!read.success) {
      throw new BusyChannelError(`Telegram's address does not answer as Telegram does (${answer.status}).`)
    }
    if (answer.status === 200 && read.data.ok) return read.data.result
    throw refusal(answer.status, read.data)
  }

  const post = async (method: string, parameters: object, signal: AbortSignal): Promise<TransportAnswer> => {
    try {
      return await transport({
        method: 'POST',
        url: new URL(`${baseUrl}/bot${token}/${method}`),
        headers: { 'content-type': 'application/json', 'user-agent': userAgent },
        body: JSON.stringify(parameters),
        timeoutMs,
        signal,
      })
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      throw new BusyChannelError(`Telegram cannot be reached: ${error.message}.`, { cause: error })
    }
  }

  return {
    name: 'telegram',
    // A bot's number is public, its key is what follows.
    id: placeId('telegram', [token.split(':')[0] ?? '', chatId, baseUrl]),
    send: (notice, signal) =>
      withSecondTry(clock, signal, async () => {
        await call(
          'sendMessage',
          {
            chat_id: chatId,
            text: htmlOf(notice),
            parse_mode: 'HTML',
            link_preview_options: { is_disabled: true },
          },
          signal,
        )
        return undefined
      }),
    probe: async signal => {
      const bot = botSchema.safeParse(await call('getMe', {}, signal))
      const chat = chatSchema.safeParse(await call('getChat', { chat_id: chatId }, signal))
      const name = bot.success ? `@${bot.data.username}` : 'the bot'
      return `${name} knows the ${chat.success && chat.data.type !== 'private' ? chat.data.type : 'chat'}`
    },
  }
}

function refusal(status: number, { description = '', parameters }: Answer): Error {
  // 404: a token of another form, or a wrong base_url.
  if (status === 401 || status === 404) {
    return new AuthorizationError(
      'notice_credential_rejected',
      `Telegram does not accept the bot's token (${status}).`,
      {
        advice: 'Ask @BotFather for the token and put it into .env, then run "hubdwh check --notify".',
      },
    )
  }
  if (status === 429) {
    const seconds = parameters?.retry_after ?? 1
    return new BusyChannelError(`Telegram asks to wait ${seconds} s (429).`, { retryAfterMs: seconds * 1000 })
  }
  if (status >= 500) return new BusyChannelError(`Telegram has a fault of its own (${status}).`)
  if (parameters?.migrate_to_chat_id !== undefined) {
    return refused(
      'The group has become a supergroup with another id.',
      `Put chat_id: ${parameters.migrate_to_chat_id} into the configuration.`,
    )
  }
  if (status === 403) {
    return refused(
      'The bot may not write to the chat (403).',
      'Add the bot to the chat again, with the right to write.',
    )
  }
  if (/chat not found/i.test(description)) {
    return refused(
      'Telegram does not know the chat (400).',
      'Add the bot to the group, or write /start to it, and check chat_id.',
    )
  }
  // The description may quote what was sent; the status says enough to look.
  return refused(`Telegram refuses the message (${status}).`, 'Check chat_id and the rights of the bot.')
}

function refused(message: string, advice: string): UsageError {
  return new UsageError('notice_refused', message, { advice: `${advice} Then run "hubdwh check --notify".` })
}

function parsed({ body }: TransportAnswer): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(body) ? body.toString() : beginningOf(body).toString())
  } catch {
    return undefined
  }
}

const signs = { error: '❌', warning: '⚠️', info: 'ℹ️' } as const

/** Telegram's HTML: a bold title, commands to be copied; cut to what a message may hold. */
function htmlOf(notice: Notice): string {
  const write = (items: readonly string[]): string =>
    [
      `${signs[notice.severity]} <b>hubdwh: ${escaped(notice.title)}</b>`,
      notice.sentences.map(escaped).join('\n'),
      items.map(item => `• ${escaped(item)}`).join('\n'),
      notice.commands.map(command => `<code>${escaped(command)}</code>`).join('\n'),
      escaped(notice.when),
    ]
      .filter(block => block !== '')
      .join('\n\n')
  return write(fittedItems(notice, items => write(items).length <= longestText))
}

/** "All <, > and & symbols that are not a part of a tag or an HTML entity must be replaced" */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
