// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to variables are what is tested
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allTables } from '../tables/catalogue.js'
import { columnsTaken } from './arm-schema.js'
import { loadConfig } from './load.js'
import { ConfigError, type Mistake } from './mistake.js'

const privacyKey = '0123456789abcdef'.repeat(4)
const environment = {
  ALAQAN_API_KEY: 'alaqan-key-of-a-test',
  AMOCRM_TOKEN: 'amocrm-token-of-a-test',
  AMOCRM_CLIENT_ID: 'client-1',
  AMOCRM_CLIENT_SECRET: 'secret/with+signs=',
  HUBDWH_PRIVACY_KEY: privacyKey,
}

function load(
  yaml: string,
  { env = environment as Record<string, string | undefined>, dotEnv = undefined as string | undefined } = {},
) {
  return loadConfig('conf/hubdwh.yaml', {
    env,
    cwd: '/srv',
    readText: async path => {
      if (path === '/srv/conf/hubdwh.yaml') return yaml
      return path === '/srv/conf/.env' ? dotEnv : undefined
    },
  })
}

async function mistakesOf(...load_: Parameters<typeof load>): Promise<readonly Mistake[]> {
  const error = await load(...load_).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ConfigError)
  return error instanceof ConfigError ? error.mistakes : []
}

const privacy = 'privacy: {key: ${HUBDWH_PRIVACY_KEY}}\n'
const alaqan = 'alaqan:\n  api_key: ${ALAQAN_API_KEY}\n'
const aGuid = '0f0e0d0c-0b0a-0908-0706-050403020100'
const small = `${alaqan}${privacy}`
const amocrm = (more = '') => `amocrm:
  base_url: https://example.amocrm.ru
  auth: {token: \${AMOCRM_TOKEN}}
${more}${privacy}`

const armReport = (keys: string) => `${small}arm: {service_report: {table: ./report.csv, ${keys}}}\n`
const measuresPath = 'arm.service_report.measures'

describe('a small configuration', () => {
  it('gets every default of the contract', async () => {
    const { config, warnings } = await load(small)
    expect(config).toEqual({
      file: '/srv/conf/hubdwh.yaml',
      timezone: 'Asia/Almaty',
      warehouse: {
        kind: 'file',
        path: '/srv/conf/data/warehouse.duckdb',
        timeAs: 'time',
        memoryLimit: undefined,
      },
      landing: { path: '/srv/conf/data/landing', keepDays: 365 },
      alaqan: {
        baseUrl: 'https://api.hub.alaqan.kz/api/astanahub/',
        apiKey: 'alaqan-key-of-a-test',
        startDate: '2024-01-01',
        lookbackDays: 3,
        requestsPerSecond: 5,
      },
      amocrm: undefined,
      privacy: { iin: 'hash', phone: 'partial', email: 'partial', key: privacyKey },
      quality: {
        maxRejectShare: 0.02,
        maxAgeHours: 36,
        checks: { path: '/srv/conf/checks', isNamed: false },
        severity: {},
      },
      publish: [],
      notify: [],
      arm: { serviceReport: undefined, directory: undefined },
    })
    expect(warnings).toEqual([])
  })

  it('gets the defaults of amoCRM', async () => {
    const { config } = await load(amocrm())
    expect(config.amocrm).toEqual({
      baseUrl: 'https://example.amocrm.ru',
      auth: { kind: 'token', token: 'amocrm-token-of-a-test' },
      requestsPerSecond: 7,
      overlapSeconds: 600,
      sweepDays: 7,
      events: { from: '2024-01-01', types: [] },
      customFields: {
        bin: ['БИН', 'BIN', 'БИН/ИИН'],
        source: ['Источник'],
        industry: ['Сфера'],
        phone: ['PHONE'],
        email: ['EMAIL'],
      },
      currency: 'KZT',
    })
    expect(config.alaqan).toBeUndefined()
  })

  it('names every secret for redaction, and nothing else', async () => {
    const yaml = `${alaqan}amocrm:
  base_url: https://example.amocrm.ru
  auth: {client_id: \${AMOCRM_CLIENT_ID}, client_secret: "\${AMOCRM_CLIENT_SECRET}", redirect_uri: https://example.kz/oauth}
${privacy}`
    const { config, secrets } = await load(yaml)
    expect(new Set(secrets)).toEqual(new Set(['alaqan-key-of-a-test', 'secret/with+signs=', privacyKey]))
    expect(config.amocrm?.auth).toEqual({
      kind: 'oauth',
      clientId: 'client-1',
      clientSecret: 'secret/with+signs=',
      redirectUri: 'https://example.kz/oauth',
      tokenFile: '/srv/conf/data/amocrm-token.json',
    })
  })
})

