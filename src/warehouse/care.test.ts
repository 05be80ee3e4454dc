import { describe, expect, it } from 'vitest'
import { silverAlaqanVisits } from '../tables/silver.js'
import { careOf, sparkStatement, type TableFacts } from './care.js'

const now = Date.parse('2025-03-31T05:00:00Z')
const settings = { keepDays: 7, now }
const fine: TableFacts = {
  table: silverAlaqanVisits,
  dataFiles: 20,
  deleteFiles: 0,
  bytes: 20_000,
  snapshots: 40,
  oldestSnapshotAt: Date.parse('2025-03-25T05:00:00Z'),
}
const careFor = (facts: Partial<TableFacts>) =>
  careOf([{ ...fine, ...facts }], settings).map(({ kind, why }) => [kind, why])

describe('a table needs', () => {
  it('nothing while its files are few and its snapshots young', () => {
    expect(careFor({})).toEqual([])
  })

  it('its files put together where they are many and small', () => {
    expect(careFor({ dataFiles: 21, bytes: 21 * 2048 })).toEqual([['compact', '21 files of 2 KB on average']])
    expect(careFor({ dataFiles: 21, bytes: 21 * 64 * 1024 * 1024 })).toEqual([])
  })

  it('its files put together where some only tell what is deleted', () => {
    expect(careFor({ deleteFiles: 2 })).toEqual([['compact', '2 files of deletions']])
  })

  it('its old snapshots let go, and then the files that none of them names', () => {
    const old = { oldestSnapshotAt: Date.parse('2025-03-24T04:59:59Z') }
    expect(careFor(old).map(([kind]) => kind)).toEqual(['expire', 'remove_orphans'])
    expect(careFor({ ...old, snapshots: 1 })).toEqual([])
    expect(careFor({ snapshots: 0, oldestSnapshotAt: null })).toEqual([])
  })
})

it('the statements of Spark name the table and how far back they go', () => {
  const steps = careOf([{ ...fine, deleteFiles: 1, oldestSnapshotAt: 0 }], settings)
  expect(steps.map(step => sparkStatement(step, settings, 'iceberg'))).toEqual([
    "call iceberg.system.rewrite_data_files(table => 'silver.alaqan_visits', options => map('delete-file-threshold', '1', 'remove-dangling-deletes', 'true'))",
    "call iceberg.system.expire_snapshots(table => 'silver.alaqan_visits', older_than => timestamp '2025-03-24T05:00:00.000Z', retain_last => 1)",
    "call iceberg.system.remove_orphan_files(table => 'silver.alaqan_visits', older_than => timestamp '2025-03-28T05:00:00.000Z')",
  ])
})
