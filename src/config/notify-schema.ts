/** `notify:` of the configuration: a list of channels, each a section with one key that names its kind. */
import { z } from 'zod'
import { isLoopback, telegramAddress, webhookAddress } from './addresses.js'
import { listOf, longSecret, oneOf, reader, section, text, wholeNumber } from './values.js'

const language = oneOf(['ru', 'en'], { kk: 'notices are not written in Kazakh yet' }).default('ru')

const botToken = reader((raw, refuse) =>
  typeof raw === 'string' && /^\d+:[\w-]{20,}$/.test(raw.trim())
    ? raw.trim()
    : refuse("a bot's token as @BotFather gives it, 123456:ABC…"),
)

const chatId = reader((raw, refuse) => {
  const value = typeof raw === 'number' ? String(raw) : typeof raw === 'string' ? raw.trim() : ''
  return /^-?\d{1,20}$|^@[A-Za-z]\w{3,}$/.test(value)
    ? value
    : refuse('the id of a chat, a number (groups: negative), or @name of a public channel')
})

const telegram = section({
  token: botToken,
  chat_id: chatId,
  base_url: telegramAddress.default('https://api.telegram.org'),
  language,
})

const hostName = reader((raw, refuse) =>
  typeof raw === 'string' && /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(raw.trim())
    ? raw.trim()
    : refuse('the name of the mail server, as smtp.example.kz, without smtp:// and port'),
)

const mailAddress = reader((raw, refuse) =>
  typeof raw === 'string' && /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(raw.trim())
    ? raw.trim()
    : refuse('an e-mail address, name@example.kz'),
)

/** The usual port of each way to be safe. */
const usualPorts = { tls: 465, starttls: 587, none: 25 } as const

const email = section({
  host: hostName,
  port: wholeNumber('the port of the mail server', 1, 65_535).optional(),
  security: oneOf(['tls', 'starttls', 'none']).default('tls'),
  user: text('the login on the mail server').optional(),
  password: text('the password on the mail server').optional(),
  from: mailAddress,
  to: listOf(mailAddress),
  language,
}).check(({ value, issues }) => {
  const refuse = (key: string, message: string) => {
    issues.push({ code: 'custom', message, path: [key], input: value })
  }
  const { user, password, security, host, to } = value
  if ((user === undefined) !== (password === undefined)) {
    const lacking = user === undefined ? 'user' : 'password'
    refuse(lacking, 'user and password together, or neither where the server asks for no login')
  }
  if (password !== undefined && security === 'none' && !isLoopback(host)) {
    refuse('security', 'tls or starttls: a password is not sent in the clear')
  }
  if (to.length === 0) refuse('to', 'at least one e-mail address')
})

const webhook = section({
  url: webhookAddress,
  secret: longSecret('the key of the signature', 16).optional(),
  language,
})

const kinds = 'one of telegram: {…}, email: {…}, webhook: {…}'

const channel = section({
  telegram: telegram.optional(),
  email: email.optional(),
  webhook: webhook.optional(),
}).check(({ value, issues }) => {
  // An unknown key has been told already.
  if (issues.length > 0) return
  if (Object.values(value).filter(form => form !== undefined).length === 1) return
  issues.push({ code: 'custom', message: `${kinds} in each item of the list`, path: [], input: value })
})

/** Nothing (all items commented out) is an empty list. */
export const notify = z.preprocess(raw => raw ?? [], z.array(channel, `a list, each item "- " and ${kinds}`))

export type CheckedChannel = z.output<typeof notify>[number]

export const portOf = ({ port, security }: z.output<typeof email>): number => port ?? usualPorts[security]

export const notifySectionKeys: Readonly<Record<string, readonly string[]>> = {
  'notify[]': Object.keys(channel.shape),
  'notify[].telegram': Object.keys(telegram.shape),
  'notify[].email': Object.keys(email.shape),
  'notify[].webhook': Object.keys(webhook.shape),
}
