/** E-mail over SMTP. */
import { createTransport } from 'nodemailer'
import { isAboutCertificate, ownAuthority } from '../certificates.js'
import type { EmailConfig } from '../config/config.js'
import { AuthorizationError, UsageError } from '../errors.js'
import { placeId } from '../place-id.js'
import { BusyChannelError, type Channel, type ChannelEffects, withSecondTry } from './channel.js'
import { cut, fittedItems, plainText } from './fitted.js'
import { idOf, type Notice } from './notice.js'

const longestText = 50_000
const longestSubject = 150

export function emailChannel(config: EmailConfig, effects: ChannelEffects): Channel {
  const { host, port, security, login, from, to } = config
  const { clock, timeoutMs } = effects
  const transporter = () =>
    createTransport({
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      ...(login ? { auth: { user: login.user, pass: login.password } } : {}),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    })

  const post = async (notice: Notice, signal: AbortSignal): Promise<string | undefined> => {
    const mail = {
      from,
      to: [...to],
      subject: cut(`hubdwh: ${notice.title}`, longestSubject),
      text: textOf(notice),
      messageId: `<${idOf(notice)}.${effects.chance.hex(8)}@${from.split('@')[1]}>`,
      // So that nobody's absence is answered to us.
      headers: { 'Auto-Submitted': 'auto-generated' },
    }
    const { rejected } = await inTime(transporter().sendMail(mail), timeoutMs, signal)
    // Sending it again would tell the others twice.
    return rejected.length === 0
      ? undefined
      : `The mail server refused ${rejected.length} of ${to.length} addresses under "to".`
  }

  return {
    name: 'email',
    id: placeId('email', [host, from, ...to]),
    send: (notice, signal) => withSecondTry(clock, signal, () => post(notice, signal)),
    probe: async signal => {
      await inTime(transporter().verify(), timeoutMs, signal)
      return login ? `${host} accepts the login` : `${host} answers`
    },
  }
}

function textOf(notice: Notice): string {
  const items = fittedItems(notice, shown => plainText(notice, shown).length <= longestText)
  return cut(plainText(notice, items), longestText)
}

/**
 * What the mail server came to, or an error in words of ours: its own may quote addresses. A server that is slow with
 * every single line must not hold up the run, so that a deadline stands over the whole conversation.
 */
async function inTime<T>(conversation: Promise<T>, timeoutMs: number, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let onAbort = (): void => {}
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BusyChannelError(tooSlow(timeoutMs))), timeoutMs)
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    signal.throwIfAborted()
    return await Promise.race([conversation, late])
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw error instanceof BusyChannelError ? error : refusal(error)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    // Whatever becomes of it after the deadline is nobody's concern.
    conversation.catch(() => {})
  }
}

const tooSlow = (timeoutMs: number): string => `The mail server gave no answer within ${timeoutMs / 1000} s.`

function refusal(error: unknown): Error {
  const code = fieldOf(error, 'code')
  const status = fieldOf(error, 'responseCode')
  const said = status === undefined ? '' : ` (${status})`
  switch (code) {
    case 'EAUTH':
    case 'ENOAUTH':
      return new AuthorizationError(
        'notice_credential_rejected',
        `The mail server refuses the login${said}.`,
        {
          advice:
            'Check user and password under notify (many services ask for a password made for programs), then run "hubdwh check --notify".',
          cause: error,
        },
      )
    case 'EENVELOPE':
      return isPassing(status)
        ? new BusyChannelError(`The mail server does not take the message now${said}.`, { cause: error })
        : new UsageError('notice_refused', `The mail server refuses the sender or all addresses${said}.`, {
            advice: 'Check from and to under notify, then run "hubdwh check --notify".',
            cause: error,
          })
    case 'ETLS':
    case 'EREQUIRETLS':
      return notSafe(error)
    case 'EMESSAGE':
    case 'EPROTOCOL':
      return isPassing(status) || status === undefined
        ? new BusyChannelError(`The mail server does not take the message now${said}.`, { cause: error })
        : new UsageError('notice_refused', `The mail server refuses the message${said}.`, {
            advice: 'See in the log of the mail server why, then run "hubdwh check --notify".',
            cause: error,
          })
    default:
      return isAboutCertificate(error)
        ? notSafe(error)
        : new BusyChannelError(
            `The mail server cannot be reached${code === undefined ? '' : ` (${code})`}.`,
            {
              cause: error,
            },
          )
  }
}

function notSafe(cause: unknown): UsageError {
  return new UsageError('notice_not_safe', 'The connection to the mail server cannot be made safe.', {
    advice: `Check host, port and security (tls or starttls) under notify; ${ownAuthority}. Then run "hubdwh check --notify".`,
    cause,
  })
}

/** SMTP: 4xx asks to try again, 5xx does not. */
function isPassing(status: string | undefined): boolean {
  return status?.startsWith('4') === true
}

function fieldOf(error: unknown, name: 'code' | 'responseCode'): string | undefined {
  if (!(error instanceof Error)) return undefined
  const value: unknown = Reflect.get(error, name)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
