/** `hubdwh check` looks at every channel, and with --notify sends a test to each. */
import { afterEach, describe, expect, it } from 'vitest'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { lead } from '../runs/invented-account.js'
import { openToldHub, type ToldHub, type ToldOptions } from './told-hub.js'

let hub: ToldHub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

async function opened(options: Partial<ToldOptions> = {}): Promise<ToldHub> {
  hub = await openToldHub({
    world: listedWorld({ leads: [lead({ id: 1 })] }),
    now: '2025-01-31T05:00:00Z',
    channels: ['telegram', 'email', 'webhook'],
    mail: { withLogin: true },
    ...options,
  })
  return hub
}

const lines = (out: string): readonly string[] => out.split('\n').filter(line => line.includes('notices'))

describe('check', () => {
  it('sees whether each channel would take a message, and sends none', async () => {
    const told = await opened()
    const { exitCode, out } = await told.hubdwh('check')
    expect(exitCode, out).toBe(0)
    expect(lines(out)).toEqual([
      expect.stringMatching(/^ok +notices by telegram +@invented_hub_bot knows the supergroup$/),
      expect.stringMatching(/^ok +notices by email +127\.0\.0\.1 accepts the login$/),
      expect.stringMatching(/^ok +notices by webhook +http:\/\/127\.0\.0\.1:\d+ is not called; /),
    ])
    expect([told.telegram.messages, told.mail.mails, told.webhook.received]).toEqual([[], [], []])
  })

  it('sends a test with --notify, every time', async () => {
    const told = await opened()
    for (const _ of [1, 2]) expect((await told.hubdwh('check', '--notify')).exitCode).toBe(0)
    expect(told.telegram.messages).toHaveLength(2)
    expect(told.mail.mails.map(({ subject }) => subject)).toEqual(['hubdwh: A test', 'hubdwh: A test'])
    expect(told.webhook.notices.map(({ kind }) => kind)).toEqual(['test', 'test'])
  })

  it('says what is wrong with a channel, and goes on with the next', async () => {
    const told = await opened()
    Object.assign(told.env, {
      BOT: '1:AAwrongwrongwrongwrongwrongwrongwrong',
      MAIL: 'wrong',
      HOOK: 'http://127.0.0.1:9/',
    })
    const { exitCode, out } = await told.hubdwh('check', '--notify')
    expect(exitCode).toBe(5)
    expect(lines(out)).toEqual([
      expect.stringMatching(/^failed +notices by telegram +Telegram does not accept/),
      expect.stringMatching(/^failed +notices by email +The mail server refuses the login \(535\)/),
      expect.stringMatching(/^failed +notices by webhook +The webhook cannot be reached/),
    ])
  })

  it('warns of an address that the mail server refuses', async () => {
    const told = await opened({ channels: ['email'] })
    await told.configure(text => text.replace('[duty@example.kz]', '[gone@example.kz, duty@example.kz]'))
    told.mail.moods.push('refused')
    const { out } = await told.hubdwh('check', '--notify')
    expect(lines(out)).toEqual([expect.stringMatching(/^warning .* refused 1 of 2 addresses/)])
    expect(out).not.toContain('gone@')
  })

  it('says that there is nobody to tell', async () => {
    const told = await opened({ channels: [] })
    const { out } = await told.hubdwh('check', '--notify')
    expect(lines(out)).toEqual([expect.stringMatching(/^warning +notices +nobody/)])
  })
})
