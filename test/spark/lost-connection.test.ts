import { afterEach, expect, it } from 'vitest'
import type { Hub } from '../hub.js'
import { unaccounted } from '../runs/table-dump.js'
import { runningServers } from '../warehouse/servers.js'
import { type CutProxy, startCutProxy } from './cut-proxy.js'
import { events, openGate } from './gate.js'

let hub: Hub | undefined
let proxy: CutProxy | undefined
afterEach(async () => {
  await hub?.close()
  proxy?.stop()
  hub = undefined
  proxy = undefined
})

it('a connection that breaks off amid appends, views and a table that is replaced costs no row and doubles none', async () => {
  const spark = runningServers()?.spark
  if (!spark) throw new Error('There is no Spark server in this suite.')
  hub = await openGate()
  const cut = await startCutProxy(spark, [
    'insert into bronze.alaqan_visits',
    'insert into meta.loads',
    'create or replace temporary view `staged`',
    'insert overwrite silver.alaqan_visits',
    'insert into meta.models values',
  ])
  proxy = cut
  await hub.configure(text => text.replace(/port: \d+/, `port: ${cut.port}`))
  const { exitCode, err } = await hub.hubdwh('run')
  expect(exitCode, err).toBe(0)
  expect(cut.cuts()).toBe(5)
  expect(
    await hub.rows(
      `select (select count(*) from bronze.alaqan_visits) as bronze, (select count(*) from silver.alaqan_visits) as silver,
         (select count(*) from gold.alaqan_daily_attendance) as people`,
    ),
  ).toEqual([{ bronze: events, silver: events, people: events / 2 }])
  expect(await unaccounted(hub)).toEqual([])
})
