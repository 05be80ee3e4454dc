// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to variables are what is tested
import { describe, expect, it } from 'vitest'
import { loadConfig } from './load.js'
import { ConfigError } from './mistake.js'

const token = '123456789:AAErDdUEoaKYRXrDRyZEdkEmcJsOtokenX'
const hook = 'https://hooks.example.kz/services/T000/B000/s3cr3t-of-the-hook'
const env = {
  ALAQAN_API_KEY: 'alaqan-key-of-a-test',
  HUBDWH_PRIVACY_KEY: '0123456789abcdef'.repeat(4),
  BOT: token,
  MAIL: 'mail-password',
  HOOK: hook,
  HOOK_PART: 's3cr3t-of-the-hook',
  HOOK_KEY: 'k'.repeat(32),
}

function load(notify: string) {
  const sections = 'alaqan: {api_key: ${ALAQAN_API_KEY}}\nprivacy: {key: ${HUBDWH_PRIVACY_KEY}}\n'
  return loadConfig('hubdwh.yaml', {
    env,
    cwd: '/srv',
    readText: async path => (path.endsWith('.yaml') ? `${sections}${notify}` : undefined),
  })
}

async function mistakesOf(notify: string) {
  const thrown = await load(notify).catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(ConfigError)
  return thrown instanceof ConfigError ? thrown.mistakes : []
}

describe('notify', () => {
  it('is a list of channels, each completed with its defaults', async () => {
    const { config, secrets } = await load(`notify:
  - telegram: {token: \${BOT}, chat_id: -1001234567890}
  - email: {host: smtp.example.kz, user: hub, password: \${MAIL}, from: hub@example.kz, to: duty@example.kz}
  - email: {host: relay, security: none, from: hub@example.kz, to: [a@example.kz, b@example.kz], language: en}
  - webhook: {url: "\${HOOK}", secret: \${HOOK_KEY}}
`)
    expect(config.notify).toEqual([
      {
        kind: 'telegram',
        language: 'ru',
        token,
        chatId: '-1001234567890',
        baseUrl: 'https://api.telegram.org',
      },
      {
        kind: 'email',
        language: 'ru',
        host: 'smtp.example.kz',
        port: 465,
        security: 'tls',
        login: { user: 'hub', password: 'mail-password' },
        from: 'hub@example.kz',
        to: ['duty@example.kz'],
      },
      {
        kind: 'email',
        language: 'en',
        host: 'relay',
        port: 25,
        security: 'none',
        login: undefined,
        from: 'hub@example.kz',
        to: ['a@example.kz', 'b@example.kz'],
      },
      { kind: 'webhook', language: 'ru', url: hook, secret: 'k'.repeat(32) },
    ])
    expect(secrets).toEqual(expect.arrayContaining([token, 'mail-password', hook, 'k'.repeat(32)]))
  })

  it('takes an address that is a secret, in whole or in part, or is none', async () => {
    const part = await load(
      'notify:\n  - webhook: {url: "https://hooks.example.kz/services/T000/B000/${HOOK_PART}"}\n',
    )
    expect(part.config.notify).toMatchObject([{ url: hook, secret: undefined }])
    expect(part.secrets).toEqual(expect.arrayContaining(['s3cr3t-of-the-hook', hook]))
    const plain = await load('notify: [{webhook: {url: "http://127.0.0.1:9/?a=b"}}]\n')
    expect(plain.config.notify).toMatchObject([{ url: 'http://127.0.0.1:9/?a=b' }])
  })

  it.each(['notify:\n', 'notify: []\n', 'notify:\n  # - telegram: {}\n'])('may be empty: %j', async text => {
    expect((await load(text)).config.notify).toEqual([])
  })

  const mailOf = (changed: Readonly<Record<string, string>>) =>
    Object.entries({ host: 'smtp.example.kz', from: 'a@example.kz', to: '[b@example.kz]', ...changed })
      .map(([key, value]) => `${key}: ${value}`)
      .join(', ')
  const mail = mailOf({})
  const url = 'url: "https://a.kz"'
  it.each([
    ['a channel outside a list', `{webhook: {${url}}}`, '', /a list/],
    ['an unknown kind', '[{telegramm: {}}]', '[0].telegramm', /telegram \(did you mean/],
    ['two kinds in one item', `[{webhook: {${url}}, email: {${mail}}}]`, '[0]', /one of/],
    ['a kind without a section', '[{webhook: "https://a.kz"}]', '[0].webhook', /a section/],
    [
      'a secret in the file',
      `[{telegram: {token: "${token}", chat_id: 1}}]`,
      '[0].telegram.token',
      /TELEGRAM_BOT_TOKEN/,
    ],
    [
      'a password in the file',
      `[{email: {${mail}, user: a, password: b}}]`,
      '[0].email.password',
      /SMTP_PASSWORD/,
    ],
    [
      'a token that is none',
      '[{telegram: {token: "${MAIL}", chat_id: 1}}]',
      '[0].telegram.token',
      /BotFather/,
    ],
    [
      'a chat that is none',
      '[{telegram: {token: "${BOT}", chat_id: "a chat"}}]',
      '[0].telegram.chat_id',
      /id of a chat/,
    ],
    ['http to another machine', '[{webhook: {url: "http://a.kz/"}}]', '[0].webhook.url', /https/],
    ['an unknown language', `[{webhook: {${url}, language: kk}}]`, '[0].webhook.language', /Kazakh/],
    ['a short key', `[{webhook: {${url}, secret: "\${MAIL}"}}]`, '[0].webhook.secret', /16/],
    ['a server with its port', `[{email: {${mailOf({ host: '"a.kz:25"' })}}}]`, '[0].email.host', /without/],
    [
      'a name before an address',
      `[{email: {${mailOf({ from: '"A <a@a.kz>"' })}}}]`,
      '[0].email.from',
      /e-mail/,
    ],
    ['nobody to write to', `[{email: {${mailOf({ to: '[]' })}}}]`, '[0].email.to', /at least one/],
    ['a login without a password', `[{email: {${mail}, user: a}}]`, '[0].email.password', /together/],
    [
      'a password in the clear',
      `[{email: {${mail}, security: none, user: a, password: "\${MAIL}"}}]`,
      '[0].email.security',
      /in the clear/,
    ],
  ])('says what is wrong, with its line: %s', async (_, text, path, expected) => {
    const [mistake, ...others] = await mistakesOf(`notify: ${text}\n`)
    expect(others).toEqual([])
    expect(mistake).toMatchObject({
      path: `notify${path}`,
      position: { line: 3 },
      expected: expect.stringMatching(expected),
    })
  })

  it('shows no secret of an address that is wrong', async () => {
    const found = await mistakesOf('notify: [{webhook: {url: "https://user:s3cr3t@a.kz/s3cr3t"}}]\n')
    expect(JSON.stringify(found)).not.toContain('s3cr3t')
  })
})
