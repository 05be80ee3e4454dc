import { expect, it } from 'vitest'
import { loadConfig } from './load.js'
import { configTemplate, envTemplate } from './template.js'

const values = { ALAQAN_API_KEY: 'key', AMOCRM_TOKEN: 'token', HUBDWH_PRIVACY_KEY: 'f'.repeat(64) }

function load(dotEnv: string, yaml = configTemplate()) {
  const readText = async (path: string) => (path.endsWith('.env') ? dotEnv : yaml)
  return loadConfig('hubdwh.yaml', { env: {}, cwd: '/srv', readText })
}

it('the template loads without a warning once its variables are set', async () => {
  const { config, warnings, secrets } = await load(envTemplate(values))
  expect(warnings).toEqual([])
  expect(secrets).toEqual(Object.values(values))
  expect(config.amocrm?.customFields.bin).toEqual(['БИН'])
})

it('the template with empty variables asks for exactly these', async () => {
  const load_ = load(envTemplate())
  await expect(load_).rejects.toMatchObject({
    mistakes: [{ path: 'alaqan.api_key' }, { path: 'amocrm.auth.token' }, { path: 'privacy.key' }],
  })
})

it('the template loads as well with the keys of OAuth in place of the token', async () => {
  const yaml = configTemplate()
    .replace(/^ {4}token: .*\n/m, '')
    .replaceAll(/^( {4})# (client|redirect|token_file)/gm, '$1$2')
  const { config } = await load(
    `${envTemplate(values)}AMOCRM_CLIENT_ID=id\nAMOCRM_CLIENT_SECRET=secret\n`,
    yaml,
  )
  expect(config.amocrm?.auth.kind).toBe('oauth')
})

it('the template loads as well with an Iceberg catalog in place of the file', async () => {
  const yaml = configTemplate()
    .replace(/^ {2}path: .*duckdb\n/m, '')
    .replaceAll(/^ {2}# (iceberg:| {2}(?:uri|warehouse|token):)/gm, '  $1')
  const { config } = await load(`${envTemplate(values)}ICEBERG_TOKEN=t\n`, yaml)
  expect(config.warehouse).toMatchObject({
    kind: 'iceberg',
    uri: 'https://catalog.example.kz/api/catalog',
    access: { kind: 'token', token: 't' },
    timeAs: 'string',
  })
})

it('the template loads as well with the channels of notices', async () => {
  const [before = '', after = ''] = configTemplate().split('# notify:\n')
  const yaml = `${before}notify:\n${after.replaceAll(/^# /gm, '')}`
  const dotEnv = `${envTemplate(values)}
TELEGRAM_BOT_TOKEN=123456:${'A'.repeat(35)}
SMTP_PASSWORD=p
HUBDWH_WEBHOOK_URL=https://hooks.example.kz/x
HUBDWH_WEBHOOK_SECRET=${'s'.repeat(32)}
`
  const { config, warnings } = await load(dotEnv, yaml)
  expect(warnings).toEqual([])
  expect(config.notify.map(({ kind, language }) => [kind, language])).toEqual([
    ['telegram', 'ru'],
    ['email', 'en'],
    ['webhook', 'ru'],
  ])
})

it('the template loads as well with its example of ARM', async () => {
  const [before = '', example = ''] = configTemplate().split(/^(?=# arm:)/m)
  const [arm = '', ...after] = example.split('\n\n')
  const yaml = [before + arm.replaceAll(/^# ?/gm, ''), ...after].join('\n\n')
  const { config } = await load(envTemplate(values), yaml)
  expect(config.arm.serviceReport?.resident).toEqual(['Резидент'])
  expect(config.arm.directory?.kind).toBe('pair')
})
