import { basename, dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtInChecks, readChecks } from '../../src/quality/check.js'
import { goldTables } from '../../src/tables/gold.js'
import { silverTables } from '../../src/tables/silver.js'
import { qualifiedName } from '../../src/tables/table.js'
import { brokenRules } from './broken-rules.js'
import { failedChecks, type HealthyHub, openHealthyHub } from './healthy-hub.js'

const checks = await readChecks({ own: { path: builtInChecks, isNamed: false }, severity: {} })
const builtTables = [...silverTables, ...goldTables]

let healthy: HealthyHub
beforeAll(async () => {
  healthy = await openHealthyHub()
}, 180_000)
afterAll(() => healthy.hub.close())

const failingOn = async (table: string): Promise<readonly string[]> => {
  const { json, err, exitCode } = await healthy.hub.hubdwh('quality', '--table', table, '--json')
  expect([0, 4], err).toContain(exitCode)
  return failedChecks(json)
}

describe('a healthy warehouse', () => {
  it('passes every check', async () => {
    const { json, exitCode } = await healthy.hub.hubdwh('quality', '--json')
    expect(failedChecks(json)).toEqual([])
    expect(exitCode).toBe(0)
  })
})

describe('a rule that is broken', () => {
  it.each(brokenRules.map(rule => [rule.check, rule.table, rule] as const))(
    'is found by %s on %s and by no other check of the table',
    async (check, table, { break: statements, configuration, also = [] }) => {
      await healthy.heal()
      await healthy.tamper(statements)
      let before = ''
      await healthy.hub.configure(text => {
        before = text
        return configuration?.(text) ?? text
      })
      try {
        expect((await failingOn(table)).toSorted()).toEqual([check, ...also].sort())
      } finally {
        await healthy.hub.configure(() => before)
        await healthy.heal()
      }
    },
  )

  it.each(builtTables.map(table => [qualifiedName(table), table] as const))(
    'is found where a key of %s is there twice, or is missing',
    async (table, { name, key }) => {
      const keyCheck = `${name}_key`
      await healthy.tamper(`insert into ${table} select * from ${table} limit 1`)
      expect(await failingOn(table)).toContain(keyCheck)
      await healthy.heal()
      for (const column of key) {
        await healthy.tamper(
          `insert into ${table} by name select * replace (null as ${column}) from ${table} limit 1`,
        )
        expect(await failingOn(table), column).toContain(keyCheck)
        await healthy.heal()
      }
    },
  )
})

describe('the checks', () => {
  it('are each broken here, on each table', () => {
    const shown = brokenRules.map(({ check, table }) => `${check} ${table}`)
    const keys = builtTables.map(table => `${table.name}_key ${qualifiedName(table)}`)
    const elsewhere = ['time_zone_data silver.alaqan_visits', 'time_zone_data silver.amocrm_leads']
    const declared = checks.flatMap(({ name, tables }) => tables.map(table => `${name} ${table}`))
    expect(declared.toSorted()).toEqual([...new Set([...shown, ...keys, ...elsewhere])].sort())
  })

  it.each(builtTables.map(table => [qualifiedName(table), table] as const))(
    'guard the key of %s, and hold back what breaks it',
    (name, table) => {
      const [check] = checks.filter(each => each.name === `${table.name}_key`)
      expect(check).toMatchObject({ tables: [name], severity: 'block' })
      expect(check?.sql).toContain(`group by ${table.key.join(', ')}\n`)
    },
  )

  it.each(checks.map(check => [check.name, check] as const))(
    '%s is called as its file is, lies with its layer, and says what to do',
    (name, { file, tables, advice }) => {
      expect(basename(file)).toBe(`${name}.sql`)
      expect(new Set(tables.map(table => table.split('.')[0]))).toEqual(new Set([basename(dirname(file))]))
      expect(advice).toMatch(/hubdwh|amoCRM|Alaqan|ARM/)
    },
  )
})
