/** Superset brought up to date, against a server that behaves as the real one, also where it refuses, is busy or is gone. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SupersetConfig } from '../../src/config/config.js'
import { HubdwhError } from '../../src/errors.js'
import type { Publisher } from '../../src/publish/publisher.js'
import { supersetPublisher } from '../../src/publish/superset.js'
import { changed, withPublisher } from './opened-publisher.js'
import { account, type SupersetServer, startSuperset } from './superset-server.js'

const never = new AbortController().signal
const login = { kind: 'login', ...account, provider: 'db' } as const
const funnel = 'gold.amocrm_sales_funnel'

let superset: SupersetServer
beforeEach(async () => {
  superset = await startSuperset()
})
afterEach(() => superset.close())

interface Setting extends Partial<Pick<SupersetConfig, 'access' | 'database'>> {
  readonly tables?: readonly string[]
  readonly act?: (publisher: Publisher) => Promise<string>
}

/** What publishing came to: the sentence, or the error's code and exit code, with what was waited for, milliseconds. */
async function publishing({
  access = login,
  database,
  tables = [funnel],
  act = publisher => publisher.publish(changed(...tables), never),
}: Setting = {}) {
  const config: SupersetConfig = { kind: 'superset', url: superset.url, access, database }
  return withPublisher(
    effects => supersetPublisher(config, effects),
    async ({ publisher, secrets, waited }) => {
      try {
        return { said: await act(publisher), waited: waited(), secrets }
      } catch (error) {
        if (!(error instanceof HubdwhError)) throw error
        const { code, exitCode, message, advice } = error
        return { code, exitCode, said: `${message} ${advice}`, waited: waited(), secrets }
      }
    },
  )
}

/** Which datasets were edited, by their ids. */
function edited(): readonly number[] {
  return superset.datasets.flatMap(({ id, extra }) => (extra?.includes('data_changed_at') ? [id] : []))
}

describe('a dashboard', () => {
  beforeEach(() => {
    superset.datasets.push({ id: 3, table_name: 'amocrm_sales_funnel' })
    superset.charts.push({ id: 30, name: 'Воронка', dataset: 3 })
    superset.number = 10
    superset.look(30)
    superset.look(30, 'pipeline = Аренда')
    superset.number = 11
  })

  it('shows the new number at once, computed already', async () => {
    expect(superset.look(30)).toEqual({ shows: 10, isKept: true })
    expect(await publishing()).toMatchObject({
      said: 'kept answers of 1 dataset are void; 1 chart of dashboards made anew',
      waited: 0,
    })
    expect(superset.look(30)).toEqual({ shows: 11, isKept: true })
  })

  it('shows it also with filters that somebody looked through before', async () => {
    await publishing()
    expect(superset.look(30, 'pipeline = Аренда')).toEqual({ shows: 11, isKept: false })
  })

  it('of a table that has not changed is left alone', async () => {
    const { said } = await publishing({ tables: ['gold.alaqan_daily_attendance'] })
    expect(said).toBe('none of its 1 dataset rests on what changed')
    expect(superset.look(30)).toEqual({ shows: 10, isKept: true })
  })

  it('shows the new number also where the user has no right to warm charts up', async () => {
    superset.mayWarmUp = false
    expect(await publishing()).toMatchObject({
      said: expect.stringContaining('"can warm up cache on Chart"'),
    })
    expect(superset.look(30)).toEqual({ shows: 11, isKept: false })
  })

  it('shows it also where a chart of it is broken, which is told', async () => {
    superset.charts.push({
      id: 31,
      name: 'Старая',
      dataset: 3,
      error: "Chart's query context does not exist",
    })
    const { said } = await publishing()
    expect(said).toContain('1 chart of dashboards made anew')
    expect(said).toContain("not made: Старая (Chart's query context does not exist)")
    expect(superset.look(30)).toEqual({ shows: 11, isKept: true })
  })

  it('shows it where its tokens run out between two charts', async () => {
    superset.charts.push({ id: 31, name: 'Вторая', dataset: 3 })
    superset.expireOn(/warm_up_cache/)
    expect(await publishing()).toMatchObject({
      said: expect.stringContaining('2 charts of dashboards made anew'),
    })
    expect(superset.requests.filter(line => line.endsWith('/login'))).toHaveLength(2)
  })

  it('is not waited for chart by chart where Superset has stopped to answer', async () => {
    for (const id of [31, 32, 33, 34]) superset.charts.push({ id, name: `Ещё ${id}`, dataset: 3 })
    for (let tries = 0; tries < 4; tries += 1) superset.moods.push({ on: /warm_up_cache/, mood: { wait: 1 } })
    const { said } = await publishing()
    expect(said).toContain('3 more that were not tried')
    expect(superset.look(30)).toEqual({ shows: 11, isKept: false })
  })

  it('has its charts made anew, and nobody else’s', async () => {
    superset.charts.push({ id: 31, name: 'Черновик', dataset: 3, dashboards: [] })
    superset.charts.push({ id: 32, name: 'Чужая', dataset: 4 })
    await publishing()
    expect(superset.look(31)).toMatchObject({ isKept: false })
    expect(superset.requests.filter(line => line.endsWith('/warm_up_cache'))).toHaveLength(1)
  })
})

