/** Each channel against a server that behaves as its documentation says, also where it refuses, is busy or hangs. */
import { afterEach, describe, expect, it } from 'vitest'
import type { EmailConfig, NoticeChannelConfig } from '../../src/config/config.js'
import { HubdwhError } from '../../src/errors.js'
import type { Cause } from '../../src/notices/cause.js'
import type { Channel } from '../../src/notices/channel.js'
import { openChannel } from '../../src/notices/channels.js'
import { type Notice, noticesOf, testNotice } from '../../src/notices/notice.js'
import { type MovableClock, movableClock } from '../../src/sandbox/sandbox.js'
import { withTransport } from '../../src/sources/http/transport.js'
import { type MailOptions, mailPassword, startMail } from './mail-server.js'
import { botToken, chatId, startTelegram } from './telegram-server.js'
import { startWebhook, verdict, webhookSecret } from './webhook-server.js'

const now = Date.parse('2025-01-31T05:00:00Z')
const moment = { now, timeZone: 'Asia/Almaty' }
const notice = testNotice('en', moment)
const never = new AbortController().signal

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** What sending came to: the error's code and exit code, and how long the channel was waited for, milliseconds. */
async function sending(
  config: NoticeChannelConfig,
  {
    message = notice,
    timeoutMs = 2_000,
    act = (channel: Channel): Promise<unknown> => channel.send(message, never),
  } = {},
) {
  const clock: MovableClock = movableClock(now)
  const chance = { fraction: () => 0.5, hex: (bytes: number) => '0'.repeat(bytes * 2) }
  return withTransport(async transport => {
    const channel = await openChannel(config, { clock, chance, transport, timeoutMs })
    try {
      await act(channel)
      return { waited: clock.now() - now }
    } catch (error) {
      if (!(error instanceof HubdwhError)) throw error
      const { code, exitCode, message: said, advice } = error
      return { code, exitCode, said: `${said} ${advice}`, waited: clock.now() - now }
    }
  })
}

/** A notice about checks with such names. */
function about(checks: readonly string[]): Notice {
  const causes = checks.map(
    (check): Cause => ({ kind: 'check_failed', check, table: 'silver.x', severity: 'block', failingRows: 2 }),
  )
  const [told] = noticesOf(causes, 'ru', moment)
  if (!told) throw new Error('no notice')
  return told.notice
}

