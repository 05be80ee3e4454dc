/** An installation whose notices go to servers on loopback. */
import { type Hub, type HubOptions, openHub } from '../hub.js'
import { type MailOptions, type MailServer, mailPassword, startMail } from './mail-server.js'
import { botToken, chatId, startTelegram, type TelegramServer } from './telegram-server.js'
import { startWebhook, type WebhookServer, webhookSecret } from './webhook-server.js'

export interface ToldHub extends Hub {
  readonly telegram: TelegramServer
  readonly mail: MailServer
  readonly webhook: WebhookServer
}

export type Kind = 'telegram' | 'email' | 'webhook'

export interface ToldOptions extends HubOptions {
  /** Which channels are configured, in this order; default: the webhook, in English. */
  readonly channels?: readonly Kind[]
  readonly mail?: MailOptions
  readonly language?: 'ru' | 'en'
}

export async function openToldHub(options: ToldOptions): Promise<ToldHub> {
  const hub = await openHub(options)
  const { channels = ['webhook'], language = 'en' } = options
  const telegram = await startTelegram()
  const mail = await startMail(options.mail)
  const webhook = await startWebhook(hub.clock)
  const lines: Readonly<Record<Kind, string>> = {
    telegram: `telegram: {token: "\${BOT}", chat_id: "${chatId}", base_url: "${telegram.url}", language: ${language}}`,
    email: `email: {host: 127.0.0.1, port: ${mail.port}, security: none, user: hub, password: "\${MAIL}", from: hub@example.kz, to: [duty@example.kz], language: ${language}}`,
    webhook: `webhook: {url: "\${HOOK}", secret: "\${HOOK_KEY}", language: ${language}}`,
  }
  Object.assign(hub.env, { BOT: botToken, MAIL: mailPassword, HOOK: webhook.url, HOOK_KEY: webhookSecret })
  await hub.configure(text => `${text}notify:\n${channels.map(kind => `  - ${lines[kind]}\n`).join('')}`)
  return {
    ...hub,
    telegram,
    mail,
    webhook,
    close: async () => {
      await Promise.all([hub.close(), telegram.close(), mail.close(), webhook.close()])
    },
  }
}

/** The causes of everything that the webhook was told since the last look, notice by notice. */
export function taken({ webhook }: ToldHub): readonly string[] {
  return webhook.notices
    .splice(0)
    .map(({ kind, causes }) => (kind === 'works_again' ? ['over', ...causes] : causes).join(' '))
}