describe('a dataset', () => {
  it('is found by schema and table, also where DuckDB puts the database in front', async () => {
    superset.datasets.push(
      { id: 1, table_name: 'amocrm_sales_funnel' },
      { id: 2, table_name: 'amocrm_sales_funnel', schema: 'marts.gold' },
      { id: 3, table_name: 'AMOCRM_SALES_FUNNEL', schema: '"marts"."GOLD"' },
      { id: 4, table_name: 'amocrm_sales_funnel', schema: 'sandbox' },
      { id: 5, table_name: 'amocrm_sales_funnel_residents' },
    )
    await publishing()
    expect(edited()).toEqual([1, 2, 3])
  })

  it('of a query is found by the tables that its SQL names', async () => {
    superset.datasets.push(
      {
        id: 1,
        table_name: 'Моя воронка',
        schema: '',
        sql: 'select * from "gold"."amocrm_sales_funnel" as f',
      },
      { id: 2, table_name: 'Другая', sql: 'select * from gold.amocrm_sales_funnel_residents' },
    )
    await publishing()
    expect(edited()).toEqual([1])
  })

  it('counts only in the database that the configuration names', async () => {
    superset.datasets.push(
      { id: 1, table_name: 'amocrm_sales_funnel', database: 'trial' },
      { id: 2, table_name: 'amocrm_sales_funnel', database: 'lakehouse' },
    )
    await publishing({ database: 'lakehouse' })
    expect(edited()).toEqual([2])
  })

  it.each([100, 40])('is found among more than a page holds, which is %i', async limit => {
    superset.pageLimit = limit
    for (let id = 1; id <= 250; id += 1) superset.datasets.push({ id, table_name: `their_table_${id}` })
    superset.datasets.push({ id: 251, table_name: 'amocrm_sales_funnel' })
    await publishing()
    expect(edited()).toEqual([251])
  })

  it('keeps its owners and what others have noted in it', async () => {
    const dataset = {
      id: 1,
      table_name: 'amocrm_sales_funnel',
      extra: '{"certification": {"certified_by": "Отдел"}}',
    }
    superset.datasets.push(dataset)
    await publishing()
    expect(JSON.parse(dataset.extra)).toEqual({
      certification: { certified_by: 'Отдел' },
      hubdwh: { data_changed_at: '2025-01-31T05:00:00.000Z' },
    })
  })

  it('that cannot be read again is told, and its kept answers are void all the same', async () => {
    superset.datasets.push({ id: 1, table_name: 'amocrm_sales_funnel', isBroken: true })
    const { said } = await publishing()
    expect(said).toContain('columns could not be read again: gold.amocrm_sales_funnel')
    expect(edited()).toEqual([1])
  })

  it('that Superset stumbles over keeps no other from being done', async () => {
    superset.datasets.push({ id: 4, table_name: 'amocrm_manager_activity' })
    superset.datasets.push({ id: 5, table_name: 'amocrm_sales_funnel' })
    for (const _ of [1, 2]) superset.moods.push({ on: /^PUT \/api\/v1\/dataset\/4$/, mood: 'fault' })
    const tables = [funnel, 'gold.amocrm_manager_activity']
    expect(await publishing({ tables })).toMatchObject({ code: 'publish_unavailable', exitCode: 3 })
    expect(edited()).toContain(5)
    expect(edited()).not.toContain(4)
  })

  it('whose charts cannot be listed has void answers all the same, which is told', async () => {
    superset.datasets.push({ id: 5, table_name: 'amocrm_sales_funnel' })
    for (const _ of [1, 2]) superset.moods.push({ on: /^GET \/api\/v1\/chart\//, mood: 'fault' })
    const { said } = await publishing()
    expect(said).toContain('no charts were made anew: ')
    expect(edited()).toContain(5)
  })

  it('of others is named, after all the rest was done', async () => {
    superset.datasets.push(
      { id: 1, table_name: 'amocrm_sales_funnel', owners: [7] },
      { id: 2, table_name: 'amocrm_sales_funnel', schema: 'marts.gold' },
    )
    superset.charts.push({ id: 20, name: 'Воронка', dataset: 2 })
    expect(await publishing()).toMatchObject({
      code: 'publish_credential_rejected',
      exitCode: 5,
      said: expect.stringMatching(/edit 1 dataset, .*: gold\.amocrm_sales_funnel\..*owners/),
    })
    expect(edited()).toEqual([2])
    expect(superset.look(20)).toMatchObject({ isKept: true })
  })

  it('in which nothing can be noted is named, with why', async () => {
    superset.datasets.push({ id: 1, table_name: 'amocrm_sales_funnel', extra: 'проверено' })
    expect(await publishing()).toMatchObject({
      code: 'publish_refused',
      said: expect.stringContaining('gold.amocrm_sales_funnel (its Extra is no JSON object)'),
    })
    expect(superset.datasets[0]?.extra).toBe('проверено')
  })

  it('does not have to be there: how to get one is told', async () => {
    superset.datasets.push({ id: 1, table_name: 'their_table' })
    const { said } = await publishing()
    expect(said).toMatch(/^has no dataset on a table of gold.*docs\/bi\.md/)
  })
})

describe('Superset', () => {
  beforeEach(() => {
    superset.datasets.push({ id: 1, table_name: 'amocrm_sales_funnel' })
  })

  it('takes a token instead of a login', async () => {
    await publishing({ access: { kind: 'token', token: superset.token() } })
    expect(edited()).toEqual([1])
    expect(superset.requests).not.toContain('POST /api/v1/security/login')
  })

  it.each([
    [
      'a wrong password',
      () => ({ access: { ...login, password: 'another-one' } }),
      /login.*publish\.superset\.password/,
    ],
    ['people of LDAP in its own list', () => ({ access: { ...login, provider: 'ldap' } as const }), /login/],
    [
      'a token of another server',
      () => ({ access: { kind: 'token', token: 'a.b.c' } as const }),
      /publish\.superset\.token/,
    ],
    [
      'a token that has run out',
      () => {
        const token = superset.token()
        superset.expire()
        return { access: { kind: 'token', token } as const }
      },
      /publish\.superset\.token/,
    ],
  ])('does not let in %s', async (_what, access, said) => {
    expect(await publishing(access())).toMatchObject({
      code: 'publish_credential_rejected',
      exitCode: 5,
      said: expect.stringMatching(said),
    })
  })

  it('is asked once more where it fails, at every step', async () => {
    superset.charts.push({ id: 10, name: 'Воронка', dataset: 1 })
    for (const on of [/login/, /csrf_token/, /GET .*dataset/, /PUT .*dataset\/1$/, /GET .*chart/]) {
      superset.moods.push({ on, mood: 'fault' })
    }
    expect(await publishing()).toMatchObject({ said: expect.stringContaining('1 chart'), waited: 10_000 })
    expect(edited()).toEqual([1])
  })

  it.each([/login/, /csrf_token/, /GET .*dataset/, /PUT .*dataset/])(
    'is unavailable where a page of maintenance comes to %s',
    async on => {
      superset.moods.push({ on, mood: 'page' })
      expect(await publishing()).toMatchObject({ code: 'publish_unavailable', exitCode: 3 })
    },
  )

  it('at a wrong address, where a login page answers, is told by the address', async () => {
    superset.moods.push({ on: /login/, mood: 'sign in' })
    expect(await publishing()).toMatchObject({
      code: 'publish_refused',
      exitCode: 2,
      said: expect.stringContaining(superset.url),
    })
  })

  it('is left alone where it asks to be', async () => {
    superset.moods.push({ on: /GET .*dataset/, mood: { wait: 3600 } })
    expect(await publishing()).toMatchObject({
      code: 'publish_unavailable',
      said: expect.stringContaining('60 minutes'),
      waited: 0,
    })
  })

  it('that is down is unavailable', async () => {
    await superset.close()
    expect(await publishing()).toMatchObject({ code: 'publish_unavailable', exitCode: 3 })
  })

  it('gets secrets that are known as such, and that no sentence holds', async () => {
    const { said, secrets } = await publishing()
    expect([...secrets]).toEqual(
      expect.arrayContaining([expect.stringContaining('token-1'), 'csrf-1', expect.stringContaining('s1')]),
    )
    for (const secret of [...secrets, account.password]) expect(said).not.toContain(secret)
  })

  it('tells what it shows, and is not changed by the question', async () => {
    superset.datasets.push(
      { id: 2, table_name: 'amocrm_leads', schema: 'silver' },
      { id: 3, table_name: 'theirs' },
    )
    const { said } = await publishing({ act: publisher => publisher.probe(never) })
    expect(said).toBe('shows 2 datasets on tables of gold and silver')
    expect(superset.requests.filter(line => line.startsWith('PUT'))).toEqual([])
  })
})
