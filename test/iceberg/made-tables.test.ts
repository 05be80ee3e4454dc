/** The tables as the catalog reports them, to whichever engine asks. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allTables } from '../../src/tables/catalogue.js'
import { partitionsOf, qualifiedName } from '../../src/tables/table.js'
import { commentOf } from '../../src/warehouse/ddl.js'
import type { Hub } from '../hub.js'
import { catalogOf } from '../warehouse/catalog-proxy.js'
import { type Reported, reported } from './another-engine.js'
import { loadDays, openGate } from './gate.js'

let hub: Hub
let catalog = ''
const tables = new Map<string, Reported>()

beforeAll(async () => {
  hub = await openGate()
  // As a load leaves them: an engine that writes could have changed what was made.
  const { exitCode, err } = await hub.hubdwh(...loadDays)
  expect(exitCode, err).toBe(0)
  await hub.configure(text => {
    catalog = catalogOf(text)
    return text
  })
  for (const table of allTables) tables.set(qualifiedName(table), await reported(catalog, table))
})
afterAll(() => hub.close())

function found(name: string): Reported {
  const table = tables.get(name)
  if (!table) throw new Error(`There is no table ${name}.`)
  return table
}

describe.each(allTables.map(table => [qualifiedName(table), table] as const))('%s', (name, table) => {
  it('is of format version 2, and parted as it is defined', () => {
    expect(found(name).version).toBe(2)
    expect(found(name).partitions).toEqual(partitionsOf(table))
  })

  it('says what it and each of its columns mean, in Russian and English', () => {
    const { fields, properties } = found(name)
    expect(properties.comment).toBe(commentOf(table.comment))
    expect(fields.map(({ name, doc }) => [name, doc])).toEqual(
      table.columns.map(({ name, comment }) => [name, commentOf(comment)]),
    )
  })
})

it('the visits are parted by the month of their day, and a mart by its year', () => {
  expect(found('silver.alaqan_visits').partitions).toEqual([{ column: 'visit_date', transform: 'month' }])
  expect(found('gold.alaqan_daily_attendance').partitions).toEqual([
    { column: 'year', transform: 'identity' },
  ])
})

it('a mart and its columns are explained in both languages', () => {
  const { fields, properties } = found('gold.alaqan_daily_attendance')
  expect(properties.comment).toMatch(/[а-я].* — .*[a-z]/)
  expect(fields.find(({ name }) => name === 'total_entries')?.doc).toBe('кол-во входов — number of entries')
})