describe('Telegram', () => {
  async function started() {
    const server = await startTelegram()
    closing.push(server.close)
    const config = { kind: 'telegram', language: 'en', token: botToken, chatId, baseUrl: server.url } as const
    return { server, config }
  }

  it('takes what means something in its markup, and emoji, as they are', async () => {
    const { server, config } = await started()
    const name = '<b>a & b</b> *c* _d_ [e](f) `g` 👩‍👩‍👧 &lt;'
    expect(await sending(config, { message: about([name]) })).toEqual({ waited: 0 })
    expect(server.messages[0]).toContain(`• ${name}, silver.x: 2 строки`)
  })

  it('is sent a long list cut, with how much was left out', async () => {
    const { server, config } = await started()
    const names = Array.from({ length: 500 }, (_, index) => `check_${index}_<&>_${'x'.repeat(300)}`)
    expect(await sending(config, { message: about(names) })).toEqual({ waited: 0 })
    const [message = ''] = server.messages
    const shown = message.match(/• check_/g)?.length ?? 0
    expect(shown).toBeGreaterThan(5)
    expect(message).toContain(`и ещё ${500 - shown}`)
    expect(message).toContain('hubdwh quality')
  })

  it('is asked once more after the pause that it asks for', async () => {
    const { server, config } = await started()
    server.moods.push({ wait: 7 })
    expect(await sending(config)).toEqual({ waited: 7_000 })
    expect(server.messages).toHaveLength(1)
  })

  it.each([
    ['asks for a long pause', [{ wait: 3600 }], 'notice_not_sent', /3600 s/, 1],
    ['answers with a page twice', ['page', 'page'], 'notice_not_sent', /not answer as Telegram/, 2],
    ['has a fault twice', ['fault', 'fault'], 'notice_not_sent', /502/, 2],
    ['has thrown the bot out', ['kicked'], 'notice_refused', /may not write/, 1],
    ['has moved the group', ['migrated'], 'notice_refused', /chat_id: -1009876543210/, 1],
  ] as const)('%s', async (_, moods, code, said, requests) => {
    const { server, config } = await started()
    server.moods.push(...moods)
    expect(await sending(config)).toMatchObject({ code, said: expect.stringMatching(said) })
    expect(server.requests()).toBe(requests)
    expect(server.messages).toEqual([])
  })

  it('is given up where it hangs', async () => {
    const { server, config } = await started()
    server.moods.push('hang', 'hang')
    expect(await sending(config, { timeoutMs: 50 })).toMatchObject({ code: 'notice_not_sent' })
  })

  it('refuses a token and a chat that are wrong, and no error shows the token', async () => {
    const { config } = await started()
    const token = `${botToken}wrong`
    const wrong = await sending({ ...config, token })
    expect(wrong).toMatchObject({ code: 'notice_credential_rejected', exitCode: 5 })
    const down = await sending({ ...config, token, baseUrl: 'http://127.0.0.1:9' })
    expect(down).toMatchObject({ code: 'notice_not_sent', exitCode: 3 })
    expect(JSON.stringify([wrong, down])).not.toContain('AAErDd')
    expect(await sending({ ...config, chatId: '-5' })).toMatchObject({
      code: 'notice_refused',
      said: expect.stringContaining('does not know the chat'),
    })
  })
})

describe('a webhook', () => {
  async function started() {
    const server = await startWebhook(movableClock(now))
    closing.push(server.close)
    const config = { kind: 'webhook', language: 'en', url: server.url, secret: webhookSecret } as const
    return { server, config }
  }

  it('can tell a genuine notice from one that was changed, signed with another key, or is old', async () => {
    const { server, config } = await started()
    expect(await sending(config)).toEqual({ waited: 0 })
    const [request] = server.received
    if (!request) throw new Error('nothing was received')
    const { headers, body } = request
    const at = (instant: number) => movableClock(instant)
    expect(verdict(headers, body, at(now))).toBe(200)
    expect(verdict(headers, body.replace('test', 'fact'), at(now))).toBe(401)
    expect(verdict(headers, body, at(now + 600_000))).toBe(401)
    const later = { ...headers, 'x-hubdwh-timestamp': String((now + 600_000) / 1000) }
    expect(verdict(later, body, at(now + 600_000))).toBe(401)
    expect(await sending({ ...config, secret: 'another-key-of-some-length' })).toMatchObject({
      code: 'notice_credential_rejected',
    })
  })

  it('gets the same id with a second try, and no signature without a key', async () => {
    const { server, config } = await started()
    server.moods.push(503, 200)
    expect(await sending({ ...config, secret: undefined })).toEqual({ waited: 1_000 })
    const ids = server.received.map(({ headers }) => headers['x-hubdwh-id'])
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
    expect(server.received.map(({ headers }) => headers['x-hubdwh-signature'])).toEqual([
      undefined,
      undefined,
    ])
  })

  it('that leads elsewhere is not followed', async () => {
    const { server, config } = await started()
    server.moods.push(302)
    expect(await sending(config)).toMatchObject({ code: 'notice_refused' })
    expect(server.received).toHaveLength(1)
  })

  it('is given up where it hangs, and no error shows its path', async () => {
    const { server, config } = await started()
    server.moods.push('hang', 'hang', 404)
    const late = await sending(config, { timeoutMs: 50 })
    expect(late).toMatchObject({ code: 'notice_not_sent' })
    const gone = await sending(config)
    expect(gone).toMatchObject({ code: 'notice_refused' })
    expect(JSON.stringify([late, gone])).not.toContain('s3cr3t')
  })

  it('is sent a long list cut', async () => {
    const { server, config } = await started()
    const names = Array.from({ length: 2_000 }, (_, index) => `check_${index}`)
    await sending(config, { message: about(names) })
    expect(server.received[0]?.body.length).toBeLessThan(60_000)
    expect(server.notices[0]?.text).toMatch(/и ещё \d+/)
  })
})