describe("ARM's tables", () => {
  const armOf = async (yaml: string) => (await load(`${small}arm:\n${yaml}`)).config.arm

  it('are named as the spec names them where only the columns are told', async () => {
    const arm = await armOf(`  service_report: {period: month, measures: taxes}
  directory: {users: {}}
`)
    expect(arm.serviceReport).toEqual({
      table: { kind: 'table', name: 'silver.service_report_v2' },
      tin: 'company_tin',
      period: 'month',
      status: undefined,
      resident: [],
      name: undefined,
      measures: [{ column: 'taxes', aggregate: 'last' }],
    })
    expect(arm.directory).toEqual({
      kind: 'pair',
      users: { table: { kind: 'table', name: 'account_user' }, id: 'id', iin: 'iin' },
      companies: {
        table: { kind: 'table', name: 'account_usercompany' },
        userId: 'user_id',
        bin: 'bin',
        from: undefined,
        to: undefined,
      },
    })
  })

  it('can be files, beside the configuration', async () => {
    const arm =
      await armOf(`  service_report: {table: arm/report.CSV, period: month, measures: {taxes: sum, staff: avg}}
  directory: {table: /data/people.parquet, iin: ИИН, to: until}
`)
    expect(arm.serviceReport).toMatchObject({
      table: { kind: 'csv', name: 'arm/report.CSV', path: '/srv/conf/arm/report.CSV' },
      measures: [
        { column: 'taxes', aggregate: 'sum' },
        { column: 'staff', aggregate: 'avg' },
      ],
    })
    expect(arm.directory).toMatchObject({
      kind: 'list',
      table: { kind: 'parquet', path: '/data/people.parquet' },
      iin: 'ИИН',
      bin: 'bin',
      to: 'until',
    })
  })

  it('have no measure by the name of a column that the marts have already', () => {
    const marts = allTables.filter(table => table.hasMeasures)
    const columns = marts.flatMap(table => table.columns.map(({ name }) => name))
    expect([...columnsTaken].sort()).toEqual([...new Set(columns)].sort())
  })
})

describe('the contract’s own example', () => {
  const example = `timezone: Asia/Almaty
warehouse:
  engine: duckdb                  # duckdb | spark
  path: ./data/warehouse.duckdb   # duckdb: a local file …
  # iceberg: {uri: …, warehouse: …, token: \${…}}   # … or an Iceberg REST catalog
landing: {path: ./data/landing, keep_days: 365}
alaqan:
  base_url: https://api.hub.alaqan.kz/api/astanahub/
  api_key: \${ALAQAN_API_KEY}
  start_date: 2024-01-01
  lookback_days: 3
  requests_per_second: 5
amocrm:
  base_url: https://example.amocrm.ru
  auth:                            # oauth, or {token: \${AMOCRM_TOKEN}} for a long-lived token
    client_id: \${AMOCRM_CLIENT_ID}
    client_secret: \${AMOCRM_CLIENT_SECRET}
    redirect_uri: https://example.kz/oauth
    token_file: ./data/amocrm-token.json   # {access_token, refresh_token, expires_at (Unix s), base_url}
  requests_per_second: 7
  overlap_seconds: 600
  events: {from: 2024-01-01, types: []}
  custom_fields: {bin: [БИН], source: [Источник], industry: [Сфера]}
privacy: {iin: hash, phone: partial, email: partial, key: \${HUBDWH_PRIVACY_KEY}}
quality: {max_reject_share: 0.02}
arm: {}                            # see decisions.md
publish: []
notify: []
`
  it('loads without a warning', async () => {
    const { config, warnings } = await load(example)
    expect(config.amocrm?.customFields.bin).toEqual(['БИН'])
    expect(config.privacy.key).toBe(privacyKey)
    expect(warnings).toEqual([])
  })
})

