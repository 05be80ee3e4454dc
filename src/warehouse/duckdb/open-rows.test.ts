import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../effects.js'
import { type Engine, rowsOf } from '../engine.js'
import { openScratch } from './file.js'

let folder: string
let engine: Engine
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hubdwh-rows-'))
  engine = await openScratch({ timeZone: 'UTC', clock: systemClock })
})
afterEach(async () => {
  await engine.close()
  await rm(folder, { recursive: true })
})

async function fileOf(records: readonly object[]): Promise<string> {
  const path = join(folder, 'rows.ndjson.gz')
  await writeFile(path, gzipSync(records.map(record => `${JSON.stringify(record)}\n`).join('')))
  return path
}

describe('rows of a file', () => {
  it.for([
    ['where it is known how long the lines are', { longest: 17_000_100 }],
    ['where it is not', { longest: undefined }],
  ] as const)('may be longer than DuckDB usually reads, %s', async ([, known]) => {
    const path = await fileOf([{ id: 1, text: 'a'.repeat(17_000_000) }])
    await engine.openRows('received', { path, ...known }, [
      { name: 'id', type: 'bigint' },
      { name: 'text', type: 'string' },
    ])
    const rows = await rowsOf(engine, 'select id, length(text) as length from received')
    expect(rows).toEqual([{ id: 1, length: 17_000_000 }])
  })

  it('are numbered in the order of the file, however many there are and whatever is asked of them', async () => {
    const path = await fileOf(Array.from({ length: 300_000 }, (_, index) => ({ id: index * 2 })))
    await engine.openRows('received', { path, longest: 100 }, [{ name: 'id', type: 'bigint' }])
    const [counted] = await rowsOf(
      engine,
      'select count(*) as rows, count(*) filter (where id = 2 * (row_no - 1)) as in_order from received',
    )
    expect(counted).toEqual({ rows: 300_000, in_order: 300_000 })
    const chosen = await rowsOf(engine, 'select row_no from received where id in (0, 200000, 599998)')
    expect(chosen.map(({ row_no: number }) => number)).toEqual([1, 100_001, 300_000])
  })
})
