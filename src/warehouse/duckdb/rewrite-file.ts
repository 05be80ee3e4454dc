/**
 * Writing the warehouse into a new file. What was deleted from a DuckDB file stays in its free blocks until they are
 * used again: after an erasure nothing of the person may lie there.
 */
import { existsSync } from 'node:fs'
import { chmod, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { privateFile, syncFolder } from '../../durable-file.js'
import type { Clock } from '../../effects.js'
import { UnavailableError } from '../../errors.js'
import { identifier, literal } from '../sql-text.js'
import { DuckDBInstance } from './library.js'
import { isLockConflict, lockedError } from './lock-conflict.js'

export interface RewriteOptions {
  /** Absolute path of the warehouse. */
  readonly path: string
  readonly clock: Clock
  /** How long to wait for other processes to finish with the file, milliseconds. */
  readonly patienceMs?: number
  readonly signal?: AbortSignal
}

const pollEveryMs = 250

/**
 * Copies everything in the file, tables and views of others included, into a new one, which takes its place. Nobody can
 * write meanwhile; who reads the old file goes on reading it.
 * @throws UnavailableError `warehouse_locked`, `warehouse_not_copied`
 */
export async function rewriteFile(options: RewriteOptions): Promise<void> {
  const { path } = options
  const fresh = `${path}.fresh`
  await removeDatabase(fresh)
  const instance = await DuckDBInstance.create(':memory:', { temp_directory: `${path}.spill` })
  const connection = await instance.connect()
  try {
    await attachOld(connection, options)
    await connection.run(`attach ${literal(fresh)} as fresh`)
    await copyAll(connection, path)
    await connection.run('detach fresh')
    await bringToDisk(fresh)
    // The old file is still locked: a writer who waits for it will open the new one.
    await rename(fresh, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await removeDatabase(fresh)
    throw error
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Only for reading, which is enough to keep writers away and leaves no log behind. */
async function attachOld(connection: DuckDBConnection, options: RewriteOptions): Promise<void> {
  const { path, clock, signal } = options
  const deadline = clock.now() + (options.patienceMs ?? 60_000)
  for (;;) {
    try {
      if (existsSync(`${path}.wal`)) {
        // What a killed process has left is brought into the file first.
        await connection.run(`attach ${literal(path)} as old`)
        await connection.run('checkpoint old')
        await connection.run('detach old')
      }
      await connection.run(`attach ${literal(path)} as old (read_only)`)
      if (!existsSync(`${path}.wal`)) return
      await connection.run('detach old')
    } catch (error) {
      if (!isLockConflict(error)) throw error
      if (clock.now() >= deadline) throw lockedError(error, path)
      await clock.sleep(pollEveryMs, signal)
    }
  }
}

async function copyAll(connection: DuckDBConnection, path: string): Promise<void> {
  try {
    await connection.run('copy from database old to fresh')
  } catch {
    // Tables that refer to each other have to be filled in their order.
    await connection.run('detach fresh')
    await removeDatabase(`${path}.fresh`)
    await connection.run(`attach ${literal(`${path}.fresh`)} as fresh`)
    await connection.run('copy from database old to fresh (schema)')
    await fillTables(connection, path)
  }
}

async function fillTables(connection: DuckDBConnection, path: string): Promise<void> {
  const reader = await connection.runAndReadAll(
    "select schema_name, table_name from duckdb_tables() where database_name = 'old' order by 1, 2",
  )
  let waiting = reader.getRows().map(row => row.map(String).map(identifier).join('.'))
  while (waiting.length > 0) {
    const failed: string[] = []
    for (const table of waiting) {
      try {
        await connection.run(`insert into fresh.${table} select * from old.${table}`)
      } catch {
        // What DuckDB says may quote a row.
        failed.push(table)
      }
    }
    if (failed.length === waiting.length) {
      throw new UnavailableError(
        'warehouse_not_copied',
        `These tables in ${path} cannot be copied into a new file: ${failed.join(', ')}.`,
        {
          advice:
            'What was deleted may still lie in free blocks of the file. Drop these tables, or their constraints, and run the same command again.',
        },
      )
    }
    waiting = failed
  }
}

async function bringToDisk(path: string): Promise<void> {
  await chmod(path, privateFile)
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

async function removeDatabase(path: string): Promise<void> {
  for (const each of [path, `${path}.wal`]) await rm(each, { force: true })
}