describe('mistakes', () => {
  it('are told all at once, each with its line, key, what was found and what was expected', async () => {
    const yaml = `timezone: Asia/Astana
alaqan:
  api_key: \${ALAQAN_API_KEY}
  start_date: 2024-02-30
  lookback_days: -1
  lookbak_days: 3
  requests_per_second: fast
privacy:
  iin: partial
  key: \${HUBDWH_PRIVACY_KEY}
timezone: Asia/Almaty
`
    const found = await mistakesOf(yaml)
    expect(found.map(({ position, path }) => [position?.line, position?.column, path])).toEqual([
      [4, 3, 'alaqan.start_date'],
      [5, 3, 'alaqan.lookback_days'],
      [6, 3, 'alaqan.lookbak_days'],
      [7, 3, 'alaqan.requests_per_second'],
      [9, 3, 'privacy.iin'],
      [11, 1, ''],
    ])
    expect(found[0]).toMatchObject({ found: '"2024-02-30"', expected: 'a day that exists, as YYYY-MM-DD' })
    expect(found[1]).toMatchObject({ found: 'the number -1' })
    expect(found[2]?.expected).toContain('lookback_days (did you mean that?)')
    expect(found[4]?.expected).toContain('merge people')
    expect(found[5]?.found).toContain('"timezone" a second time')
  })

  it('stand in the message, a line each, with the exit code of wrong configuration', async () => {
    const error = await load('alaqan:\n  api_key: x\n').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'config_invalid', exitCode: 2 })
    expect(String(error)).toContain('conf/hubdwh.yaml has 2 mistakes:')
    expect(String(error)).toMatch(/\n {2}line 2, column 3: alaqan\.api_key: found /)
  })

  const one: readonly (readonly [string, string, string, RegExp])[] = [
    ['a zone that is none', `timezone: Asia/Astana\n${small}`, 'timezone', /Asia\/Almaty/],
    ['an offset instead of a zone', `timezone: "+05:00"\n${small}`, 'timezone', /IANA/],
    ['a number for a day', `${alaqan}  start_date: 20240101\n${privacy}`, 'alaqan.start_date', /YYYY-MM-DD/],
    ['a section without keys', `alaqan:\n${privacy}`, 'alaqan', /a section/],
    [
      'a rate of nothing',
      `${alaqan}  requests_per_second: 0\n${privacy}`,
      'alaqan.requests_per_second',
      /above 0/,
    ],
    [
      'an endless rate',
      `${alaqan}  requests_per_second: .inf\n${privacy}`,
      'alaqan.requests_per_second',
      /above 0/,
    ],
    ['half a day', `${alaqan}  lookback_days: 1.5\n${privacy}`, 'alaqan.lookback_days', /whole number/],
    ['a share above one', `${small}quality: {max_reject_share: 2}\n`, 'quality.max_reject_share', /0 to 1/],
    [
      'http to another machine',
      `${alaqan}  base_url: http://alaqan.kz/\n${privacy}`,
      'alaqan.base_url',
      /https/,
    ],
    [
      'a password in an address',
      `${alaqan}  base_url: https://a:b@alaqan.kz/\n${privacy}`,
      'alaqan.base_url',
      /password/,
    ],
    [
      'another domain for the token',
      amocrm().replace('amocrm.ru', 'amocrm.ru.evil.kz'),
      'amocrm.base_url',
      /kommo/,
    ],
    [
      'the placeholder of the docs',
      amocrm().replace('example.', '{subdomain}.').replace('https', '"https').replace('.ru', '.ru"'),
      'amocrm.base_url',
      /placeholder/,
    ],
    [
      'an unknown mask',
      `${alaqan}privacy: {key: \${HUBDWH_PRIVACY_KEY}, phone: hidden}\n`,
      'privacy.phone',
      /none, partial, hash/,
    ],
    [
      'a mask almost right',
      `${alaqan}privacy: {key: \${HUBDWH_PRIVACY_KEY}, phone: hsah}\n`,
      'privacy.phone',
      /mean hash/,
    ],
    ['an unknown engine', `${small}warehouse: {engine: duckdn}\n`, 'warehouse.engine', /mean duckdb/],
    ['Spark without its section', `${small}warehouse: {engine: spark}\n`, 'warehouse.spark', /spark: \{host/],
    [
      'a section of Spark for another engine',
      `${small}warehouse: {spark: {host: s, staging: /srv/staging}}\n`,
      'warehouse.engine',
      /engine: spark/,
    ],
    [
      "a staging that is nobody else's folder",
      `${small}warehouse: {engine: spark, spark: {host: s, staging: ./here}}\n`,
      'warehouse.spark.staging',
      /an absolute path/,
    ],
    [
      'times of day on Spark',
      `${small}warehouse: {engine: spark, time_as: time, spark: {host: s, staging: /srv/staging}}\n`,
      'warehouse.time_as',
      /Spark cannot read/,
    ],
    [
      'a limit of memory that is none',
      `${small}warehouse: {memory_limit: plenty}\n`,
      'warehouse.memory_limit',
      /an amount of memory, as 2GB or 500MB/,
    ],
    [
      'a limit of memory in which nothing can be done',
      `${small}warehouse: {memory_limit: 100MB}\n`,
      'warehouse.memory_limit',
      /at least 256MB/,
    ],
    [
      'a limit of memory that Spark would not hear of',
      `${small}warehouse: {engine: spark, memory_limit: 2GB, spark: {host: s, staging: /srv/staging}}\n`,
      'warehouse.memory_limit',
      /Spark has memory settings of its own/,
    ],
    [
      "a plain password of Spark's",
      `${small}warehouse: {engine: spark, spark: {host: s, staging: /srv/s, auth: {user: a, password: plain}}}\n`,
      'warehouse.spark.auth.password',
      /\$\{SPARK_PASSWORD\}/,
    ],
    [
      'tables in two places',
      `${small}warehouse: {engine: spark, path: w.duckdb, spark: {host: s, staging: /srv/staging}}\n`,
      'warehouse.path',
      /in one place/,
    ],
    [
      'a catalog without an address',
      `${small}warehouse: {iceberg: {}}\n`,
      'warehouse.iceberg.uri',
      /an address/,
    ],
    [
      'a catalog and a file',
      `${small}warehouse: {path: w.duckdb, iceberg: {uri: "https://catalog.example.kz"}}\n`,
      'warehouse.path',
      /in one place/,
    ],
    [
      'two ways into a catalog',
      `${small}warehouse: {iceberg: {uri: "https://c.kz", token: \${HUBDWH_PRIVACY_KEY}, oauth2: {client_id: a, client_secret: \${HUBDWH_PRIVACY_KEY}}}}\n`,
      'warehouse.iceberg.oauth2',
      /either token or oauth2/,
    ],
    [
      "a catalog's token in the file",
      `${small}warehouse: {iceberg: {uri: "https://c.kz", token: plain}}\n`,
      'warehouse.iceberg.token',
      /ICEBERG_TOKEN/,
    ],
    ['an unknown place to publish to', `${small}publish: [tableau]\n`, 'publish[0]', /section/],
    [
      'two places in one item',
      `${small}publish: [{report: {}, file: {}}]\n`,
      'publish[0]',
      /one of superset.*in each item/,
    ],
    [
      'a way into Superset that lacks its password',
      `${small}publish: [{superset: {url: "https://bi.example.kz", user: hub}}]\n`,
      'publish[0].superset.password',
      /user and password together/,
    ],
    [
      'a key of Metabase in the file',
      `${small}publish: [{metabase: {url: "https://bi.example.kz", api_key: mb_plain, database: hub}}]\n`,
      'publish[0].metabase.api_key',
      /METABASE_API_KEY/,
    ],
    [
      'an id of Power BI that is none',
      `${small}publish: [{powerbi: {tenant_id: hub, client_id: ${aGuid}, client_secret: \${HUBDWH_PRIVACY_KEY}, workspace_id: ${aGuid}, dataset_id: ${aGuid}}}]\n`,
      'publish[0].powerbi.tenant_id',
      /00000000-0000/,
    ],
    [
      'an ARM report without a period',
      armReport('tin: bin'),
      'arm.service_report.period',
      /column of the period/,
    ],
    [
      'a status that nobody names',
      armReport('period: month, resident: [Резидент]'),
      'arm.service_report.status',
      /column of the status/,
    ],
    [
      'a function that is none',
      armReport('period: month, measures: {taxes: median}'),
      measuresPath,
      /sum, last/,
    ],
    [
      'a measure named twice',
      armReport('period: month, measures: [taxes, Taxes]'),
      measuresPath,
      /each column once/,
    ],
    [
      'a measure by a name of the marts',
      armReport('period: month, measures: [total_revenue]'),
      measuresPath,
      /total_revenue is a name that the tables use themselves/,
    ],
    [
      'a file of another kind',
      `${small}arm: {service_report: {table: ./report.xlsx, period: month}}\n`,
      'arm.service_report.table',
      /\.csv or \.parquet/,
    ],
    [
      'a directory of two forms',
      `${small}arm: {directory: {table: ./people.csv, users: {}}}\n`,
      'arm.directory.table',
      /not both/,
    ],
    [
      'an unknown key of ARM',
      `${small}arm: {directory: {table: ./people.csv, bim: company}}\n`,
      'arm.directory.bim',
      /did you mean/,
    ],
    ['a warehouse in memory', `${small}warehouse: {path: ":memory:"}\n`, 'warehouse.path', /memory/],
    ['an alias', `${small}timezone: *zone\n`, 'timezone', /the value itself/],
    ['a reference that is none', `${small}landing: {path: "\${A-B}"}\n`, 'landing.path', /reference like/],
    [
      'a field without a name',
      amocrm('  custom_fields: {bin: [""]}\n'),
      'amocrm.custom_fields.bin[0]',
      /id, code or name/,
    ],
    [
      'a negative field id',
      amocrm('  custom_fields: {bin: -5}\n'),
      'amocrm.custom_fields.bin[0]',
      /id, code or name/,
    ],
    [
      'two ways of authorization',
      amocrm().replace('auth: {', 'auth: {client_id: x, '),
      'amocrm.auth.client_id',
      /token/,
    ],
    ['no way of authorization', amocrm().replace(/auth: .*/, 'auth: {}'), 'amocrm.auth.token', /token/],
    ['authorization as a text', amocrm().replace(/auth: .*/, 'auth: oauth'), 'amocrm.auth', /section/],
  ]
  it.each(one)('%s', async (_, yaml, path, expected) => {
    const [mistake, ...others] = await mistakesOf(yaml)
    expect(others).toEqual([])
    expect(mistake).toMatchObject({ path, expected: expect.stringMatching(expected) })
    expect(mistake?.position).toBeDefined()
  })

  it('name every part of OAuth that is missing', async () => {
    const found = await mistakesOf(amocrm().replace(/auth: .*/, 'auth: {client_id: ${AMOCRM_CLIENT_ID}}'))
    expect(found.map(({ path }) => path)).toEqual(['amocrm.auth.client_secret', 'amocrm.auth.redirect_uri'])
  })

  it('say that a source is needed', async () => {
    const [mistake] = await mistakesOf(privacy)
    expect(mistake).toMatchObject({ found: 'no source' })
  })

  it.each([
    ['an unclosed quote', 'alaqan: "x\n', 2],
    ['an unclosed bracket', 'alaqan: {a: 1\n', 2],
    ['a text with a colon', 'a: b: c\n', 1],
    ['two documents', 'a: 1\n---\nb: 2\n', 2],
    ['a reserved sign', 'a: 1\nb: @c\n', 2],
  ])('of syntax have a line too: %s', async (_, yaml, line) => {
    const found = await mistakesOf(yaml)
    expect(found[0]?.position?.line).toBe(line)
  })

  it('of indentation by tabs are told along with the others', async () => {
    const found = await mistakesOf(`alaqan:\n\tapi_key: \${ALAQAN_API_KEY}\n${privacy}tmezone: x\n`)
    expect(found.map(mistake => mistake.found)).toEqual(expect.arrayContaining(['a tab', 'an unknown key']))
  })

  it.each(['', '# nothing\n', '- a\n', 'text', '5', 'null'])('%j is no configuration', async yaml => {
    const [mistake] = await mistakesOf(yaml)
    expect(mistake?.expected).toMatch(/section/)
  })
})

