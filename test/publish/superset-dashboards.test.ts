/** The dashboards of `superset/` stand on the gold tables as they are defined; a real import is in test/superset/. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { goldTables } from '../../src/tables/gold.js'

const folder = resolve(import.meta.dirname, '../../superset')

function read<T>(kind: string, schema: z.ZodType<T>): readonly T[] {
  return readdirSync(join(folder, kind), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.yaml'))
    .map(name => schema.parse(parse(readFileSync(join(folder, kind, name), 'utf8'), { version: '1.1' })))
}

const named = z.object({ expression: z.string().nullish() })
const datasets = read(
  'datasets',
  z.object({
    uuid: z.string(),
    database_uuid: z.string(),
    table_name: z.string(),
    schema: z.string(),
    sql: z.string().nullable(),
    columns: z.array(named.extend({ column_name: z.string(), is_dttm: z.boolean() })),
    metrics: z.array(named.extend({ metric_name: z.string() })),
  }),
)
const charts = read(
  'charts',
  z.object({
    uuid: z.string(),
    dataset_uuid: z.string(),
    slice_name: z.string(),
    params: z.object({
      metric: z.string().optional(),
      metrics: z.array(z.string()).default([]),
      groupby: z.array(z.string()).default([]),
      x_axis: z.string().optional(),
      timeseries_limit_metric: z.string().nullish(),
    }),
    query_context: z
      .string()
      .transform(text =>
        z.object({ queries: z.array(z.object({ metrics: z.array(z.string()) })) }).parse(JSON.parse(text)),
      ),
  }),
)
const dashboards = read(
  'dashboards',
  z.object({ dashboard_title: z.string(), position: z.record(z.string(), z.unknown()) }),
)
const placed = dashboards.flatMap(({ position }) =>
  Object.values(position).flatMap(item => {
    const read = z.object({ meta: z.object({ uuid: z.string() }) }).safeParse(item)
    return read.success ? [read.data.meta.uuid] : []
  }),
)

describe('the dashboards for Superset', () => {
  it.each(goldTables)('have a dataset of $name with its columns', table => {
    const dataset = datasets.find(({ table_name, sql }) => table_name === table.name && sql === null)
    expect(dataset?.schema).toBe('gold')
    const columns = dataset?.columns.filter(({ expression }) => !expression) ?? []
    expect(columns.map(({ column_name }) => column_name)).toEqual(table.columns.map(({ name }) => name))
    expect(columns.filter(({ is_dttm }) => is_dttm).map(({ column_name }) => column_name)).toEqual(
      table.columns.filter(({ type }) => /^(date|timestamp)/.test(type)).map(({ name }) => name),
    )
  })

  it.each(charts)('show $slice_name by columns and numbers that its dataset has', chart => {
    const dataset = datasets.find(({ uuid }) => uuid === chart.dataset_uuid)
    const columns = dataset?.columns.map(({ column_name }) => column_name)
    const metrics = dataset?.metrics.map(({ metric_name }) => metric_name)
    const { metric, metrics: several, groupby, x_axis, timeseries_limit_metric } = chart.params
    const shown = [...several, ...(metric === undefined ? [] : [metric])]
    expect(columns).toEqual(expect.arrayContaining([...groupby, ...(x_axis === undefined ? [] : [x_axis])]))
    expect(metrics).toEqual(
      expect.arrayContaining([...shown, ...(timeseries_limit_metric ? [timeseries_limit_metric] : [])]),
    )
    expect(shown.length).toBeGreaterThan(0)
    // What Superset warms it up with is the same question.
    expect(chart.query_context.queries[0]?.metrics).toEqual(shown)
  })

  it('show each chart once, and read one database', () => {
    expect([...placed].sort()).toEqual(charts.map(({ uuid }) => uuid).sort())
    expect(new Set(datasets.map(({ database_uuid }) => database_uuid)).size).toBe(1)
  })
})
