/** Servers, stagings and tables that are not as they should be: said before anything is written. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/effects.js'
import { folderStaging, type Staging } from '../../src/warehouse/spark/staging.js'
import { sparkWarehouse } from '../../src/warehouse/spark/warehouse.js'
import type { Hub } from '../hub.js'
import { runningServers } from '../warehouse/servers.js'
import { inAnotherProcess, loadDays, openGate } from './gate.js'
import { startProxy } from './proxy.js'

let hub: Hub | undefined
let folder: string | undefined
afterEach(async () => {
  await hub?.close()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  hub = undefined
  folder = undefined
})

describe('a server', () => {
  it('that is away ends the command with 3, and nothing is lost of what was loaded', async () => {
    hub = await openGate()
    await hub.configure(text => text.replace(/port: \d+/, 'port: 1'))
    const { exitCode, err } = await hub.hubdwh(...loadDays)
    expect(exitCode).toBe(3)
    expect(err).toContain('The Spark server 127.0.0.1:1 is not there')
  })

  it('without the catalog that is configured ends the command with 2', async () => {
    hub = await openGate()
    await hub.configure(text => text.replace(/catalog: \w+/, 'catalog: nobodys'))
    const { exitCode, err } = await hub.hubdwh(...loadDays)
    expect(exitCode).toBe(2)
    expect(err).toContain('has no catalog nobodys')
  })

  it('that says of a table that it was made, and it is not, ends the command with 3 at the first one', async () => {
    const spark = runningServers()?.spark
    if (!spark) throw new Error('There is no Spark server in this suite.')
    const statement = 'CREATE TABLE IF NOT EXISTS'
    // It is only explained, and nothing is wrong with that.
    const explained = Buffer.from('EXPLAIN CREATE TABLE'.padStart(statement.length))
    const proxy = await startProxy(spark, asked => {
      const at = asked.indexOf(statement)
      const bytes = Buffer.from(asked)
      if (at >= 0) explained.copy(bytes, at)
      return { bytes }
    })
    try {
      hub = await openGate()
      await hub.configure(text => text.replace(/port: \d+/, `port: ${proxy.port}`))
      const { exitCode, err } = await hub.hubdwh(...loadDays)
      expect(err).toContain('says that the table bronze.alaqan_visits was made, and it is not there')
      expect(exitCode).toBe(3)
    } finally {
      proxy.stop()
    }
  })
})

it('a staging that Spark does not see is refused before a table is made', async () => {
  const spark = runningServers()?.spark
  if (!spark) throw new Error('There is no Spark server in this suite.')
  folder = await mkdtemp(join(tmpdir(), 'hubdwh-staging-'))
  const ours = folderStaging(join(folder, 'staging'))
  // A folder of that name on Spark's machine has other content.
  const elsewhere: Staging = {
    ...ours,
    openArea: async () => {
      const area = await ours.openArea()
      const putText = async (name: string, content: string) =>
        (await area.putText(name, content)).replace(ours.place, '/not/here')
      return { ...area, putText }
    },
  }
  const warehouse = sparkWarehouse({
    address: { ...spark, user: { name: 'hubdwh', password: '' }, isTls: false },
    catalog: spark.catalogs.at(-1) ?? '',
    staging: elsewhere,
    timeZone: 'Asia/Almaty',
    clock: systemClock,
    folder,
  })
  await expect(warehouse.open({ access: 'write' })).rejects.toMatchObject({
    code: 'staging_unseen',
    exitCode: 2,
  })
  expect(await warehouse.exists()).toBe(false)
})

it('a column that another program has dropped or widened is named before anything is loaded', async () => {
  hub = await openGate()
  expect((await hub.hubdwh(...loadDays)).exitCode).toBe(0)
  await hub.write('alter table bronze.alaqan_visits drop column event')
  await hub.write('alter table bronze.alaqan_visits alter column event_no type bigint')
  await hub.write('alter table bronze.alaqan_visits add column theirs string')
  const { exitCode, err } = await inAnotherProcess(hub, ...loadDays)
  expect(exitCode).toBe(2)
  expect(err).toContain(
    'bronze.alaqan_visits has other columns than this version writes: event is missing (string); event_no is bigint instead of int.',
  )
  expect(await hub.rows('select count(*) as loads from meta.loads')).toEqual([{ loads: 1 }])
})
