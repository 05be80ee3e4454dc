/** A real SMTP server on loopback. */
import { SMTPServer } from 'smtp-server'

export const mailPassword = 'pass-word/of+the=mail'

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  /** As it came. */
  readonly raw: string
  readonly subject: string
  /** Decoded. */
  readonly text: string
}

export interface MailServer {
  readonly port: number
  readonly mails: ReceivedMail[]
  /** What the next conversations come to; then everything is taken. */
  readonly moods: ('hang' | 'later' | 'refused')[]
  close(): Promise<void>
}

export interface MailOptions {
  /** Asks for user `hub` and the password. */
  readonly withLogin?: boolean
  /** Offers STARTTLS, with a certificate that nobody trusts. */
  readonly withTls?: boolean
}

export async function startMail({
  withLogin = false,
  withTls = false,
}: MailOptions = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  const moods: MailServer['moods'] = []
  const server = new SMTPServer({
    disabledCommands: withTls ? [] : ['STARTTLS'],
    authOptional: !withLogin,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth: ({ username, password }, _, done) => {
      if (username === 'hub' && password === mailPassword) done(null, { user: 'hub' })
      else done(new Error('Invalid username or password'))
    },
    onRcptTo: ({ address }, _, done) => {
      const mood = moods.shift()
      if (mood === 'hang') return
      const code = mood === 'later' ? 450 : mood === 'refused' ? 550 : undefined
      done(
        code ? Object.assign(new Error(`mailbox of ${address} not available`), { responseCode: code }) : null,
      )
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : ''
        const raw = Buffer.concat(chunks).toString('latin1')
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), raw, ...decoded(raw) })
        done(null)
      })
    },
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', () => resolve())
  })
  const address = server.server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    mails,
    moods,
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}

/** Subject and text of a mail of one part. */
function decoded(raw: string): { readonly subject: string; readonly text: string } {
  const end = raw.indexOf('\r\n\r\n')
  const head = raw.slice(0, end).replace(/\r\n[ \t]+/g, ' ')
  const body = raw.slice(end + 4)
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1] ?? ''
  const encoding = field('Content-Transfer-Encoding').toLowerCase()
  const text =
    encoding === 'base64'
      ? Buffer.from(body, 'base64').toString()
      : encoding === 'quoted-printable'
        ? unquoted(body.replace(/=\r\n/g, ''))
        : Buffer.from(body, 'latin1').toString()
  return { subject: words(field('Subject')), text: text.replaceAll('\r\n', '\n') }
}

function words(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString()
        : unquoted(word.replaceAll('_', ' ')),
    )
}

function unquoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString()
}
