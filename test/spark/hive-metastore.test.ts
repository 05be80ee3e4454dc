/** A catalog whose tables Hive Metastore lists: where they are it knows, and what is in them Iceberg's own files tell. */
import { afterEach, expect, it } from 'vitest'
import type { Hub } from '../hub.js'
import { runningServers } from '../warehouse/servers.js'
import { events, loadDays, openGate } from './gate.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

it('two days at the gate are loaded and built there, and loaded once more without a row too many', async () => {
  const opened = await openGate()
  hub = opened
  const catalog = runningServers()?.spark?.hive
  await opened.configure(text => text.replace(/^( +catalog:) .*$/m, `$1 ${catalog}`))
  const done = async (...argv: readonly string[]) => {
    const { exitCode, err, json } = await opened.hubdwh(...argv, '--json')
    expect(exitCode, `${argv.join(' ')}: ${err}`).toBe(0)
    return json
  }
  const countOf = async (from: string) => (await done('sql', `select count(*) as number from ${from}`)).rows

  await done(...loadDays)
  await done('transform')
  // Only Hive Metastore has a schema's folder end so.
  expect((await done('sql', 'select max(file) from bronze.alaqan_visits.metadata_log_entries')).rows).toEqual(
    [[expect.stringContaining('/hive-tables/bronze.db/alaqan_visits/')]],
  )
  expect(await countOf('bronze.alaqan_visits')).toEqual([[events]])
  expect(await countOf('silver.alaqan_visits')).toEqual([[events]])
  expect(await countOf('gold.alaqan_daily_attendance')).toEqual([[events / 2]])

  await done(...loadDays)
  expect(await countOf('bronze.alaqan_visits')).toEqual([[events]])
})
