/** kill -9 while Spark is asked to change a table: nobody sees half of it, and the next run goes on. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { Hub } from '../hub.js'
import { unaccounted } from '../runs/table-dump.js'
import { runningServers } from '../warehouse/servers.js'
import { startCutProxy } from './cut-proxy.js'
import { events, openGate } from './gate.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

const command = resolve(import.meta.dirname, '../../bin/hubdwh')

/** Runs everything and kills the process when Spark has been sent this text. */
async function killedAt(hub: Hub, text: string): Promise<void> {
  const spark = runningServers()?.spark
  if (!spark) throw new Error('There is no Spark server in this suite.')
  let child: ReturnType<typeof spawn> | undefined
  const proxy = await startCutProxy(spark, [text], () => child?.kill('SIGKILL'))
  try {
    const config = join(hub.folder, 'through-the-proxy.yaml')
    const own = await readFile(join(hub.folder, 'hubdwh.yaml'), 'utf8')
    await writeFile(config, own.replace(/port: \d+/, `port: ${proxy.port}`))
    child = spawn(process.execPath, [command, 'run', '--config', config], {
      cwd: hub.folder,
      env: { ...process.env, ...hub.env },
      stdio: 'ignore',
    })
    await once(child, 'close')
    expect(child.signalCode, `was killed at: ${text}`).toBe('SIGKILL')
  } finally {
    proxy.stop()
  }
}

it('kill -9 amid a load and a build shows nobody half of either, and the next run comes to every row once', async () => {
  const opened = await openGate()
  hub = opened
  const counts = async () =>
    (
      await opened.rows(
        `select (select count(*) from bronze.alaqan_visits where load_id in (select load_id from meta.loads)) as bronze,
           (select count(*) from silver.alaqan_visits) as silver,
           (select count(*) from gold.alaqan_daily_attendance) as people`,
      )
    )[0]
  // The ledger comes last, so rows of a load that is not in it are not there.
  await killedAt(opened, 'insert into bronze.alaqan_visits')
  expect(await counts()).toMatchObject({ bronze: 0, silver: 0, people: 0 })
  await killedAt(opened, 'insert overwrite silver.alaqan_visits')
  expect([0, events]).toContain((await counts())?.silver)
  expect(await counts()).toMatchObject({ bronze: events, people: 0 })

  const { exitCode, err } = await opened.hubdwh('run')
  expect(exitCode, err).toBe(0)
  expect(await counts()).toEqual({ bronze: events, silver: events, people: events / 2 })
  expect(await opened.rows('select count(*) as n from bronze.alaqan_visits')).toEqual([{ n: events }])
  expect(await unaccounted(opened)).toEqual([])
  // Whoever shows the tables has to hear of each, wherever its build was broken off.
  const counted =
    "select count(*) as n from meta.table_changes where table_name like 'silver.%' or table_name like 'gold.%'"
  expect(await opened.rows(counted)).toEqual([{ n: 3 }])
})