describe('secrets', () => {
  it('are refused where they are written into the file, and not shown', async () => {
    const yaml = `alaqan: {api_key: s3cr3t-a}
amocrm: {base_url: https://a.amocrm.ru, auth: {client_id: x, client_secret: s3cr3t-b, redirect_uri: https://a.kz/}}
privacy: {key: s3cr3t-c}
`
    const error = await load(yaml).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ConfigError)
    expect(String(error)).not.toContain('s3cr3t')
    expect(String(error).match(/a secret written into the file/g)).toHaveLength(3)
  })

  it.each([
    'alaqan: {api_key: "s3cr3t',
    'alaqan: s3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr3t',
    'alaqan: {api_key: *s3cr3t}',
    'alaqan: {api_key: !s3cr3t x}',
    'alaqan: {api_key: {s3cr3t: 1}}',
    'alaqan: {base_url: "https://user:s3cr3t@alaqan.kz"}',
    'alaqan: {api_key: a${ALAQAN_API_KEY}s3cr3t}',
  ])('are in no message: %s', async yaml => {
    const error = await load(yaml).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ConfigError)
    expect(JSON.stringify([String(error), error])).not.toContain('s3cr3t')
  })

  it('of another key are not shown where a variable is used in the wrong place', async () => {
    const error = await load(`${small}timezone: \${ALAQAN_API_KEY}\n`).catch((thrown: unknown) => thrown)
    expect(String(error)).toContain('the value of ${ALAQAN_API_KEY}')
    expect(String(error)).not.toContain(environment.ALAQAN_API_KEY)
  })

  it('cannot hold letters that a header cannot carry', async () => {
    const [mistake] = await mistakesOf(small, { env: { ...environment, ALAQAN_API_KEY: 'кey' } })
    expect(mistake).toMatchObject({ path: 'alaqan.api_key', found: 'the value of ${ALAQAN_API_KEY}' })
  })

  it('that are missing are named, with where to put them', async () => {
    const [mistake] = await mistakesOf(small, { env: { ...environment, ALAQAN_API_KEY: undefined } })
    expect(mistake).toMatchObject({
      path: 'alaqan.api_key',
      found: '${ALAQAN_API_KEY}, which is not set',
      expected: 'a line ALAQAN_API_KEY=… in /srv/conf/.env, or ALAQAN_API_KEY in the environment',
    })
  })

  it('come from .env where the environment has none, or only an empty one', async () => {
    const dotEnv = `ALAQAN_API_KEY='from # .env'\nHUBDWH_PRIVACY_KEY=${'b'.repeat(64)}\n`
    const { config } = await load(small, {
      env: { ALAQAN_API_KEY: '', HUBDWH_PRIVACY_KEY: privacyKey },
      dotEnv: dotEnv.replace(' # ', '#'),
    })
    expect(config.alaqan?.apiKey).toBe('from#.env')
    expect(config.privacy.key).toBe(privacyKey)
  })
})