describe('e-mail', () => {
  async function started(options: MailOptions = {}, changed: Partial<EmailConfig> = {}) {
    const server = await startMail(options)
    closing.push(server.close)
    const config: EmailConfig = {
      kind: 'email',
      language: 'ru',
      host: '127.0.0.1',
      port: server.port,
      security: 'none',
      login: undefined,
      from: 'hub@example.kz',
      to: ['duty@example.kz', 'lead@example.kz'],
      ...changed,
    }
    return { server, config }
  }

  it('arrives whole in Cyrillic with emoji, and breaks no header', async () => {
    const { server, config } = await started()
    const name = `отчёт\r\nBcc: thief@example.kz\r\n\r\n👩‍👩‍👧 ${'ж'.repeat(60)}`
    const message = { ...about([name]), title: `Проверка ${name}` }
    expect(await sending(config, { message })).toEqual({ waited: 0 })
    const [mail] = server.mails
    expect(mail?.to).toEqual(config.to)
    expect(mail?.raw).not.toMatch(/^Bcc:/m)
    expect(mail?.subject).toContain('hubdwh: Проверка отчёт')
    expect(mail?.text).toContain('👩‍👩‍👧')
    expect(mail?.raw).toMatch(/^Auto-Submitted: auto-generated/m)
  })

  it('goes with a login, and a wrong one is told without it', async () => {
    const login = { user: 'hub', password: mailPassword }
    const { server, config } = await started({ withLogin: true }, { login })
    expect(await sending(config)).toEqual({ waited: 0 })
    const wrong = await sending({ ...config, login: { ...login, password: 'no-such-password' } })
    expect(wrong).toMatchObject({ code: 'notice_credential_rejected', exitCode: 5 })
    expect(JSON.stringify(wrong)).not.toContain('no-such-password')
    expect(server.mails).toHaveLength(1)
    expect(await sending(config, { act: channel => channel.probe(never) })).toEqual({ waited: 0 })
    expect(server.mails).toHaveLength(1)
  })

  it('reaches the others where one address is refused, and is not sent to them twice', async () => {
    const { server, config } = await started()
    server.moods.push('refused')
    expect(await sending(config)).toEqual({ waited: 0 })
    expect(server.mails.map(({ to }) => to)).toEqual([['lead@example.kz']])
  })

  it('is tried once more where the server asks for it, and not where it refuses; no error shows an address', async () => {
    const { server, config } = await started({}, { to: ['duty@example.kz'] })
    server.moods.push('later')
    expect(await sending(config)).toEqual({ waited: 1_000 })
    server.moods.push('refused')
    const refused = await sending(config)
    expect(refused).toMatchObject({ code: 'notice_refused', waited: 0 })
    expect(JSON.stringify(refused)).not.toContain('duty')
    expect(server.mails).toHaveLength(1)
  })

  it('is given up where the server hangs', async () => {
    const { server, config } = await started({}, { to: ['duty@example.kz'] })
    server.moods.push('hang', 'hang')
    expect(await sending(config, { timeoutMs: 100 })).toMatchObject({ code: 'notice_not_sent' })
  })

  it('is not sent where the connection cannot be made safe as asked', async () => {
    const untrusted = await started({ withTls: true }, { security: 'starttls' })
    const unsafe = await started({}, { security: 'starttls' })
    const plain = await started({}, { security: 'tls' })
    for (const { server, config } of [untrusted, unsafe, plain]) {
      expect(await sending(config)).toMatchObject({ code: 'notice_not_safe', exitCode: 2 })
      expect(server.mails).toEqual([])
    }
  })
})
