import { describe, expect, it } from 'vitest'
import { bronzeAlaqanVisits } from '../tables/bronze.js'
import { allTables } from '../tables/catalogue.js'
import { silverAlaqanVisits, silverAmocrmLeads } from '../tables/silver.js'
import { createTable, ddlEngines } from './ddl.js'

const lines = (statements: readonly string[]) => statements.join(';\n').split('\n')
const withoutComments = (text: string) => text.replace(/ COMMENT '(?:[^'\\]|\\.|'')*'/g, '')

describe('the CREATE statement', () => {
  it('of the spec, for Spark', () => {
    const [statement = ''] = createTable(bronzeAlaqanVisits, { engine: 'spark' })
    expect(withoutComments(statement).split('\n')).toEqual([
      'CREATE TABLE IF NOT EXISTS iceberg.bronze.alaqan_visits (',
      '  load_date DATE,',
      '  visit_date DATE,',
      '  iin STRING,',
      '  event STRING,',
      '  event_time STRING,',
      '  raw_json STRING,',
      '  loaded_at TIMESTAMP,',
      '  load_id STRING,',
      '  endpoint STRING,',
      '  event_no INT',
      ') USING iceberg',
      'PARTITIONED BY (months(visit_date))',
      "COMMENT 'События СКУД как получены: одна строка на событие — Gate events as received: one row per event'",
      "TBLPROPERTIES ('format-version' = '2')",
    ])
  })

  it('has TIME in DuckDB and Trino, and STRING in Spark, which cannot read it', () => {
    const typeOf = (engine: (typeof ddlEngines)[number]) =>
      lines(createTable(silverAlaqanVisits, { engine })).find(line => line.startsWith('  event_time'))
    expect(typeOf('duckdb')).toBe('  event_time TIME,')
    expect(typeOf('trino')).toContain('event_time TIME(6)')
    expect(typeOf('spark')).toContain('event_time STRING')
  })

  it('has STRING for the time of day where the configuration asks for it', () => {
    expect(lines(createTable(silverAlaqanVisits, { engine: 'duckdb', timeAs: 'string' }))).toContain(
      '  event_time VARCHAR,',
    )
  })

  it('writes arrays and partitions as each engine does', () => {
    const all = (engine: (typeof ddlEngines)[number]) => createTable(silverAmocrmLeads, { engine }).join('\n')
    expect(all('spark')).toMatch(/contact_ids ARRAY<INT>[\s\S]*PARTITIONED BY \(`year`\)/)
    expect(all('trino')).toMatch(/contact_ids ARRAY\(INTEGER\)[\s\S]*partitioning = ARRAY\['year'\]/)
    expect(all('duckdb')).toMatch(/contact_ids INTEGER\[\]/)
    expect(createTable(silverAlaqanVisits, { engine: 'trino' }).join('\n')).toContain(
      "partitioning = ARRAY['month(visit_date)']",
    )
  })

  it.each(ddlEngines)('of %s explains every column in Russian and English', engine => {
    for (const table of allTables) {
      const text = createTable(table, { engine }).join('\n')
      for (const { comment } of table.columns) {
        for (const language of [comment.ru, comment.en]) {
          expect(text.replaceAll("\\'", "'").replaceAll("''", "'")).toContain(language)
        }
      }
    }
  })
})

describe('every table', () => {
  it.each(allTables.map(table => [`${table.schema}.${table.name}`, table] as const))(
    '%s has its key and partitions among its columns, and extra columns last',
    (_, { columns, key, partitionBy, recordKey = [] }) => {
      const names = columns.map(({ name }) => name)
      expect(names).toEqual(expect.arrayContaining([...key, ...partitionBy, ...recordKey]))
      expect(new Set(names).size).toBe(names.length)
    },
  )
})
