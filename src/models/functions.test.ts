import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { modelFolder } from './definition.js'
import { functionsUnder, readFunctions, tableFunctionsUnder } from './functions.js'
import type { ModelSettings } from './settings.js'

const settings: ModelSettings = {
  timezone: 'Asia/Almaty',
  masks: { iin: 'hash', phone: 'partial', email: 'partial' },
  maskingKey: 'a key that stands in no statement',
  customFields: { bin: ["Б'ИН"], source: [], industry: [], phone: ['PHONE'], email: ['EMAIL'] },
  eventsFrom: '2024-01-01',
  measures: [{ column: 'Выручка "нетто"', aggregate: 'sum' }],
  residentStatuses: ['Резидент'],
}

describe('what a model rests on', async () => {
  const functions = await readFunctions(modelFolder, 'duckdb', settings)
  const under = (sql: string) => functionsUnder(sql, functions).join('\n')

  it('is the functions that it calls, through others too', () => {
    expect(under('select masked_phone(phone, hash)')).toContain('macro setting_privacy_phone()')
    expect(under('select masked_phone(phone, hash)')).toContain('macro phone_partly_shown(')
  })

  it('is nothing that it does not call', () => {
    expect(under('select masked_phone(phone, hash)')).not.toContain('macro email_of(')
    expect(under('select max(price)')).toBe('')
  })

  it('is the measures of the configuration, defined once the tables are there', () => {
    const sql = 'select * from measures_by_company() as measures'
    expect(under(sql)).toContain('as decimal(20, 2)) as "Выручка ""нетто""" from')
    expect(tableFunctionsUnder(sql, functions)).toContain(
      'create or replace temp macro measures_by_company()',
    )
    expect(functions.statements).not.toContain('measures_by_company')
  })

  it('never holds the masking key', () => {
    expect(functions.statements).not.toContain(settings.maskingKey)
  })

  it('takes a setting with a quote in it as a text', () => {
    expect(functions.statements).toContain("setting_bin_fields() as ['б''ин'];")
  })
})

describe('the functions of the engines', async () => {
  /** Name → parameters, of all functions in a file. */
  const headsIn = async (file: string): Promise<ReadonlyMap<string, string>> => {
    const text = await readFile(new URL(`functions/${file}.sql`, modelFolder), 'utf8')
    const heads = [...text.matchAll(/^create or replace temp macro ([a-z_]+)\(([^)]*)\) as\b/gm)]
    expect(heads).toHaveLength(text.split('create or replace').length - 1)
    return new Map(heads.map(([, name = '', parameters = '']) => [name, parameters]))
  }
  const shared = await headsIn('shared')
  const duckdb = await headsIn('duckdb')
  const spark = await headsIn('spark')

  it.each([...duckdb])('have %s(%s) on Spark as on DuckDB', (name, parameters) => {
    expect(spark.get(name)).toBe(parameters)
  })

  it('stand in one place, where they say the same', () => {
    expect([...shared.keys()].filter(name => duckdb.has(name) || spark.has(name))).toEqual([])
  })

  it('are defined after what they rest on', async () => {
    const { statements } = await readFunctions(modelFolder, 'duckdb', settings)
    const at = (name: string) => statements.indexOf(`macro ${name}(`)
    expect(at('bin_of')).toBeGreaterThan(at('has_check_digit'))
    expect(at('masked_visit_record')).toBeGreaterThan(at('visit_as_json'))
    expect(at('visit_as_json')).toBeGreaterThan(-1)
  })
})
