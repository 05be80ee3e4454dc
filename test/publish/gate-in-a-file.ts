/** Two days at the gate, published as a file from wherever the tables are. */
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect } from 'vitest'
import type { Hub } from '../hub.js'

/** Runs everything with a copy of the marts, and holds the copy against the tables. */
export async function expectMartsInFile(hub: Hub, people: number): Promise<void> {
  await hub.configure(text => `${text}publish:\n  - file: {path: ./shared/marts.duckdb}\n`)
  const { exitCode, err, json } = await hub.hubdwh('run', '--json')
  expect(exitCode, err).toBe(0)
  expect(json.published).toMatchObject([{ kind: 'file', state: 'published' }])
  const rows = await hub.rows(
    'select visit_date, iin, first_entry_local, last_exit_local, hours_on_site, total_entries from gold.alaqan_daily_attendance',
  )
  expect(rows).toHaveLength(people)
  const instance = await DuckDBInstance.create(join(hub.folder, 'shared/marts.duckdb'), {
    access_mode: 'READ_ONLY',
  })
  const connection = await instance.connect()
  try {
    const copied = await connection.runAndReadAll(
      `select strftime(visit_date, '%Y-%m-%d') as day, iin, strftime(first_entry_local, '%H:%M:%S') as first_entry,
         hours_on_site::varchar as hours, total_entries
       from gold.alaqan_daily_attendance`,
    )
    const expected = rows.map(row => ({
      day: row.visit_date,
      iin: row.iin,
      first_entry: String(row.first_entry_local).slice(11, 19),
      hours: row.hours_on_site,
      total_entries: row.total_entries,
    }))
    expect(sorted(copied.getRowObjectsJson())).toEqual(sorted(expected))
    const types = await connection.runAndReadAll(
      "select data_type from duckdb_columns() where table_name = 'alaqan_daily_attendance' order by column_index",
    )
    expect(types.getRows().map(([type]) => type)).toEqual(
      expect.arrayContaining(['DATE', 'TIMESTAMP WITH TIME ZONE', 'DECIMAL(5,2)', 'TIMESTAMP']),
    )
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

function sorted(rows: readonly object[]): readonly string[] {
  return rows.map(row => JSON.stringify(row)).sort()
}
