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