describe('the privacy key', () => {
  it('is asked for where something is hashed, with a way to make one', async () => {
    const [mistake] = await mistakesOf(alaqan)
    expect(mistake).toMatchObject({
      path: 'privacy.key',
      expected: expect.stringContaining('openssl rand -hex 32'),
    })
  })

  it('is asked for with a way to make one also where its variable is not set', async () => {
    const [mistake] = await mistakesOf(small, { env: { ...environment, HUBDWH_PRIVACY_KEY: '' } })
    expect(mistake?.expected).toContain('openssl rand -hex 32')
  })

  it('is not needed where nothing is hashed', async () => {
    const { config } = await load(`${alaqan}privacy: {iin: none}\n`)
    expect(config.privacy).toEqual({ iin: 'none', phone: 'partial', email: 'partial', key: undefined })
  })

  it('must be long', async () => {
    const [mistake] = await mistakesOf(small, { env: { ...environment, HUBDWH_PRIVACY_KEY: 'short' } })
    expect(mistake).toMatchObject({ path: 'privacy.key', expected: expect.stringContaining('at least 32') })
  })
})

describe('values', () => {
  it.each([
    ['https://example.amocrm.ru/api/v4/', 'https://example.amocrm.ru'],
    ['https://example.kommo.com/api/v4', 'https://example.kommo.com'],
    ['HTTPS://Example.amocrm.com/', 'https://example.amocrm.com'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080/api/v4/', 'http://localhost:8080'],
    ['"http://[::1]:8080"', 'http://[::1]:8080'],
  ])('amocrm.base_url %s is %s', async (written, meant) => {
    const { config } = await load(amocrm().replace('https://example.amocrm.ru', written))
    expect(config.amocrm?.baseUrl).toBe(meant)
  })

  it('alaqan.base_url ends in a slash', async () => {
    const { config } = await load(`${alaqan}  base_url: http://localhost:1/api\n${privacy}`)
    expect(config.alaqan?.baseUrl).toBe('http://localhost:1/api/')
  })

  it('a custom field is an id, a code or a name, alone or in a list', async () => {
    const { config } = await load(
      amocrm('  custom_fields: {bin: [501, "502", BIN_CODE], source: Канал, industry: []}\n'),
    )
    expect(config.amocrm?.customFields).toMatchObject({
      bin: [501, 502, 'BIN_CODE'],
      source: ['Канал'],
      industry: ['Сфера'],
    })
  })

  it('numbers can come from variables', async () => {
    const yaml = `${alaqan}  lookback_days: \${DAYS}\n${privacy}`
    const { config } = await load(yaml, { env: { ...environment, DAYS: '10' } })
    expect(config.alaqan?.lookbackDays).toBe(10)
  })

  it('a limit of memory may be said in either unit', async () => {
    const limitOf = async (written: string) => {
      const { config } = await load(`${small}warehouse: {memory_limit: ${written}}\n`)
      return config.warehouse
    }
    expect(await limitOf('1.5 gb')).toMatchObject({ memoryLimit: '1500MB' })
    expect(await limitOf('256MB')).toMatchObject({ memoryLimit: '256MB' })
  })

  it('a path of the root stays where it is', async () => {
    const { config } = await load(`${small}landing: {path: /srv/landing}\n`)
    expect(config.landing.path).toBe('/srv/landing')
  })

  it('a rate above amoCRM’s limit is a warning', async () => {
    const { config, warnings } = await load(amocrm('  requests_per_second: 50\n'))
    expect(config.amocrm?.requestsPerSecond).toBe(50)
    expect(warnings).toEqual([expect.stringContaining('requests_per_second is 50')])
  })
})

describe('the file', () => {
  it('that is not there is told with what to do', async () => {
    const nothing = loadConfig('hubdwh.yaml', { env: {}, cwd: '/', readText: async () => undefined })
    await expect(nothing).rejects.toMatchObject({
      code: 'config_missing',
      exitCode: 2,
      advice: expect.stringContaining('init'),
    })
  })

  it('that cannot be read is told as such', async () => {
    const readText = async () => Promise.reject(new Error('EACCES: permission denied'))
    await expect(loadConfig('hubdwh.yaml', { env: {}, cwd: '/', readText })).rejects.toMatchObject({
      code: 'config_unreadable',
    })
  })

  it('with strange lines in .env gives a warning without their content', async () => {
    const { warnings } = await load(small, { dotEnv: 'A=1\nsecret without a name\n' })
    expect(warnings).toEqual(['/srv/conf/.env: line 2 is not NAME=value and is ignored.'])
  })
})

describe('any text', () => {
  const yamlish = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          'alaqan:',
          'amocrm:',
          'privacy:',
          '\n',
          '  ',
          '\t',
          '- ',
          '{',
          '}',
          '[',
          ']',
          ': ',
          '${A}',
          '${',
          '*a',
          '&a',
          '!t',
          '---',
          '"',
          '#',
          'key',
          '__proto__',
          '<<',
          '? ',
          '| ',
          '\uE000\uE001A\uE002',
        ),
        fc.string({ unit: 'binary' }),
      ),
    )
    .map(parts => parts.join(''))

  it('loads or gives the one error, never another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(yamlish, fc.string(), fc.json()), async yaml => {
        try {
          await load(yaml)
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['brackets nested without end', '['.repeat(200_000)],
    ['braces nested without end', '{a: '.repeat(50_000)],
    ['a file too large', `#${'x'.repeat(1_100_000)}`],
    ['an anchor in itself', 'a: &a [*a]'],
    ['a lone surrogate', '"\uD800": \uDFFF'],
  ])('also %s', async (_, yaml) => {
    expect(await mistakesOf(yaml)).not.toEqual([])
  })
})
