import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, describe, expect, it } from 'vitest'
import { iins } from '../runs/invented-account.js'
import { openPublishedHub, type PublishedHub, smallAccount } from './published-hub.js'

let hub: PublishedHub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

const item = 'file: {path: ./shared/marts.duckdb}'

async function inFile<T>(
  path: string,
  work: (ask: (sql: string) => Promise<unknown[][]>) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  try {
    await connection.run("set TimeZone = 'Asia/Almaty'")
    return await work(async sql => (await connection.runAndReadAll(sql)).getRowsJson())
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

describe('the file of marts', () => {
  it('holds silver and gold as the warehouse does, with what the columns mean, and nothing else', async () => {
    hub = await openPublishedHub([item])
    const { exitCode, err } = await hub.hubdwh('run')
    expect(exitCode, err).toBe(0)
    const path = join(hub.folder, 'shared/marts.duckdb')
    const schemas = await inFile(path, ask =>
      ask('select distinct schema_name from duckdb_tables() order by schema_name'),
    )
    expect(schemas).toEqual([['gold'], ['silver']])
    const tables = await inFile(path, ask =>
      ask("select schema_name || '.' || table_name from duckdb_tables() order by 1"),
    )
    for (const [table] of tables) {
      const sql = `select * from ${table} order by all`
      const there = await inFile(path, ask => ask(`select to_json(t)::varchar from (${sql}) as t`))
      const here = await hub.rows(`select to_json(t)::varchar as line from (${sql}) as t`)
      expect(
        there.map(([line]) => line),
        String(table),
      ).toEqual(here.map(({ line }) => line))
    }
    const comments = await inFile(path, ask =>
      ask(
        "select comment from duckdb_columns() where table_name = 'alaqan_daily_attendance' and column_name = 'iin'",
      ),
    )
    expect(comments).toEqual([['ИИН, как в Silver — ИИН, as in Silver']])
  })

  it('can be read by the group, and lies in a folder that the group can enter', async () => {
    const opened = await openPublishedHub([item])
    hub = opened
    // As the program's own process has it.
    const before = process.umask(0o077)
    try {
      await opened.hubdwh('run')
    } finally {
      process.umask(before)
    }
    const modeOf = async (name: string) => (await stat(join(opened.folder, name))).mode & 0o777
    expect(await modeOf('shared')).toBe(0o750)
    expect(await modeOf('shared/marts.duckdb')).toBe(0o640)
    expect(await readdir(join(opened.folder, 'shared'))).toEqual(['marts.duckdb'])
  })

  it('is replaced in one step: who reads the old one goes on with it', async () => {
    const world = smallAccount()
    hub = await openPublishedHub([item], { world })
    await hub.hubdwh('run')
    const path = join(hub.folder, 'shared/marts.duckdb')
    const total = 'select sum(total_price)::bigint from gold.amocrm_sales_funnel'
    await inFile(path, async ask => {
      expect(await ask(total)).toEqual([['30']])
      hub?.clock.advance(3_600_000)
      world.edit('leads', 2, { price: 77 })
      expect((await hub?.hubdwh('run'))?.exitCode).toBe(0)
      expect(await ask(total)).toEqual([['30']])
    })
    expect(await inFile(path, ask => ask(total))).toEqual([['87']])
  })

  it('is made anew where somebody has taken it away, and over what a killed process has left', async () => {
    hub = await openPublishedHub([item])
    await hub.hubdwh('run')
    const path = join(hub.folder, 'shared/marts.duckdb')
    await rm(path)
    await writeFile(`${path}.draft`, 'half a file')
    expect(await hub.publish()).toMatchObject({ exitCode: 0, places: [{ state: 'published' }] })
    expect(await inFile(path, ask => ask('select count(*)::int from silver.amocrm_leads'))).toEqual([[2]])
  })

  it('cannot be made where nothing may be written, which "publish" says and a run survives', async () => {
    hub = await openPublishedHub(['file: {path: ./hubdwh.yaml/marts.duckdb}'])
    const run = await hub.hubdwh('run', '--json')
    expect(run.exitCode, run.err).toBe(0)
    expect(run.json.published).toMatchObject([{ state: 'failed', error: { code: 'not_writable' } }])
    expect((await hub.publish()).exitCode).toBe(2)
  })

  it('holds a person who is erased no longer', async () => {
    const [someone = ''] = iins
    hub = await openPublishedHub([item], { env: { HUBDWH_ERASURE_KEY: 'e'.repeat(64) } })
    await hub.configure(text =>
      text.replace('privacy:\n', `privacy:\n  erasure_key: \${HUBDWH_ERASURE_KEY}\n`),
    )
    await hub.hubdwh('run')
    const path = join(hub.folder, 'shared/marts.duckdb')
    const people = 'select count(distinct iin)::int from silver.alaqan_visits'
    expect(await inFile(path, ask => ask(people))).toEqual([[4]])
    hub.clock.advance(60_000)
    const forgotten = await hub.hubdwh('forget', '--iin', someone, '--yes')
    expect(forgotten.exitCode, forgotten.err).toBe(0)
    expect(await inFile(path, ask => ask(people))).toEqual([[3]])
  })
})
