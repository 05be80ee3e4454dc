/** A catalog that is away, does not let us in, or whose tables another engine has changed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tableNamed } from '../../src/tables/catalogue.js'
import type { Hub } from '../hub.js'
import { behindProxy, type CatalogProxy, catalogOf, isCommit } from '../warehouse/catalog-proxy.js'
import { changeColumns, columnsIn, tablesAsTheyAre } from './another-engine.js'
import { events, loadDays, openGate } from './gate.js'

let hub: Hub
let proxy: CatalogProxy | undefined
beforeEach(async () => {
  hub = await openGate()
})
afterEach(async () => {
  await proxy?.close()
  proxy = undefined
  await hub.close()
})

describe('a catalog', () => {
  it('that does not answer ends the load with 3 and its address; what was fetched is loaded when it is back', async () => {
    proxy = await behindProxy(hub)
    const { uri } = proxy
    proxy.hooks.before = () => 'cut'
    const away = await hub.hubdwh(...loadDays, '--json')
    expect(away).toMatchObject({ exitCode: 3, json: { error: { code: 'catalog_unreachable' } } })
    expect(away.err).toContain(uri)
    proxy.hooks.before = () => undefined
    expect((await hub.hubdwh(...loadDays)).exitCode).toBe(0)
    expect(await hub.rows('select count(*) as n from bronze.alaqan_visits')).toEqual([{ n: events }])
  })

  it('that goes away at the commit ends the load with 3, and leaves nothing of it', async () => {
    proxy = await behindProxy(hub)
    proxy.hooks.before = request => (isCommit(request) ? 'cut' : undefined)
    const cut = await hub.hubdwh(...loadDays, '--json')
    expect(cut, cut.err).toMatchObject({ exitCode: 3, json: { error: { code: 'catalog_unreachable' } } })
    expect(await hub.rows('select count(*) as n from bronze.alaqan_visits')).toEqual([{ n: 0 }])
    proxy.hooks.before = () => undefined
    expect((await hub.hubdwh(...loadDays)).exitCode).toBe(0)
    expect(await hub.rows('select count(*) as n from bronze.alaqan_visits')).toEqual([{ n: events }])
  })

  it('that does not take the token any more ends with 5, before and amid the work', async () => {
    proxy = await behindProxy(hub)
    const expired = { status: 401, message: 'The token has expired' }
    proxy.hooks.before = () => expired
    const refused = await hub.hubdwh(...loadDays, '--json')
    expect(refused).toMatchObject({ exitCode: 5, json: { error: { code: 'catalog_refused' } } })
    expect(refused.err).toContain('warehouse.iceberg.token')
    proxy.hooks.before = request => (isCommit(request) ? expired : undefined)
    const amid = await hub.hubdwh(...loadDays, '--json')
    expect(amid, amid.err).toMatchObject({ exitCode: 5, json: { error: { code: 'catalog_refused' } } })
    expect(await hub.rows('select count(*) as n from bronze.alaqan_visits')).toEqual([{ n: 0 }])
  })
})

describe('a table that another engine has changed', () => {
  const visits = tableNamed('bronze.alaqan_visits')

  /** Changes columns of Bronze's visits, and lets a new process come: one that runs has looked already. */
  async function changed(change: Parameters<typeof changeColumns>[2]): Promise<string> {
    expect((await hub.hubdwh(...loadDays)).exitCode).toBe(0)
    let catalog = ''
    await hub.configure(text => {
      catalog = catalogOf(text)
      return text.replace(/warehouse: hub-\d+/, 'warehouse: later')
    })
    await changeColumns(catalog, visits, change)
    return catalog
  }

  it.each([
    ['dropped', 'iin', undefined, 'iin is missing (string)'],
    ['widened', 'event_no', 'long', 'event_no is long instead of int'],
  ] as const)(
    'a column %s: the run ends with 2 before anything is written',
    async (_, column, type, said) => {
      const catalog = await changed(fields =>
        type === undefined
          ? fields.filter(({ name }) => name !== column)
          : fields.map(field => (field.name === column ? { ...field, type } : field)),
      )
      const before = await tablesAsTheyAre(catalog)
      for (const argv of [loadDays, ['transform', '--full']]) {
        const refused = await hub.hubdwh(...argv, '--json')
        expect(refused, refused.err).toMatchObject({
          exitCode: 2,
          json: { error: { code: 'table_columns' } },
        })
        expect(refused.err).toContain('bronze.alaqan_visits')
        expect(refused.err).toContain(said)
      }
      expect(await tablesAsTheyAre(catalog)).toEqual(before)
    },
  )

  it('a column added: it is left alone, and rows go on coming', async () => {
    const catalog = await changed(fields => [
      ...fields,
      { id: 100, name: 'theirs', type: 'string', required: false },
    ])
    hub.clock.advance(86_400_000)
    const run = await hub.hubdwh('run')
    expect(run.exitCode, run.err).toBe(0)
    expect(await columnsIn(catalog, visits)).toContain('theirs')
  })
})
